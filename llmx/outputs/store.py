"""A place for the files of a large run: a folder here, or one behind a URL that fsspec knows.

Object stores cannot rename, so nothing here asks them to: a folder is filled under a name of its own, and one small
object, written whole, says which of them counts.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from functools import cached_property
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from llmx.errors import OutputError, UnreadableInput, UsageError
from llmx.outputs.files import make_folder, whole, writing


def is_url(place: object) -> bool:
    """Whether a place is behind a URL."""
    return isinstance(place, str) and "://" in place


class Store:
    """Files under a root.

    Args:
        root: a folder, or a URL: s3://bucket/run, gs://…, hdfs://…, memory://…, file://…. How a store is reached is said
            where fsspec and the store's own library look for it: environment, configuration.

    Raises:
        UsageError: what reads such URLs is not installed.
        OutputError: the store cannot be reached.
    """

    def __init__(self, root: str | PathLike[str]) -> None:
        self.root = fspath(root)
        self.local: Path | None = None if is_url(self.root) else Path(self.root)
        """The folder, where it is one of this machine."""
        if self.local is None:
            self._fs, self._base = _opened(self.root)
            if "file" in (self._fs.protocol if isinstance(self._fs.protocol, tuple) else (self._fs.protocol,)):
                self.local = Path(self._base)

    @property
    def name(self) -> str:
        """What the root is called."""
        return self.local.resolve().name if self.local else self._base.rstrip("/").rpartition("/")[2]

    def names(self, folder: str) -> list[str]:
        """What is in a folder; nothing where there is none."""
        with self._reached():
            if self.local:
                return sorted(path.name for path in (self.local / folder).glob("*"))
            self._fs.invalidate_cache()
            try:
                found = self._fs.ls(self._at(folder), detail=False)
            except FileNotFoundError:
                return []
            return sorted({str(one).rstrip("/").rpartition("/")[2] for one in found} - {""})

    def read(self, names: Sequence[str]) -> dict[str, bytes]:
        """The bytes of files, by name; those that are not there are left out."""
        with self._reached():
            if self.local:
                return {name: (self.local / name).read_bytes() for name in names if (self.local / name).is_file()}
            found = self._fs.cat([self._at(name) for name in names], on_error="omit") if names else {}
            return {name: found[key] for name in names for key in (self._at(name),) if key in found}

    def put(self, name: str, data: bytes) -> None:
        """Write a file, whole or not at all.

        Raises:
            OutputError: it cannot be written.
        """
        with self._reached():
            if self.local is None:
                self._fs.pipe_file(self._at(name), data)
                return
        make_folder((self.local / name).parent)
        with whole(self.local / name) as path:
            path.write_bytes(data)

    @contextlib.contextmanager
    def filling(self, name: str) -> Iterator[Path]:
        """Give a folder of this machine to be filled; what it holds after the block, also where that raised, is in the
        store under a name.

        Raises:
            OutputError: it cannot be written.
        """
        if self.local:
            folder = self.local / name
            make_folder(folder)
            try:
                yield folder
            finally:
                with contextlib.suppress(OSError):  # it is not empty
                    folder.rmdir()
            return
        with tempfile.TemporaryDirectory(prefix="llmx-") as place:
            try:
                yield Path(place)
            finally:
                with self._reached():
                    for path in sorted(Path(place).iterdir()):
                        self._fs.put_file(str(path), self._at(f"{name}/{path.name}"))

    def path(self, name: str) -> Path:
        """A file as one of this machine; of another one's store a copy, which goes with this object.

        Raises:
            UnreadableInput: it is not there.
        """
        if self.local:
            return self.local / name
        copy = Path(self._copies, name)
        if not copy.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            with self._reached():
                try:
                    self._fs.get_file(self._at(name), str(copy))
                except FileNotFoundError as error:
                    raise UnreadableInput(
                        f"{self.root}/{name}: not there any more; run the extraction again"
                    ) from error
        return copy

    def remove(self, name: str) -> None:
        """Take a file or folder away, with all that is in it."""
        if self.local:
            path = self.local / name
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
            return
        with self._reached(), contextlib.suppress(FileNotFoundError):
            self._fs.rm(self._at(name), recursive=True)

    @cached_property
    def _copies(self) -> str:
        place = tempfile.mkdtemp(prefix="llmx-")
        weakref.finalize(self, shutil.rmtree, place, ignore_errors=True)
        return place

    def _at(self, name: str) -> str:
        return f"{self._base.rstrip('/')}/{name}"

    @contextlib.contextmanager
    def _reached(self) -> Iterator[None]:
        """Turn what a store's library raises into an OutputError."""
        try:
            with writing(self.root) if self.local else contextlib.nullcontext():
                yield
        except (OutputError, UnreadableInput):
            raise
        except Exception as error:  # each library has its own
            raise OutputError(
                f"{self.root}: {type(error).__name__}: {error}; check the address, the credentials and the network"
            ) from error


def _opened(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs

        return url_to_fs(url)  # type: ignore[no-any-return]
    except ImportError as error:
        raise UsageError(f"{url}: {error}; install what reads it: pip install 'llmx-extract[shards]'") from error
    except ValueError as error:
        raise UsageError(f"{url}: {error}; give a folder, or a URL that fsspec knows") from error
    except Exception as error:
        raise OutputError(f"{url}: {type(error).__name__}: {error}; check the address") from error
