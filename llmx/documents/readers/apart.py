"""Libraries that are not Python, or young, read in a process of their own: what hangs or crashes there ends one file."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from importlib import import_module
from time import monotonic
from typing import Any, BinaryIO

from llmx.documents.document import Scanned
from llmx.documents.readers.damage import damaged
from llmx.documents.readers.parsed import Parsed
from llmx.errors import InputError, LlmxError, NoTextInput, UndecodableInput, UnreadableInput, UsageError

_LONGEST = 300.0
"""Seconds that one file may take, however often it is heard of."""
_A_PAGE = 120.0
"""Seconds that recognising the text of a page may take: 4 on a core of its own."""
_MEMORY = 2 << 30
"""Bytes that the process may ask for, where the system lets that be said; one that took a quarter is not used again."""
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from llmx.documents.readers.apart import serve; serve()"
)
_ERRORS = {one.__name__: one for one in (InputError, UnreadableInput, UndecodableInput, NoTextInput, UsageError)}
_heard: Callable[[list[int] | None], object] = str  # replaced in the other process
Told = Callable[[str, int, int], object]
"""Is told of a file that is recognised: what it is called, how many of its pages are done, and of how many."""
told_of_pages: ContextVar[Told | None] = ContextVar("told_of_pages", default=None)
"""Who is told, while this is set."""


def heard(done: int | None = None, of: int = 0) -> None:
    """Say that a file goes on: a page is done.

    Args:
        done: so many of its pages that take long.
        of: how many there are.
    """
    _heard(None if done is None else [done, of])


def allow(memory: int) -> None:
    """Let the other process ask for so many bytes."""
    with suppress(ImportError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))


def parsed_apart(task: str, data: bytes, where: str, seconds: float) -> Parsed:
    """Read a file in another process.

    Args:
        task: the module of this room and the function in it that reads it: `pdf:parse`; what else the function is given
            follows after a colon.
        data: the file's bytes.
        where: what messages call it.
        seconds: how long it may be silent.

    Returns:
        Its text and places, and the lines that were read from pictures.

    Raises:
        LlmxError: the one that it raised; UnreadableInput also where it was silent for too long, or the process died.
    """
    answer, _ = _asked(task, data, where, seconds)
    lines = (Scanned(start, page, tuple(map(tuple, marks))) for start, page, marks in answer["scanned"])
    return Parsed(answer["text"], tuple((at, place) for at, place in answer["places"]), tuple(lines))


def bytes_apart(task: str, data: bytes, where: str, seconds: float) -> bytes:
    """Turn a file into another in another process; arguments and errors as for `parsed_apart`."""
    return _asked(task, data, where, seconds)[1] or b""


def _asked(task: str, data: bytes, where: str, seconds: float) -> tuple[dict[str, Any], bytes | None]:
    worker = _take()
    try:
        answer, payload = worker.ask(task, data, where, seconds)
    except BaseException:
        worker.end()
        raise
    if answer.pop("used"):
        worker.end()
    else:
        _idle.append(worker)
    if "error" in answer:
        raise _ERRORS[answer["error"]](answer["message"])
    return answer, payload


_idle: list[_Worker] = []


def _take() -> _Worker:
    try:
        return _idle.pop()
    except IndexError:
        return _Worker()


class _Worker:
    """The other process, as this one sees it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="llmx-")  # what is left there when it is ended goes, too
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, json.dumps(sys.path)],
            env=os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), self._folder.name),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is the run's to answer, not its readers'
        )
        self._until = self._silent_until = 0.0
        self._done = threading.Event()

    def ask(self, task: str, data: bytes, where: str, seconds: float) -> tuple[dict[str, Any], bytes | None]:
        """Have a task done; see `parsed_apart`."""
        self._done.clear()
        self._until = monotonic() + _LONGEST
        self._silent_until = monotonic() + seconds
        watch = threading.Thread(target=self._watch, daemon=True)
        watch.start()
        try:
            return self._exchange(task, data, where, seconds)
        except (OSError, ValueError) as error:
            late = monotonic() >= min(self._until, self._silent_until)
            why = f"was not read within {seconds:.0f} s" if late else "broke what reads it"
            raise UnreadableInput(f"{where}: {why}; open it, save it anew and give that") from error
        finally:
            self._done.set()
            watch.join()

    def _exchange(self, task: str, data: bytes, where: str, seconds: float) -> tuple[dict[str, Any], bytes | None]:
        into, out = self._process.stdin, self._process.stdout
        assert into is not None
        assert out is not None
        _send(into, {"task": task, "where": where}, data)
        while isinstance(answer := json.loads(out.readline()), list | None):
            self._silent_until = monotonic() + seconds
            if answer:
                self._until = self._silent_until = monotonic() + _A_PAGE
                if told := told_of_pages.get():
                    told(where, *answer)
        size = answer.pop("size")
        return answer, out.read(size) if size is not None else None

    def _watch(self) -> None:
        while (left := min(self._until, self._silent_until) - monotonic()) > 0:
            if self._done.wait(left):
                return
        self._process.kill()

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):  # what could not be sent any more
                    stream.close()
        self._process.wait()
        self._folder.cleanup()


def _send(out: BinaryIO | Any, told: dict[str, Any], payload: bytes | None) -> None:
    size = None if payload is None else len(payload)
    out.write(json.dumps(told | {"size": size}).encode() + b"\n")
    if payload is not None:
        out.write(payload)
    out.flush()


@atexit.register
def _end_all() -> None:
    while _idle:
        _idle.pop().end()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)  # two processes must not talk through one pipe


def serve() -> None:
    """Do tasks until there are no more: what the other process runs."""
    global _heard
    into, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    _bound()

    def tell(pages: list[int] | None) -> None:
        out.write(json.dumps(pages).encode() + b"\n")
        out.flush()

    _heard = tell
    while line := into.readline():
        asked = json.loads(line)
        told, payload = _done(asked["task"], into.read(asked["size"]), asked["where"])
        _send(out, told | {"used": _is_used()}, payload)


def _done(task: str, data: bytes, where: str) -> tuple[dict[str, Any], bytes | None]:
    module, name, *more = task.split(":")
    try:
        with damaged(where, module):
            made = getattr(import_module(f"llmx.documents.readers.{module}"), name)(data, where, *more)
    except LlmxError as error:
        return {"error": type(error).__name__, "message": str(error)}, None
    if isinstance(made, bytes):
        return {}, made
    return {"text": made.text, "places": made.places, "scanned": made.scanned}, None


def _bound() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _is_used() -> bool:
    """Whether so much memory was taken that a fresh process is better."""
    try:
        import resource
    except ImportError:
        return False
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit > resource.getrlimit(resource.RLIMIT_AS)[0] // 4
