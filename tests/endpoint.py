"""An OpenAI-compatible endpoint on 127.0.0.1 that answers every question in a plain, repeatable way, or fails as told.

    python tests/endpoint.py [--latency SECONDS] [--sigma S] [--faults] [--seed N]

Its answers claim each marked figure under the words before it: enough to see what was asked and answered, and nothing
that a language model says. Recorded answers of a language model are in cassettes/.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

MARK = re.compile(r"([^\s，。；、\[\]：:]{0,12})\[(\d+)\]")


@dataclass
class Reply:
    """What the endpoint does with a request."""

    status: int = 200
    text: str | None = None
    """The answer's JSON text; the plain answer unless given."""
    finish: str = "stop"
    refusal: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | list[Any] | str | bytes | None = None
    """The whole body, instead of a completion."""
    delay: float = 0.0
    drop: bool = False
    """Break the connection off without an answer."""
    pieces: Sequence[bytes] = ()
    """What is sent instead of all that, head included; then the connection is closed."""
    pace: float = 0.0
    """Seconds before each of the pieces."""


def question_of(body: dict[str, Any]) -> str:
    return str(body["messages"][-1]["content"])


def plain_answer(body: dict[str, Any]) -> str:
    asked = next(m["content"] for m in reversed(body["messages"]) if m["role"] == "user" and "标题：" in m["content"])
    text = asked.split("年份：", 1)[-1]
    figures = [{"n": int(number), "indicator": words or "指标"} for words, number in MARK.findall(text)]
    parts = {"figures": figures, "recognitions": [], "projects": [], "problems": [], "exceptions": []}
    return json.dumps(parts, ensure_ascii=False)


def completion(body: dict[str, Any], reply: Reply) -> dict[str, Any]:
    text = plain_answer(body) if reply.text is None else reply.text
    message: dict[str, Any] = {"role": "assistant", "content": None if reply.refusal else text}
    if reply.refusal:
        message["refusal"] = reply.refusal
    elif body.get("tools"):
        call = {"name": body["tools"][0]["function"]["name"], "arguments": text}
        message |= {"content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": call}]}
    prompt = sum(len(str(m["content"])) for m in body["messages"])
    usage = {"prompt_tokens": prompt, "completion_tokens": len(text), "prompt_tokens_details": {"cached_tokens": 7}}
    choice = {"index": 0, "finish_reason": reply.finish, "message": message}
    return {"id": "1", "object": "chat.completion", "created": 1, "model": body["model"], "choices": [choice]} | {
        "usage": usage
    }


Script = Callable[[dict[str, Any], int], Reply]


class Endpoint:
    """A server in a thread of its own; use it as a context manager.

    Args:
        script: what to do with a request, given its body and how many came before it.
        keep: whether requests are kept to be looked at.
    """

    def __init__(self, script: Script | None = None, keep: bool = True) -> None:
        self.script = script or delayed(0.0, 0.0, 0)
        self.bodies: list[dict[str, Any]] = []
        self.answered: list[str] = []
        """Messages of each request that was answered whole, as JSON."""
        self.keys: set[str] = set()
        self.heads: list[str] = []
        """Request lines and headers as they came."""
        self.at_once = self.most_at_once = self.count = 0
        self.port = 0
        self.keep = keep

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def serve(self) -> None:
        server = await asyncio.start_server(self._connection, "127.0.0.1", self.port, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        async with server:
            await server.serve_forever()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                self.heads.append(head)
                length = int(re.search(r"(?i)content-length: (\d+)", head)[1])
                body = json.loads(await reader.readexactly(length))
                self.keys |= set(re.findall(r"(?i)authorization: bearer (\S+)", head))
                if not await self._answer(body, writer):
                    return
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, body: dict[str, Any], writer: asyncio.StreamWriter) -> bool:
        number = self.count
        self.count += 1
        if self.keep:
            self.bodies.append(body)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            reply = self.script(body, number)
            await asyncio.sleep(reply.delay)
            if reply.drop:
                writer.transport.abort()
                return False
            for piece in reply.pieces:
                await asyncio.sleep(reply.pace)
                writer.write(piece)
                await writer.drain()
            if reply.pieces:
                return False
            content = completion(body, reply) if reply.body is None else reply.body
            text = content if isinstance(content, (str, bytes)) else json.dumps(content, ensure_ascii=False)
            data = text.encode() if isinstance(text, str) else text
            headers = {"content-type": "application/json", "content-length": str(len(data)), **reply.headers}
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            writer.write(f"HTTP/1.1 {reply.status} X\r\n{lines}\r\n".encode() + data)
            await writer.drain()
            if self.keep and reply.status == 200 and reply.body is None:
                self.answered.append(json.dumps(body["messages"], ensure_ascii=False))
            return True
        finally:
            self.at_once -= 1

    def __enter__(self) -> Endpoint:
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._task = self._loop.create_task(self.serve())
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait(10)
        return self

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass
        finally:
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.run_until_complete(asyncio.sleep(0.01))
            self._loop.close()

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(10)


def faulty(
    seed: int, hang: float = 30.0, after: str = "0.05", answer: Callable[[dict[str, Any]], str] = plain_answer
) -> Script:
    """One request in ten limited, one in twenty each: a 500, a reset, a cut answer, no JSON; one in fifty hangs."""
    dice = random.Random(seed)

    def script(body: dict[str, Any], number: int) -> Reply:
        roll = dice.random()
        if roll < 0.10:
            return Reply(status=429, body={"error": {"message": "slow down"}}, headers={"retry-after": after})
        if roll < 0.15:
            return Reply(status=500, body={"error": {"message": "oops"}})
        if roll < 0.20:
            return Reply(drop=True)
        if roll < 0.25:
            text = answer(body)
            return Reply(text=text[: len(text) // 2], finish="length")
        if roll < 0.30:
            return Reply(text="Sorry, here are the records:")
        return Reply(delay=hang) if roll < 0.32 else Reply()

    return script


def delayed(latency: float, sigma: float, seed: int) -> Script:
    """Answers after a delay: always the same, or log-normal with that mean."""
    dice = random.Random(seed)

    def script(body: dict[str, Any], number: int) -> Reply:
        return Reply(delay=latency * dice.lognormvariate(-sigma * sigma / 2, sigma) if sigma else latency)

    return script


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--sigma", type=float, default=0.0)
    parser.add_argument("--faults", action="store_true")
    parser.add_argument("--hang", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    script = faulty(given.seed, given.hang) if given.faults else delayed(given.latency, given.sigma, given.seed)
    endpoint = Endpoint(script, keep=False)

    async def run() -> None:
        endpoint._ready = threading.Event()
        serving = asyncio.create_task(endpoint.serve())
        await asyncio.sleep(0.1)
        print(endpoint.port, flush=True)
        await serving

    asyncio.run(run())


if __name__ == "__main__":
    main()
