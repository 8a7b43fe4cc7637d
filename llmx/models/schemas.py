"""JSON Schema of answers as it is sent, and what providers take of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel


def answer_schema(answer: type[BaseModel]) -> dict[str, Any]:
    """JSON Schema of an answer, as it is sent: strict, without the titles that only repeat the names."""
    schema = answer.model_json_schema()
    parts = schema.get("$defs", {})
    for part in (schema, *parts.values()):
        part.pop("title", None)
        for name, field in part.get("properties", {}).items():
            field.pop("title", None)
            part["properties"][name] = _written_out(field, parts)
    return schema


def _written_out(field: dict[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    """A field whose reference has words of its own beside it, which strict mode refuses, with the words inside."""
    if "$ref" not in field or len(field) == 1:
        return field
    return {
        **parts[field["$ref"].removeprefix("#/$defs/")],
        **{name: one for name, one in field.items() if name != "$ref"},
    }


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a schema may be that a provider holds its model to."""

    properties: int
    """Properties of all objects together."""
    depth: int
    """Objects and lists within each other."""
    characters: int
    """Names of properties and definitions, choices: their characters together."""
    choices: int
    """Choices of all fields together."""
    many_choices: int
    """From so many on, the choices of one field…"""
    their_characters: int
    """… have so many characters together at most."""


STRICT = Limits(properties=5000, depth=10, characters=120_000, choices=1000, many_choices=250, their_characters=15_000)
"""OpenAI's strict mode, as its guide to structured outputs has it (in 2024: 100 properties, 5 levels, 500 choices)."""
LIMITS: Mapping[str, Limits] = {"openai": STRICT, "azure": STRICT}
"""By the name of a provider; what no row names is not known to have limits."""


@dataclass(frozen=True, slots=True)
class _Field:
    path: str
    depth: int
    schema: Mapping[str, Any]


def schema_faults(schema: Mapping[str, Any], limits: Limits = STRICT) -> list[str]:
    """What keeps a schema from being taken, each with the field's name; nothing where it fits.

    Args:
        schema: as `answer_schema` makes it.
        limits: the provider's.
    """
    fields, faults = list(_fields(schema, schema.get("$defs", {}), "", 1, ())), list[str]()
    named = [one for one in fields if "=" in one.path]
    faults += [f"{one.path[1:]}: it holds itself, which strict schemas refuse; nest it once" for one in named]
    fields = [one for one in fields if "=" not in one.path]
    faults += _open_objects(fields, schema)
    if len(fields) > limits.properties:
        faults.append(f"{fields[limits.properties].path}: the {limits.properties + 1:,}th field; leave some out")
    deepest = max(fields, key=lambda one: one.depth, default=None)
    if deepest and deepest.depth > limits.depth:
        faults.append(f"{deepest.path}: {deepest.depth} levels deep, {limits.depth} at most; put its fields further up")
    return [*faults, *_choice_faults(fields, limits), *_name_faults(fields, schema, limits)]


def _fields(
    part: Mapping[str, Any], parts: Mapping[str, Any], path: str, depth: int, within: tuple[str, ...]
) -> Iterator[_Field]:
    """All fields of a schema, with those of its parts where they stand."""
    if name := str(part.get("$ref", "")).removeprefix("#/$defs/"):
        if name in within:
            yield _Field(f"={path}", depth, {})
            return
        yield from _fields(parts.get(name, {}), parts, path, depth, (*within, name))
    for name, field in part.get("properties", {}).items():
        where = f"{path}.{name}" if path else name
        yield _Field(where, depth, field)
        yield from _fields(field, parts, where, depth + 1, within)
    if "items" in part:
        yield from _fields(part["items"], parts, f"{path}[]", depth + 1, within)
    for one in part.get("anyOf", ()):
        yield from _fields(one, parts, path, depth, within)


def _open_objects(fields: list[_Field], schema: Mapping[str, Any]) -> Iterator[str]:
    """Objects that may lack a property, or have another."""
    objects = [("the answer", schema), *((one.path, one.schema) for one in fields), *schema.get("$defs", {}).items()]
    for path, one in objects:
        properties = one.get("properties")
        if one.get("type") != "object" and properties is None:
            continue
        for name in (properties or {}).keys() - set(one.get("required", ())):
            yield f"{path}.{name}: not required, which strict schemas refuse; let it be null instead"
        if one.get("additionalProperties") is not False:
            yield f"{path}: open to further properties, which strict schemas refuse; forbid them"


def _choices(field: Mapping[str, Any]) -> list[str]:
    held = [field, field.get("items", {}), *field.get("anyOf", ())]
    return [str(one) for part in held for one in (part.get("enum") or ([part["const"]] if "const" in part else []))]


def _choice_faults(fields: list[_Field], limits: Limits) -> Iterator[str]:
    count = 0
    for field in fields:
        choices = _choices(field.schema)
        count += len(choices)
        if count > limits.choices:
            yield f"{field.path}: with its {len(choices):,} choices there are {count:,}, {limits.choices:,} at most; ask in words"
            return
        length = sum(map(len, choices))
        if len(choices) > limits.many_choices and length > limits.their_characters:
            yield (
                f"{field.path}: {len(choices):,} choices of {length:,} characters together, "
                f"{limits.their_characters:,} at most; shorten them"
            )


def _name_faults(fields: list[_Field], schema: Mapping[str, Any], limits: Limits) -> Iterator[str]:
    length = sum(map(len, schema.get("$defs", {})))
    for field in fields:
        length += len(field.path.rsplit(".", 1)[-1]) + sum(map(len, _choices(field.schema)))
        if length > limits.characters:
            yield f"{field.path}: names and choices up to here have more than {limits.characters:,} characters; shorten them"
            return
