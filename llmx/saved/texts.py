"""The texts of a run's reports, read again from their sources.

A run keeps no copy of them: run.json names each source with its SHA-256, which proves that a file found anywhere is
the one that was read, and every record's quote proves its place in it. A copy would stand in every run that is made of
the same reports, one a model and prompt. The page that `llmx view` writes holds the texts and is what to pass on.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cached_property
from os import PathLike, fspath
from pathlib import Path

from llmx.documents import Document, expand, find_inputs, is_collection, read
from llmx.documents.inputs import STANDARD_INPUT, path_of
from llmx.errors import InputError, UnreadableInput
from llmx.outputs import InputSummary


class ChangedInput(InputError):
    """A report's file is there, but not as it was when the run read it."""


class Texts:
    """Finds the text of each report of a run.

    Args:
        run: the run's folder. A run notes its sources as they were named to it, so they are looked for from the
            working folder and then from the folders that the run's stands in.
        reports: a folder, or file, to look into first, where the sources have moved; files in it are known by their
            SHA-256, so that names do not matter.
        column: of a table, the column or element that the run read.
    """

    def __init__(self, run: Path, reports: str | PathLike[str] | None = None, column: str | None = None) -> None:
        self.run = run
        self.column = column
        self.folder = None if reports is None else fspath(reports)

    def find(self, summary: InputSummary) -> Document:
        """Read a report again.

        Args:
            summary: the report, as run.json has it.

        Returns:
            The document, with the text that the run's offsets count in.

        Raises:
            UnreadableInput: the source is not there any more; the message says to give `--reports`.
            ChangedInput: its bytes, or what is read from them, are not what they were.
        """
        path = self._path(summary)
        document = self._inside(path, summary) if is_collection(path) else read(path, id=summary.report)
        if document.sha256 != summary.sha256:
            raise ChangedInput(f"{path}: {self._advice('the file has changed since the run')}")
        if len(document.text) != summary.characters:
            raise ChangedInput(
                f"{path}: {len(document.text)} characters are read from it now, {summary.characters} when the run was "
                "made; run the extraction again with this version"
            )
        return document

    def _path(self, summary: InputSummary) -> Path:
        if moved := self._moved.get(summary.sha256 or ""):
            return moved
        if summary.source in (None, STANDARD_INPUT):
            raise UnreadableInput(f"{summary.report}: {self._advice('it was read from no file')}")
        for base in (Path(), *self.run.resolve().parents):
            for named in _files(summary.source):
                if (path := path_of(str(base / named))).is_file():
                    return path
        raise UnreadableInput(f"{summary.source}: {self._advice('the file is not there any more')}")

    def _inside(self, path: Path, summary: InputSummary) -> Document:
        """The report of an archive or table."""
        for one in expand(path, self.column):
            if isinstance(one, Document) and one.sha256 == summary.sha256:
                return replace(one, id=summary.report)
        raise UnreadableInput(f"{summary.source}: {self._advice('it is not found in there')}")

    def _advice(self, fault: str) -> str:
        if self.folder is None:
            return f"{fault}; give the folder that holds the report as it was read: --reports FOLDER"
        return f"{fault}, and none in {self.folder} is it; give another --reports or run the extraction again"

    @cached_property
    def _moved(self) -> dict[str, Path]:
        """Files of the folder given, by the SHA-256 of their bytes.

        Raises:
            UnreadableInput: there is no such folder.
        """
        if self.folder is None:
            return {}
        found: dict[str, Path] = {}
        for path in find_inputs([self.folder]):
            if isinstance(path, InputError):
                raise path
            found.setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), path)
        return found


def _files(source: str) -> list[str]:
    """The files that a source may stand in: all.zip#2025/report.txt is in all.zip, but a # may be a name's own."""
    parts = source.split("#")
    return [source, *("#".join(parts[:count]) for count in range(1, len(parts)))]
