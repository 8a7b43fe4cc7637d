"""A run read back: its manifest and records, some of them picked out, and the texts that they were taken from."""

from llmx.saved.run import SavedRun, open_run
from llmx.saved.selection import Selection
from llmx.saved.texts import ChangedInput, Texts

__all__ = ["ChangedInput", "SavedRun", "Selection", "Texts", "open_run"]
