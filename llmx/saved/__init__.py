"""A run read back: its manifest and records, some of them picked out, and the texts that they were taken from.

Results in memory are taken as a run is, and saved as one.
"""

from llmx.saved.held import HeldRun, Source, save, taken
from llmx.saved.opening import open_run
from llmx.saved.run import SavedRun
from llmx.saved.selection import Selection, listed, years_of
from llmx.saved.summary import summary_of
from llmx.saved.texts import ChangedInput, Texts

__all__ = [
    "ChangedInput",
    "HeldRun",
    "SavedRun",
    "Selection",
    "Source",
    "Texts",
    "listed",
    "open_run",
    "save",
    "summary_of",
    "taken",
    "years_of",
]
