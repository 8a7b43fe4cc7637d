"""The ledger of a run's folder: a line for each HTTP request, written the moment that it ends."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from llmx.calls import Call, Totals
from llmx.outputs.files import writing


class Ledger:
    """Appends to ledger.jsonl, so that what was paid stays known however a run ends.

    Args:
        path: the file; made with the first request, and kept from run to run.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.totals = Totals()
        """What this run's calls came to."""
        self._file: TextIO | None = None

    def __call__(self, call: Call) -> None:
        """Count an event; write it down if it is a HTTP request's end."""
        self.totals.add(call)
        if call.kind != "attempt":
            return
        with writing(str(self.path)):
            if self._file is None:
                self._file = open(self.path, "a", encoding="utf-8", newline="\n")  # noqa: SIM115 (closed by close)
            self._file.write(call.model_dump_json(exclude={"kind"}) + "\n")
            self._file.flush()

    def all(self) -> Totals:
        """What all lines of the file come to; a line cut by a kill is passed over."""
        totals = Totals()
        if not self.path.is_file():
            return totals
        with open(self.path, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                try:
                    totals.add(Call.model_validate_json('{"kind":"attempt",' + line.strip()[1:]))
                except ValueError:
                    continue
        return totals

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()
            self._file = None
