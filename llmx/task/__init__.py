"""What is to be extracted: tasks, the kinds of their fields, and how a task is had by name."""

from llmx.task.derived import Example, RecordClaim, RecordReading
from llmx.task.fields import Chosen, Figured, Quoted, Said, Year, columns_of, figured, kinds_of, scored, values_of
from llmx.task.labelling import Anchor, Column, Form, Labelling
from llmx.task.layout import Layout, Listed
from llmx.task.opening import DEFAULT, open_task
from llmx.task.task import Reader, Task

__all__ = [
    "DEFAULT",
    "Anchor",
    "Chosen",
    "Column",
    "Example",
    "Figured",
    "Form",
    "Labelling",
    "Layout",
    "Listed",
    "Quoted",
    "Reader",
    "RecordClaim",
    "RecordReading",
    "Said",
    "Task",
    "Year",
    "columns_of",
    "figured",
    "kinds_of",
    "open_task",
    "scored",
    "values_of",
]
