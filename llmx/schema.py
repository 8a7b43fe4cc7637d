"""JSON Schema of the answer, the reading and each record type, generated from the models.

`schemas/` in the repository, and `llmx/schemas/` in the wheel, hold what this writes; a test fails when they differ.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from llmx.prompting import Answer
from llmx.reading import Reading
from llmx.records import RECORD_TYPES


def json_schemas() -> dict[str, dict[str, Any]]:
    """The schemas by name: what a language model may answer, what a model says of a chunk, and each record type."""
    return {model.__name__.lower(): model.model_json_schema() for model in (Answer, Reading, *RECORD_TYPES.values())}


def write_schemas(folder: Path) -> list[Path]:
    """Write each schema to `folder/NAME.json`, UTF-8, and return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, schema in json_schemas().items():
        path = folder / f"{name}.json"
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        paths.append(path)
    return paths
