"""What is to be extracted: tasks, the kinds of their fields, and how a task is had by name."""

from llmx.task.compared import Compared
from llmx.task.derived import DerivedAsking, Example, RecordClaim, RecordReading
from llmx.task.fields import Chosen, Figured, Quoted, Said, Year, columns_of, figured, kinds_of, scored, values_of
from llmx.task.labelling import Anchor, Column, Form, Labelling
from llmx.task.layout import Layout, Listed
from llmx.task.opening import DEFAULT, open_task
from llmx.task.picking import Pick, folded, holding, span_of
from llmx.task.scoring import Counted, ScoredField, Scoring
from llmx.task.showing import Amount, Shown, choices_of, shown_of
from llmx.task.tabled import Tabled
from llmx.task.task import LANGUAGES, Reader, Task

__all__ = [
    "DEFAULT",
    "LANGUAGES",
    "Amount",
    "Anchor",
    "Chosen",
    "Column",
    "Compared",
    "Counted",
    "DerivedAsking",
    "Example",
    "Figured",
    "Form",
    "Labelling",
    "Layout",
    "Listed",
    "Pick",
    "Quoted",
    "Reader",
    "RecordClaim",
    "RecordReading",
    "Said",
    "ScoredField",
    "Scoring",
    "Shown",
    "Tabled",
    "Task",
    "Year",
    "choices_of",
    "columns_of",
    "figured",
    "folded",
    "holding",
    "kinds_of",
    "open_task",
    "scored",
    "shown_of",
    "span_of",
    "values_of",
]
