"""LibreOffice, where it is installed: a second way for a file that resists the first."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

_SECONDS = 20.0
"""A report takes two; what takes longer hangs."""
_MEMORY = 4 << 30
"""Bytes that it may ask for; it asks for more than it uses."""
_PROGRAMS = ("soffice", "libreoffice")


def converted(data: bytes, suffix: str) -> bytes | None:
    """A .docx of a file, as LibreOffice makes it.

    Args:
        data: the file's bytes.
        suffix: what files of its kind are called.

    Returns:
        The .docx; None where LibreOffice is not installed, hangs, or cannot read the file either.
    """
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="llmx-") as folder:
        source = Path(folder, f"report{suffix}")
        source.write_bytes(data)
        profile = Path(folder, "profile").as_uri()
        _run([program, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to", "docx",
              "--outdir", folder, str(source)])  # fmt: skip
        made = source.with_suffix(".docx")
        return made.read_bytes() if made.is_file() else None


def _run(command: list[str]) -> None:
    """Run a program and end it, with what it has started, when it takes too long."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True) as process:
        _bound(process.pid)
        try:
            process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()


def _bound(process: int) -> None:
    """Bound its memory, where the system has a call for that."""
    try:
        import resource

        resource.prlimit(process, resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    except (ImportError, AttributeError, OSError):
        return
