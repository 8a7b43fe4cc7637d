"""The errors that llmx raises.

    LlmxError
    ├── InputError             a file or folder that cannot be used
    │   ├── UnreadableInput    missing, no permission, a folder without reports
    │   ├── UndecodableInput   bytes that no known encoding reads; names the offset
    │   └── NoTextInput        empty, or binary
    ├── OutputError            a folder that cannot be written
    ├── ModelError             a model that cannot be had or does not answer
    │   └── UnknownModel       no model of that name
    └── UsageError             options that do not fit together

Each message says what happened, to which value, and what to do next.
"""

from __future__ import annotations


class LlmxError(Exception):
    """Root of all errors that llmx raises on purpose."""


class InputError(LlmxError):
    """An input cannot be used; the rest of a batch goes on."""


class UnreadableInput(InputError):
    """The path does not exist, may not be read, or holds no report."""


class UndecodableInput(InputError):
    """The bytes are in no encoding that llmx reads; the message names the offset of the first bad byte."""


class NoTextInput(InputError):
    """The input is empty or binary."""


class OutputError(LlmxError):
    """The output folder or file cannot be written: read-only, full, or in the way."""


class ModelError(LlmxError):
    """A model cannot be had, or failed for good."""


class UnknownModel(ModelError):
    """No model has that name."""


class UsageError(LlmxError):
    """The options given do not fit together."""
