"""JSON Schema of a task: its answer, and each of its record types.

`schemas/` in the repository, and `llmx/schemas/` in the wheel, hold those of the government task; a test fails when they
differ.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from llmx.task import Task, open_task


def json_schemas(task: Task | str | None = None) -> dict[str, dict[str, Any]]:
    """The schemas by name: what a language model may answer, and each record type."""
    task = open_task(task)
    models = {"answer": task.asking.answer, **task.types}
    return {name: model.model_json_schema() for name, model in models.items()}


def write_schemas(folder: Path, task: Task | str | None = None) -> list[Path]:
    """Write each schema to `folder/NAME.json`, UTF-8, and return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, schema in json_schemas(task).items():
        path = folder / f"{name}.json"
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        paths.append(path)
    return paths
