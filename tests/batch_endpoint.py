"""An endpoint of batches on 127.0.0.1 that behaves as OpenAI documents its own, and fails as told.

https://platform.openai.com/docs/api-reference/batch: POST /files, POST /batches, GET both and their lists, cancel, content.
Live calls go to /chat/completions beside them. Answers are those of tests/endpoint.py.
"""

from __future__ import annotations

import json
import random
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from endpoint import Reply, completion

Asked = Callable[[str, dict[str, Any], int], "tuple[int, Any] | None"]
"""Status and body for a request, given its custom_id, body, and how often that id came before; None: missing."""


def well(id: str, body: dict[str, Any], before: int) -> tuple[int, Any] | None:
    return 200, completion(body, Reply())


@dataclass
class Faults:
    """What goes wrong."""

    answer: Asked = well
    creating: list[str] = field(default_factory=list)
    """What happens to each call of POST /batches in turn: ok, 429, lost (done, and the connection breaks)."""
    uploading: list[str] = field(default_factory=list)
    """The same for POST /files."""
    expiring: set[int] = field(default_factory=set)
    """Numbers of batches, from 1, that expire half-way."""
    twice: int = 0
    """Answers of each batch that come twice."""
    strange: int = 0
    """Answers of each batch to requests that nobody made."""
    faulty_lines: Callable[[int, list[dict[str, Any]]], list[int]] = lambda number, rows: []
    """Lines, from 1, for which a batch fails its validation."""
    tokens: int | None = None
    """Prompt tokens under way that are allowed; a batch beyond fails."""
    looks: int = 1
    """How often a batch says that it is in progress."""


class BatchEndpoint:
    """A server in threads of its own; use it as a context manager."""

    def __init__(self, faults: Faults | None = None) -> None:
        self.faults = faults or Faults()
        self.files: dict[str, tuple[str, bytes]] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.asked: Counter[str] = Counter()
        """How often each custom_id was run and paid."""
        self.live: list[dict[str, Any]] = []
        self.calls: Counter[str] = Counter()
        self.most_under_way = 0
        self.lock = threading.RLock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/v1"

    def __enter__(self) -> BatchEndpoint:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_GET(self) -> None:
                endpoint.handle(self, b"")

            def do_POST(self) -> None:
                length = self.headers.get("content-length")
                endpoint.handle(self, self.rfile.read(int(length)) if length else chunks(self.rfile))

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join(10)
        self.server.server_close()

    def handle(self, request: BaseHTTPRequestHandler, data: bytes) -> None:
        path = urlsplit(request.path)
        with self.lock:
            status, body = self.route(request, path.path.removeprefix("/v1/"), parse_qs(path.query), data)
        if status == 0:
            request.connection.close()
            request.close_connection = True
            return
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        try:
            request.send_response(status)
            request.send_header("content-length", str(len(body)))
            if status == 429:
                request.send_header("retry-after", "0.05")
            request.end_headers()
            request.wfile.write(body)
        except OSError:
            pass

    def route(
        self, request: BaseHTTPRequestHandler, path: str, query: dict[str, list[str]], data: bytes
    ) -> tuple[int, Any]:
        what, _, rest = path.partition("/")
        self.calls[f"{request.command} {what}"] += 1
        if path == "chat/completions":
            body = json.loads(data)
            self.live.append(body)
            return self.faults.answer("live", body, 0) or (500, {"error": {"message": "ill"}})
        if path == "files" and request.command == "POST":
            return self.faulty(self.faults.uploading, lambda: self.upload(request, data))
        if path == "files":
            listed = [{"id": id, "filename": name} for id, (name, _) in reversed(self.files.items())]
            return 200, self.page(listed, query)
        if what == "files":
            id = rest.partition("/")[0]
            return (200, self.files[id][1]) if id in self.files else (404, {"error": {"message": "no such file"}})
        if path == "batches" and request.command == "POST":
            return self.faulty(self.faults.creating, lambda: self.create(json.loads(data)))
        if path == "batches":
            return 200, self.page([self.told(one) for one in reversed(self.batches.values())], query)
        id, _, act = rest.partition("/")
        if id not in self.batches:
            return 404, {"error": {"message": f"No batch found with id '{id}'."}}
        batch = self.batches[id]
        if act == "cancel" and batch["status"] == "in_progress":
            batch["status"] = "cancelling"
            return 200, self.told(batch)
        return 200, self.look(batch)

    def faulty(self, plan: list[str], do: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
        fault = plan.pop(0) if plan else "ok"
        if fault == "429":
            return 429, {"error": {"message": "Rate limit reached", "code": "rate_limit_exceeded"}}
        status, body = do()
        return (0, b"") if fault == "lost" else (status, body)

    def page(self, entries: list[dict[str, Any]], query: dict[str, list[str]]) -> dict[str, Any]:
        size, after = min(int(query["limit"][0]), 20), query.get("after", [""])[0]
        ids = [one["id"] for one in entries]
        begin = ids.index(after) + 1 if after else 0
        return {"object": "list", "data": entries[begin : begin + size], "has_more": begin + size < len(entries)}

    def upload(self, request: BaseHTTPRequestHandler, data: bytes) -> tuple[int, Any]:
        border = re.search(r"boundary=(\S+)", request.headers["content-type"])[1].strip('"').encode()
        fields = {}
        for part in data.split(b"--" + border)[1:-1]:
            head, _, content = part.partition(b"\r\n\r\n")
            name = re.search(rb'name="(\w+)"', head)[1].decode()
            filename = re.search(rb'filename="([^"]+)"', head)
            fields[name] = (filename[1].decode() if filename else "", content[:-2])
        assert fields["purpose"][1] == b"batch"
        id = f"file-{len(self.files) + 1}"
        self.files[id] = fields["file"]
        return 200, {"id": id, "object": "file", "filename": fields["file"][0], "purpose": "batch"}

    def create(self, given: dict[str, Any]) -> tuple[int, Any]:
        assert given["completion_window"] == "24h"
        assert all(len(value) <= 512 for value in given["metadata"].values())
        number = len(self.batches) + 1
        rows = [json.loads(line) for line in self.files[given["input_file_id"]][1].splitlines()]
        ids = [row["custom_id"] for row in rows]
        assert len(set(ids)) == len(ids)
        assert all(len(id) <= 64 for id in ids)
        assert all(row["url"] == given["endpoint"] == "/v1/chat/completions" for row in rows)
        tokens = sum(len(str(row["body"]["messages"])) for row in rows)
        batch = {**given, "id": f"batch_{number}", "object": "batch", "status": "validating", "number": number}
        batch |= {"rows": rows, "tokens": tokens, "looks": self.faults.looks}
        self.batches[batch["id"]] = batch
        under_way = sum(one["tokens"] for one in self.batches.values() if one["status"] in _OPEN)
        faulty = self.faults.faulty_lines(number, rows)
        if self.faults.tokens and under_way > self.faults.tokens:
            words = f"Enqueued token limit reached. Limit: {self.faults.tokens} enqueued tokens."
            self.fail(batch, [{"code": "token_limit_exceeded", "message": words, "line": None}])
        elif faulty:
            self.fail(batch, [{"code": "invalid_request", "message": "bad", "line": line} for line in faulty])
        else:
            self.most_under_way = max(self.most_under_way, under_way)
        return 200, self.told(batch, "validating")

    def fail(self, batch: dict[str, Any], errors: list[dict[str, Any]]) -> None:
        batch |= {"status": "failed", "errors": {"object": "list", "data": errors}}

    def look(self, batch: dict[str, Any]) -> dict[str, Any]:
        if batch["status"] in ("validating", "in_progress") and batch["looks"] > 0:
            batch["looks"] -= 1
            batch["status"] = "in_progress"
        elif batch["status"] in _OPEN:
            self.run(batch)
        return self.told(batch)

    def run(self, batch: dict[str, Any]) -> None:
        """Answer what is answered before the batch ends."""
        number, rows = batch["number"], batch["rows"]
        cancelled, expired = batch["status"] == "cancelling", number in self.faults.expiring
        half = rows[: len(rows) // 2] if cancelled or expired else rows
        good, bad = [], []
        for row in half:
            id = row["custom_id"]
            answer = self.faults.answer(id, row["body"], self.asked[id])
            self.asked[id] += 1
            if answer:
                line = {
                    "id": "r",
                    "custom_id": id,
                    "response": {"status_code": answer[0], "body": answer[1]},
                    "error": None,
                }
                (good if answer[0] == 200 else bad).append(line)
        for row in rows[len(half) :]:
            error = {"code": "batch_expired" if expired else "batch_cancelled", "message": "not executed"}
            bad.append({"id": "r", "custom_id": row["custom_id"], "response": None, "error": error})
        good += good[: self.faults.twice]
        good += [{**good[0], "custom_id": f"nobody-{n}"} for n in range(self.faults.strange) if good]
        random.Random(number).shuffle(good)
        for name, lines in (("output_file_id", good), ("error_file_id", bad)):
            if lines:
                id = f"file-{batch['id']}-{name}"
                self.files[id] = (name, b"".join(json.dumps(line).encode() + b"\n" for line in lines))
                batch[name] = id
        batch["status"] = "expired" if expired else "cancelled" if cancelled else "completed"

    def told(self, batch: dict[str, Any], status: str = "") -> dict[str, Any]:
        counts = {"total": len(batch["rows"]), "completed": 0, "failed": 0}
        left_out = ("rows", "number", "tokens", "looks")
        shown = {name: value for name, value in batch.items() if name not in left_out}
        return {"output_file_id": None, "error_file_id": None, "errors": None, "request_counts": counts, **shown} | (
            {"status": status} if status else {}
        )

    def ids_sent(self) -> Counter[str]:
        """How often each custom_id stands in a batch that was run."""
        return Counter(
            row["custom_id"] for one in self.batches.values() if one["status"] != "failed" for row in one["rows"]
        )


_OPEN = ("validating", "in_progress", "finalizing", "cancelling")


def chunks(file: Any) -> bytes:
    """A body that comes in chunks."""
    found = []
    while size := int(file.readline() or b"0", 16):
        found.append(file.read(size))
        file.readline()
    file.readline()
    return b"".join(found)
