"""Questions of a run and the batches that they travel in, on disk: `batch/questions.db` in the run's folder.

A question waits (wanted, in no batch), is under way (in a batch, without an answer), or has an answer. A batch is written
down before its file is sent, its file's id before it is begun, its own id after that; each step is one transaction.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import threading
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from llmx.batch.desk import Limits

FOLDER, _NAME = "batch", "questions.db"
TRIES = 3
"""Batches that a question is put into in vain."""
_CHUNK = 500
"""Answers that are written in one transaction."""
_TABLES = """
CREATE TABLE IF NOT EXISTS questions (
    id TEXT PRIMARY KEY, body BLOB NOT NULL, prompt INTEGER NOT NULL, completion INTEGER NOT NULL,
    wanted INTEGER NOT NULL DEFAULT 1, batch INTEGER, tries INTEGER NOT NULL DEFAULT 0,
    status INTEGER, reply BLOB, told INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS unsent ON questions (wanted) WHERE batch IS NULL AND reply IS NULL;
CREATE INDEX IF NOT EXISTS sent ON questions (batch) WHERE batch IS NOT NULL;
CREATE TABLE IF NOT EXISTS batches (
    number INTEGER PRIMARY KEY, label TEXT NOT NULL, sha256 TEXT NOT NULL, requests INTEGER NOT NULL,
    tokens INTEGER NOT NULL, file TEXT, remote TEXT, status TEXT NOT NULL DEFAULT '', done INTEGER NOT NULL DEFAULT 0,
    ended INTEGER NOT NULL DEFAULT 0, told TEXT NOT NULL DEFAULT '');
"""
_UNSENT = "wanted = 1 AND batch IS NULL AND reply IS NULL"


@dataclass(frozen=True, slots=True)
class Sent:
    """A batch as it is written down."""

    number: int
    label: str
    """What it is known by at the endpoint: the SHA-256 of its file, and a word that no other batch has."""
    sha256: str
    requests: int
    tokens: int
    """Of its prompts, as estimated."""
    file: str | None
    """Its file's id at the endpoint, once that is known."""
    remote: str | None
    """Its own id there, once that is known."""
    status: str
    done: int
    ended: int
    """1 where all that came of it is here, else 0."""
    told: str
    """What should be known of its answers."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is known of a question."""

    id: str
    batch: int | None
    tries: int
    """Batches that brought no answer to it."""
    wanted: bool
    prompt: int
    completion: int
    """Tokens of its prompt and answer: as estimated, or as reported once the ledger has it."""
    status: int
    """The HTTP status of its answer; 0 where there is none."""
    reply: bytes
    told: bool
    """Whether the ledger has its answer."""
    remote: str
    """The id at the endpoint of the batch that brought it."""

    @property
    def waits(self) -> bool:
        """Whether its answer is yet to come."""
        return not self.status and (self.wanted or self.batch is not None)


class Store:
    """The questions and batches of one run; may be used from several threads.

    Args:
        folder: the run's.
        begin: whether a process begins to ask: what waited in an earlier one is asked for anew, or never again.
    """

    def __init__(self, folder: Path, begin: bool = True) -> None:
        self.folder = folder / FOLDER
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(self.folder / _NAME, timeout=30, check_same_thread=False)
        # With a write-ahead log a commit outlives a kill of the process at no cost; `_durably` also a power cut.
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_TABLES)
        if begin:
            with self._written():
                self._db.execute(f"UPDATE questions SET wanted = 0 WHERE {_UNSENT}")

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether a run has questions in batches."""
        return (folder / FOLDER / _NAME).is_file()

    @contextmanager
    def _written(self, durably: bool = False) -> Iterator[None]:
        """One transaction: all of it or nothing."""
        with self._lock:
            if durably:
                self._db.execute("PRAGMA synchronous = FULL")
            with self._db:
                yield
            if durably:
                self._db.execute("PRAGMA synchronous = NORMAL")

    def _one(self, words: str, *values: Any) -> Any:
        with self._lock:
            return self._db.execute(words, values).fetchone()

    def question(self, id: str) -> Question | None:
        """What is known of a question; None where it was never asked."""
        row = self._one(
            "SELECT batch, tries, wanted, prompt, completion, questions.status, reply, questions.told, remote "
            "FROM questions LEFT JOIN batches ON number = batch WHERE id = ?",
            id,
        )
        if row is None:
            return None
        reply = zlib.decompress(row[6]) if row[6] is not None else b""
        return Question(
            id, row[0], row[1], bool(row[2]), row[3], row[4], row[5] or 0, reply, bool(row[7]), row[8] or ""
        )

    def body(self, id: str) -> bytes:
        """What was sent for a question."""
        return zlib.decompress(self._one("SELECT body FROM questions WHERE id = ?", id)[0])

    def add(self, id: str, body: bytes, prompt: int, completion: int) -> None:
        """Ask a question in the next batch."""
        row = (id, zlib.compress(body, 1), prompt, completion)
        with self._written():
            self._db.execute(
                "INSERT INTO questions (id, body, prompt, completion) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                "body = excluded.body, prompt = excluded.prompt, completion = excluded.completion, wanted = 1, "
                "batch = NULL, status = NULL, reply = NULL, told = 0",
                row,
            )

    def failed(self, id: str) -> None:
        """An answer is none; it counts as a try."""
        with self._written():
            self._db.execute(
                "UPDATE questions SET wanted = 0, batch = NULL, status = NULL, reply = NULL, told = 0, tries = tries + 1 "
                "WHERE id = ?",
                (id,),
            )

    def tell(self, id: str, prompt: int | None, completion: int | None) -> None:
        """Note that the ledger has an answer, and what it took."""
        with self._written():
            self._db.execute(
                "UPDATE questions SET told = 1, prompt = coalesce(?, prompt), completion = coalesce(?, completion) "
                "WHERE id = ?",
                (prompt, completion, id),
            )

    def amounts(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Tokens of prompts and answers: those that are paid, and those that are estimated of what is under way."""
        words = "SELECT coalesce(sum(prompt), 0), coalesce(sum(completion), 0) FROM questions WHERE batch IS NOT NULL AND told = ?"
        return self._one(words, 1), self._one(words, 0)

    @property
    def unsent(self) -> int:
        """How many questions wait for a batch."""
        return int(self._one(f"SELECT count(*) FROM questions WHERE {_UNSENT}")[0])

    @property
    def under_way(self) -> int:
        """Tokens of the batches that are begun and not yet ended."""
        return int(self._one("SELECT coalesce(sum(tokens), 0) FROM batches WHERE ended = 0")[0])

    def batches(self, open: bool = False) -> list[Sent]:
        """The batches, or those that are not yet ended, in order."""
        names = ", ".join(field.name for field in fields(Sent))
        with self._lock:
            rows = self._db.execute(f"SELECT {names} FROM batches WHERE ended <= ? ORDER BY number", (not open,))
            return [Sent(*row) for row in rows]

    def path(self, number: int) -> Path:
        """Where the file of a batch's requests stands until it is sent."""
        return self.folder / f"{number:05d}.jsonl"

    def cut(self, limits: Limits, tokens: float) -> Sent | None:
        """Make the next batch of what waits; None where nothing does.

        Args:
            limits: what a batch may hold.
            tokens: how many tokens it may hold; one question always fits.
        """
        with self._lock:
            number = int(self._one("SELECT coalesce(max(number), 0) + 1 FROM batches")[0])
            rows = self._db.execute(f"SELECT rowid, id, body, prompt FROM questions WHERE {_UNSENT} ORDER BY rowid")
            last, count, prompts, sha256 = self._write(number, rows, limits, tokens)
            if not count:
                return None
            label = f"llmx-{sha256}-{secrets.token_hex(4)}"
            with self._written(durably=True):
                self._db.execute(
                    "INSERT INTO batches (number, label, sha256, requests, tokens) VALUES (?, ?, ?, ?, ?)",
                    (number, label, sha256, count, prompts),
                )
                self._db.execute(f"UPDATE questions SET batch = ? WHERE {_UNSENT} AND rowid <= ?", (number, last))
        return Sent(number, label, sha256, count, prompts, None, None, "", 0, 0, "")

    def restore(self, batch: Sent, limits: Limits) -> Path:
        """The file of a batch that is yet to be sent; written anew where it is gone."""
        path = self.path(batch.number)
        if not path.is_file():
            with self._lock:
                rows = self._db.execute(
                    "SELECT rowid, id, body, prompt FROM questions WHERE batch = ? ORDER BY rowid", (batch.number,)
                )
                self._write(batch.number, rows, limits, float("inf"))
        return path

    def _write(
        self, number: int, rows: Iterable[tuple[int, str, bytes, int]], limits: Limits, tokens: float
    ) -> tuple[int, int, int, str]:
        """Write requests into a batch's file as long as they fit: the last row, their number, tokens, and SHA-256."""
        last = count = size = prompts = 0
        digest = hashlib.sha256()
        with open(self.path(number), "wb") as file:
            for row, id, body, prompt in rows:
                head = json.dumps({"custom_id": id, "method": "POST", "url": limits.endpoint})[:-1].encode()
                line = head + b', "body": ' + zlib.decompress(body) + b"}\n"
                full = count >= limits.requests or size + len(line) > limits.bytes or prompts + prompt > tokens
                if count and full:
                    break
                file.write(line)
                digest.update(line)
                last, count, size, prompts = row, count + 1, size + len(line), prompts + prompt
            file.flush()
            os.fsync(file.fileno())
        return last, count, prompts, digest.hexdigest()

    def note(self, number: int, **known: Any) -> None:
        """Write down what is known of a batch."""
        names = ", ".join(f"{name} = ?" for name in known)
        with self._written(durably=True):
            self._db.execute(f"UPDATE batches SET {names} WHERE number = ?", (*known.values(), number))

    def take(self, number: int, answers: Iterable[tuple[str, int, bytes]]) -> Counter[str]:
        """Keep what came for questions: the first good answer of each.

        Args:
            number: the batch.
            answers: the question's id, the HTTP status, and the body.

        Returns:
            How many were kept (`new`), came once more (`twice`), or belong to no question (`unknown`).
        """
        counts: Counter[str] = Counter()
        waiting: list[tuple[str, int, bytes]] = []
        for answer in answers:
            waiting.append(answer)
            if len(waiting) == _CHUNK:
                self._take(number, waiting, counts)
                waiting.clear()
        self._take(number, waiting, counts)
        return counts

    def _take(self, number: int, answers: Iterable[tuple[str, int, bytes]], counts: Counter[str]) -> None:
        with self._written():
            for id, status, body in answers:
                better = "reply IS NULL OR (told = 0 AND status <> 200 AND ? = 200)"
                taken = self._db.execute(
                    f"UPDATE questions SET status = ?, reply = ?, batch = ? WHERE id = ? AND ({better})",
                    (status, zlib.compress(body, 1), number, id, status),
                ).rowcount
                known = taken or self._db.execute("SELECT 1 FROM questions WHERE id = ?", (id,)).fetchone()
                counts["new" if taken else "twice" if known else "unknown"] += 1

    def refuse(self, number: int, faults: Mapping[int, bytes]) -> int:
        """Keep what an endpoint says of lines of a batch's file as the answers to their questions; how many there are."""
        with self._lock:
            rows = self._db.execute("SELECT id FROM questions WHERE batch = ? ORDER BY rowid", (number,)).fetchall()
        named = [(rows[line - 1][0], 400, body) for line, body in faults.items() if 1 <= line <= len(rows)]
        self.take(number, named)
        return len(named)

    def end(self, number: int, status: str, told: str, again: bool, counted: bool) -> int:
        """A batch has ended and all that came of it is here; what it left without an answer is free again.

        Args:
            number: the batch.
            status: how it ended.
            told: what should be known of its answers.
            again: whether what it left goes into the next batch.
            counted: whether that counts as a try.

        Returns:
            How many questions it left.
        """
        with self._written(durably=True):
            left = self._db.execute(
                "UPDATE questions SET batch = NULL, wanted = (? AND tries + ? < ?), tries = tries + ? "
                "WHERE batch = ? AND reply IS NULL",
                (again, counted, TRIES, counted, number),
            ).rowcount
            self._db.execute(
                "UPDATE batches SET ended = 1, status = ?, told = ? WHERE number = ?", (status, told, number)
            )
        return left

    def tries(self, number: int) -> int:
        """How often a question of a batch was in vain before, at most."""
        return int(self._one("SELECT coalesce(max(tries), 0) FROM questions WHERE batch = ?", number)[0])

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def remove(self) -> None:
        """Let go of the file and take it away with all beside it."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)
