"""A task as a folder of files that a person edits: task.toml, and beside it what it names.

task.toml       name, split, colours; words, or words.zh and words.en; and either of
records.py      record types as classes; one that others inherit from, or whose name begins with _, is none; or
schema.json     record types as JSON Schema: one object, or one a type under "$defs"
prompt.md       the instructions
examples.toml   [[examples]] with text and [[examples.records]]
system.md, chunk.md, second_look.md, json.md    instead of those of prompts/task, where there are any
"""

from __future__ import annotations

import datetime
import importlib.util
import json
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from llmx.errors import TaskError
from llmx.records import Group, Record
from llmx.task.derived import FILES, Example
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
    texts = {name: found for name in (INSTRUCTIONS, *FILES) if (found := _text(folder / name)) is not None}
    try:
        return Task(
            settings.name,
            kinds,
            texts.pop(INSTRUCTIONS, ""),
            [Example(one.text, one.records) for one in examples.examples],
            split=settings.split,
            templates=texts,
            words=settings.words,
            colours=settings.colours,
            source=str(folder),
        )
    except TaskError as error:
        raise TaskError(_in_file(folder, settings.name, str(error))) from None


def _in_file(folder: Path, name: str, message: str) -> str:
    """A fault of a task with the file that it is in, where it does not name one."""
    message = message.removeprefix(f"task {name!r}: ")
    if message.startswith(str(folder)):
        return message
    return f"{folder / EXAMPLES if message.startswith('example ') else folder}: {message}"


def _text(path: Path) -> str | None:
    """A file's text; None where there is none.

    Raises:
        TaskError: it cannot be read.
    """
    try:
        return path.read_text("utf-8-sig") if path.is_file() else None
    except (OSError, UnicodeDecodeError) as error:
        raise TaskError(f"{path}: cannot be read: {error}; save it as UTF-8") from error


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


def load(path: Path) -> ModuleType:
    """A module by its file. It has a name of its own, under which its classes' annotations and pickles are looked up.

    Raises:
        TaskError: it cannot be imported.
    """
    name = _home(path)
    spec = importlib.util.spec_from_file_location(name, path.resolve())
    if spec is None or spec.loader is None:
        raise TaskError(f"{path}: no Python file; give one that ends in .py")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever the user's own code raises
        del sys.modules[name]
        raise TaskError(f"{path}: cannot be imported: {type(error).__name__}: {error}; correct it") from error
    return module


def _classes(path: Path) -> list[type[Record]]:
    """The record types of a module that lies in a folder."""
    module = load(path)
    found = [
        one
        for name, one in vars(module).items()
        if isinstance(one, type)
        and issubclass(one, Record)
        and one.__module__ == module.__name__
        and not name.startswith("_")
    ]
    bases = {base for one in found for base in one.__mro__[1:]}
    found = [one for one in dict.fromkeys(found) if one not in bases]
    if not found:
        raise TaskError(f"{path}: no record type; write a class that is a subclass of llmx.Record")
    return found


def _home(path: Path) -> str:
    """The name of the module that classes of a file are of."""
    return f"_llmx_task_{blake2b(str(path.resolve()).encode(), digest_size=6).hexdigest()}"


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
    parts = schema.get("$defs") or {}
    types = {schema.get("title") or path.parent.name: schema} if "properties" in schema or not parts else parts
    home = _home(path)
    module = sys.modules[home] = ModuleType(home)
    kinds = [_record(str(name), one, _Schema(parts, f"{path}: {name}", home)) for name, one in types.items()]
    vars(module).update({kind.__name__: kind for kind in kinds})
    return kinds


@dataclass(frozen=True)
class _Schema:
    """Where in a schema something stands."""

    parts: Mapping[str, Any]
    """Its "$defs"."""
    path: str
    """For messages: file, type and field."""
    home: str
    """The module that its classes are of."""
    within: tuple[str, ...] = ()
    """The parts that it is in."""

    def at(self, name: str) -> _Schema:
        return replace(self, path=f"{self.path}{name}")

    def fault(self, what: str) -> TaskError:
        return TaskError(f"{self.path}: {what}")

    def read(self, schema: Any) -> tuple[Any, _Schema, bool]:
        """A property with its reference followed, and whether it may be null.

        Raises:
            TaskError: a reference to itself, or to nothing; one of several types.
        """
        if not isinstance(schema, dict):
            raise self.fault("a property is an object with a type")
        if "$ref" in schema:
            return self._followed(schema)
        several = next((schema[name] for name in ("anyOf", "oneOf") if name in schema), None)
        if several is not None:
            rest = [one for one in several if not (isinstance(one, dict) and one.get("type") == "null")]
            if len(rest) != 1:
                raise self.fault("anyOf and oneOf of several types, which strict schemas refuse; choose one")
            found, where, _ = self.read(rest[0])
            own = {name: value for name, value in schema.items() if name not in ("anyOf", "oneOf")}
            return {**found, **own}, where, len(rest) < len(several)
        if "allOf" in schema:
            raise self.fault("allOf is not read; write the property out")
        return schema, self, False

    def _followed(self, schema: dict[str, Any]) -> tuple[Any, _Schema, bool]:
        name = str(schema["$ref"]).removeprefix("#/$defs/")
        if name not in self.parts:
            raise self.fault(f"$ref {schema['$ref']!r} leads nowhere; write the property out, or put it under $defs")
        if name in self.within:
            raise self.fault(f"{name} holds itself, which no schema of an answer can; nest it once")
        found, where, optional = replace(self, within=(*self.within, name)).read(self.parts[name])
        return {**found, **{key: value for key, value in schema.items() if key != "$ref"}}, where, optional


def _record(name: str, schema: Any, where: _Schema) -> type[Record]:
    fields = _properties(schema, replace(where, within=(name,)))
    if not name.isidentifier():
        raise where.fault("no name for a type; use letters, digits and _")
    return create_model(name, __base__=Record, __module__=where.home, __doc__=schema.get("description", ""), **fields)


def _properties(schema: Any, where: _Schema) -> dict[str, Any]:
    """The fields of an object's properties."""
    properties = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(properties, dict) or not properties:
        raise where.fault("no properties; list the fields there")
    required = schema.get("required", list(properties))
    if strange := [name for name in required if name not in properties]:
        raise where.fault(f"required names {strange[0]!r}, which is no property")
    return {
        name: _property(name, one, name in required, where.at(f".{name}"))
        for name, one in properties.items()
        if name != "quote"
    }


def _property(name: str, given: Any, required: bool, where: _Schema) -> tuple[Any, Any]:
    if not name.isidentifier() or name.startswith("_") or name in Record.model_fields or hasattr(Record, name):
        raise where.fault(
            f"no name for a field; use letters, digits and _, and none of {', '.join(Record.model_fields)}"
        )
    schema, place, nullable = where.read(given)
    kind, optional = _kind(schema, place)
    optional = optional or nullable or not required
    default: Any = None if optional else ...
    said = schema.get("description")
    if units := schema.get("x-units"):
        made = figured(default, units=units, description=said)
    elif "x-scored" in schema:
        made = scored(schema["x-scored"], default, description=said)
    else:
        made = Field(default, description=said)
    return (kind | None if optional else kind), made


def _kind(schema: Any, where: _Schema) -> tuple[Any, bool]:
    """The kind of field that a property is, and whether it may be null.

    Raises:
        TaskError: it is none: one of several types, an open object.
    """
    named = schema.get("type")
    optional = isinstance(named, list) and "null" in named
    types = [one for one in (named if isinstance(named, list) else [named]) if one != "null"]
    if len(types) > 1:
        raise where.fault(f"several types {types}, which strict schemas refuse; choose one")
    if says := schema.get("x-llmx"):
        if says not in _KINDS:
            raise where.fault(f"x-llmx {says!r}; there are {', '.join(_KINDS)}")
        return _KINDS[says], optional
    if choices := (schema.get("enum") or ([schema["const"]] if "const" in schema else None)):
        return Literal[tuple(one for one in choices if one is not None)], optional or None in choices
    if types == ["array"]:
        item, place, _ = where.at("[]").read(schema.get("items"))
        return list[_kind(item, place)[0]], optional  # type: ignore[misc]
    if types == ["object"]:
        return _group(schema, where), optional
    if types and types[0] in _TYPES:
        return (datetime.date if schema.get("format") == "date" else _TYPES[types[0]]), optional
    raise where.fault(
        f"type {types[0] if types else None!r} is no kind of field; a number is a figure of the text: "
        '"x-llmx": "figure", or "year"'
    )


def _group(schema: Any, where: _Schema) -> type[Group]:
    """A nested object as a class, named after the field's way: PenaltyAmount."""
    way = where.path.rsplit(": ", 1)[-1].replace("[]", "").split(".")
    name = "".join(part[:1].upper() + part[1:] for part in way)
    said = schema.get("description", "")
    made = create_model(name, __base__=Group, __module__=where.home, __doc__=said, **_properties(schema, where))
    vars(sys.modules[where.home])[name] = made
    return made
