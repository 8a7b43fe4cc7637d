"""A task as a folder of files that a person edits: task.toml, and beside it what it names.

    task.toml       name, split, colours; words, or words.zh and words.en; and either of
    records.py      record types as classes, a module:NAME in Python, or
    schema.json     record types as JSON Schema: one object a type under "$defs", or one alone
    prompt.md       the instructions
    examples.toml   [[examples]] with text and [[examples.records]]
"""

from __future__ import annotations

import datetime
import importlib.util
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from llmx.errors import TaskError
from llmx.records import Group, Record
from llmx.task.derived import Example
from llmx.task.fields import Figured, Quoted, Year, figured, scored
from llmx.task.task import Split, Task

ModelT = TypeVar("ModelT", bound=BaseModel)
TASK = "task.toml"
RECORDS, SCHEMA, INSTRUCTIONS, EXAMPLES = "records.py", "schema.json", "prompt.md", "examples.toml"


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[\w-]{1,60}$")
    split: Split = "headings"
    words: dict[str, str] | dict[str, dict[str, str]] = {}
    colours: dict[str, str] = {}


class _Example(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str
    records: list[dict[str, Any]] = []


class _Examples(BaseModel):
    model_config = ConfigDict(extra="forbid")

    examples: list[_Example] = []


def read_task(folder: Path) -> Task:
    """The task of a folder.

    Raises:
        TaskError: a file is missing or contradicts itself; the message names file and field.
    """
    settings = _checked(_Settings, folder / TASK)
    examples = _checked(_Examples, folder / EXAMPLES) if (folder / EXAMPLES).is_file() else _Examples()
    if (folder / RECORDS).is_file():
        kinds = _classes(folder / RECORDS)
    elif (folder / SCHEMA).is_file():
        kinds = _of_schema(folder / SCHEMA)
    else:
        raise TaskError(f"{folder}: neither {RECORDS} nor {SCHEMA}; write the record types in one of them")
    instructions = folder / INSTRUCTIONS
    try:
        return Task(
            settings.name,
            kinds,
            instructions.read_text("utf-8") if instructions.is_file() else "",
            [Example(one.text, one.records) for one in examples.examples],
            split=settings.split,
            words=settings.words,
            colours=settings.colours,
            source=str(folder),
        )
    except TaskError as error:
        raise TaskError(f"{folder}: {error}") from None


def _checked(model: type[ModelT], path: Path) -> ModelT:
    try:
        return model.model_validate(tomllib.loads(path.read_text("utf-8-sig")))
    except OSError as error:
        raise TaskError(f"{path}: cannot be read: {error.strerror}; a task needs it") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TaskError(f"{path}: no TOML: {error}; correct it") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise TaskError(f"{path}: {where}: {first['msg']}; got {first['input']!r:.80}") from error


def _classes(path: Path) -> list[type[Record]]:
    """The record types of a module that lies in a folder."""
    spec = importlib.util.spec_from_file_location(f"_llmx_task_{path.parent.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever the user's own code raises
        raise TaskError(f"{path}: cannot be imported: {type(error).__name__}: {error}; correct it") from error
    found = [
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Record) and one.__module__ == module.__name__
    ]
    if not found:
        raise TaskError(f"{path}: no record type; write a class that is a subclass of llmx.Record")
    return found


_KINDS: Mapping[str, Any] = {
    "figure": Figured,
    "quote": Quoted,
    "year": Year,
    "date": datetime.date,
}
"""What "x-llmx" of a property may say: its kind, where its JSON type does not tell."""
_TYPES: Mapping[str, Any] = {"string": str, "boolean": bool}


def _of_schema(path: Path) -> list[type[Record]]:
    """Record types from a JSON Schema."""
    try:
        schema = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise TaskError(f"{path}: no JSON: {error}; correct it") from error
    if not isinstance(schema, dict):
        raise TaskError(f"{path}: a schema is an object; give one with properties, or several under $defs")
    types = schema.get("$defs") or {schema.get("title") or path.parent.name: schema}
    return [_record(str(name), one, f"{path}: {name}") for name, one in types.items()]


def _record(name: str, schema: Any, where: str) -> type[Record]:
    fields = _properties(schema, where)
    if not name.isidentifier():
        raise TaskError(f"{where}: no name for a type; use letters, digits and _")
    return create_model(name, __base__=Record, __doc__=schema.get("description", ""), **fields)


def _properties(schema: Any, where: str) -> dict[str, Any]:
    """The fields of an object's properties."""
    properties = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(properties, dict) or not properties:
        raise TaskError(f"{where}: no properties; list the fields there")
    required = schema.get("required", list(properties))
    if strange := [name for name in required if name not in properties]:
        raise TaskError(f"{where}: required names {strange[0]!r}, which is no property")
    return {
        name: _property(name, one, name in required, f"{where}.{name}")
        for name, one in properties.items()
        if name != "quote"
    }


def _property(name: str, schema: Any, required: bool, where: str) -> tuple[Any, Any]:
    if not name.isidentifier() or name.startswith("_") or name in Record.model_fields:
        raise TaskError(f"{where}: no name for a field; every record has {', '.join(Record.model_fields)} already")
    kind, optional = _kind(schema, where)
    optional = optional or not required
    default: Any = None if optional else ...
    if units := schema.get("x-units"):
        made = figured(default, units=units)
    else:
        made = scored(schema["x-scored"], default) if "x-scored" in schema else Field(default)
    made.description = schema.get("description")
    return (kind | None if optional else kind), made


def _kind(schema: Any, where: str) -> tuple[Any, bool]:
    """The kind of field that a property is, and whether it may be null.

    Raises:
        TaskError: it is none: a reference (which may be to itself), one of several types, an open object.
    """
    if not isinstance(schema, dict):
        raise TaskError(f"{where}: a property is an object with a type")
    if "$ref" in schema or any(name in schema for name in ("anyOf", "oneOf", "allOf")):
        raise TaskError(f"{where}: $ref, anyOf, oneOf and allOf are not read; write the property out")
    named = schema.get("type")
    optional = isinstance(named, list) and "null" in named
    types = [one for one in (named if isinstance(named, list) else [named]) if one != "null"]
    if len(types) > 1:
        raise TaskError(f"{where}: several types {types}, which strict schemas refuse; choose one")
    if says := schema.get("x-llmx"):
        if says not in _KINDS:
            raise TaskError(f"{where}: x-llmx {says!r}; there are {', '.join(_KINDS)}")
        return _KINDS[says], optional
    if choices := schema.get("enum"):
        return Literal[tuple(one for one in choices if one is not None)], optional or None in choices
    if types == ["array"]:
        inner, _ = _kind(schema.get("items"), f"{where}[]")
        return list[inner], optional  # type: ignore[valid-type]
    if types == ["object"]:
        made = create_model(where.rsplit(".", 1)[-1].title(), __base__=Group, **_properties(schema, where))
        return made, optional
    if types and types[0] in _TYPES:
        return (datetime.date if schema.get("format") == "date" else _TYPES[types[0]]), optional
    raise TaskError(
        f"{where}: type {types[0] if types else None!r} is no kind of field; a number is a figure of the text: "
        '"x-llmx": "figure", or "year"'
    )
