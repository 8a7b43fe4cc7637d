"""A small task to start from, as files: they run at once and pass their own test."""

from __future__ import annotations

from pathlib import Path

from llmx.errors import OutputError, TaskError
from llmx.task.folder import EXAMPLES, INSTRUCTIONS, RECORDS, SCHEMA, TASK

_TASK = """\
# A task of llmx: what is extracted from which documents. Check it with: llmx check --task {folder}
name = "{name}"

# How a document is cut into sections: by its headings, by page, or whole.
split = "headings"

# What the page of `llmx view` calls types and fields, and their colours.
[words]
penalty = "Penalty"

[colours]
penalty = "#b3261e"
"""
_RECORDS = '''\
"""What is extracted. The docstrings are the descriptions that a language model is given."""

from typing import Literal

from llmx import Chosen, Figured, Quoted, Record, Said, figured


class Penalty(Record):
    """A penalty that was imposed on someone; a threatened one is none."""

    party: Quoted
    """Who was penalised, as the text names it."""
    fine: Figured | None = figured(None)
    """How much is to be paid."""
    ground: Chosen[Literal["environment", "safety", "tax", "other"]]
    """What the penalty is for."""
    law: Said | None = None
    """The law or rule that was broken."""
'''
_SCHEMA = """\
{
  "title": "Penalty",
  "description": "A penalty that was imposed on someone; a threatened one is none.",
  "type": "object",
  "properties": {
    "party": {
      "type": "string",
      "x-llmx": "quote",
      "description": "Who was penalised, as the text names it."
    },
    "fine": {
      "type": "string",
      "x-llmx": "figure",
      "description": "How much is to be paid."
    },
    "ground": {
      "enum": ["environment", "safety", "tax", "other"],
      "description": "What the penalty is for."
    },
    "law": {
      "type": "string",
      "description": "The law or rule that was broken."
    }
  },
  "required": ["party", "ground"]
}
"""
_INSTRUCTIONS = """\
Penalties that an authority has imposed, one record for each party that was penalised.

No record: warnings without a penalty, penalties that are only possible, fines of other years that are told as history.
"""
_EXAMPLES = """\
# Texts with all records that are to be found in them. Values are copied from the text: quotes word for word, figures as
# they stand there. Short, invented texts teach a model as well as long ones.

[[examples]]
text = '''
On 3 March the Harbour Authority fined Northgate Shipping 25,000 dollars for pumping oily water into the bay, in breach of
the Clean Water Act. Its competitor Eastline was warned.
'''

[[examples.records]]
quote = "the Harbour Authority fined Northgate Shipping 25,000 dollars for pumping oily water into the bay"
party = "Northgate Shipping"
fine = "25,000 dollars"
ground = "environment"
law = "Clean Water Act"

[[examples]]
text = '''
No penalties were imposed in the fourth quarter; 12 inspections found no fault.
'''
records = []
"""
_TEST = '''\
"""Tests of the task beside this file; run them with: pytest {folder}"""

from pathlib import Path

import llmx

TASK = Path(__file__).parent


def test_the_task_is_sound() -> None:
    assert not llmx.check_task(TASK).faults


def test_each_example_gives_its_records_with_their_places() -> None:
    for example in llmx.check_task(TASK).examples:
        for record in example.records:
            assert example.document.text[record.start : record.end] == record.quote
'''


def write_task(folder: Path, schema: bool = False) -> list[Path]:
    """Write a small task.

    Args:
        folder: a new folder, or an empty one; its name is the task's.
        schema: whether record types are written as JSON Schema instead of Python classes.

    Returns:
        The files written.

    Raises:
        TaskError: the folder holds something, or its name is none for a task.
        OutputError: it cannot be written.
    """
    name = folder.resolve().name.replace(" ", "-")
    if not name.replace("-", "_").isidentifier() or len(name) > 60:
        raise TaskError(f"{folder}: {name!r} is no name for a task; use letters, digits, - and _, at most 60")
    kinds = (SCHEMA, _SCHEMA) if schema else (RECORDS, _RECORDS)
    files = {
        TASK: _TASK.format(name=name, folder=folder.as_posix()),
        kinds[0]: kinds[1],
        INSTRUCTIONS: _INSTRUCTIONS,
        EXAMPLES: _EXAMPLES,
        f"test_{name.replace('-', '_')}.py": _TEST.replace("{folder}", folder.as_posix()),
    }
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise TaskError(f"{folder}: it is there already, and nothing is overwritten; name a new folder")
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            (folder / file).write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}; name another folder") from error
    return [folder / file for file in files]
