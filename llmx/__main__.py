"""`python -m llmx` is the command line."""

from llmx.cli import main

main()
