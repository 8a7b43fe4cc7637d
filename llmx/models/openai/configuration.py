"""Which llmx.toml files count, and how far each is trusted.

The working folder may be a folder of somebody else's reports. Its llmx.toml may set prices and how a model is asked, but
where keys and reports are sent is the user's to say: with `--config`, in the user's own file, or by trusting the folder.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from llmx.errors import UsageError

NAME = "llmx.toml"


@dataclass(frozen=True, slots=True)
class Source:
    """A configuration file as it was read."""

    path: Path
    tables: Mapping[str, Any]
    trusted: bool
    """Whether it may say where keys and reports are sent."""


def own_file() -> Path:
    """The user's own configuration file."""
    return Path(platformdirs.user_config_dir("llmx")) / NAME


def read_sources(named: Path | None) -> list[Source]:
    """The configuration files that count, the weakest first: the user's own and the working folder's, or the one named.

    Raises:
        UsageError: one cannot be read, or the one named does not exist.
    """
    if named:
        if not named.is_file():
            raise UsageError(f"{named}: no such configuration file")
        return [Source(named, _read(named), trusted=True)]
    own, here = own_file(), Path(NAME)
    found = [Source(own, _read(own), trusted=True)] if own.is_file() else []
    if here.is_file() and here.resolve() != own.resolve():
        folders = found[0].tables.get("trusted", []) if found else []
        found.append(Source(here, _read(here), trusted=_is_trusted(here, folders)))
    return found


def named_file(table: str, named: Path | None = None) -> Path | None:
    """The file that a table of the configuration names, seen from where that stands: [indicators] file = "mine.toml".

    Args:
        table: the table's name.
        named: a configuration file, instead of those that count otherwise.

    Raises:
        UsageError: a configuration cannot be read, or the table is of another form.
    """
    found = None
    for source in read_sources(named):
        if (given := source.tables.get(table)) is not None:
            if not (isinstance(given, dict) and list(given) == ["file"] and isinstance(given["file"], str)):
                raise UsageError(f'{source.path}: [{table}] is {given!r:.200}; write [{table}] with file = "FILE.toml"')
            found = source.path.parent / Path(given["file"]).expanduser()
    return found


def _is_trusted(file: Path, folders: object) -> bool:
    """Whether a file's very folder is listed; a folder below a listed one may hold anybody's files."""
    listed = [Path(one).expanduser() for one in folders if isinstance(one, str)] if isinstance(folders, list) else []
    return file.resolve().parent in [folder.resolve() for folder in listed]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}; correct it or remove it") from error


def not_agreed(source: Source, provider: str, fields: list[str]) -> UsageError:
    """The error of a file that says where keys go and is not trusted to."""
    return UsageError(
        f"{source.path} of the working folder gives {' and '.join(fields)} of {provider!r}, which decides where your key "
        f"and your reports are sent, and is not used unless you agree: name it with --config {source.path}, or list the "
        f'folder in {own_file()}: trusted = ["{source.path.resolve().parent}"]'
    )
