"""What a user would pick instead, side by side in one run, on an endpoint of 127.0.0.1 with a fixed latency.

    pip install -e ".[bench]" && python benchmarks/beside.py [--calls N] [--latency S] [--at-once N] [--growth]

llmx, langextract at its defaults, the openai client with JSON Schema and instructor, each as its own documentation shows it,
read the same reports, each in a process of its own. The endpoint answers each in its own form with an item for every number
of the text. Printed for each, as ratios of this run:

- calls it made and tokens of prompt, schema and answer a report (Qwen's tokenizer where dashscope is installed),
- wall time over the ideal, which is calls × latency / calls at once,
- CPU of the client a call, and peak memory over that of its empty process,
- items lost where the endpoint limits, breaks off, cuts and garbles one call in three (tests/endpoint.py --faults),
- with --growth, the same for ten times and a hundred times the reports: seconds and memory a call over the first.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import llmx

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from endpoint import Endpoint, Reply, delayed, faulty, plain_answer  # noqa: E402 (the server that the tests ask)

TOOLS = ("llmx", "langextract", "openai", "instructor")
SIZE = 2500
"""Characters of a chunk for those that bring no chunking: what llmx asks about at once."""
ASKED = "逐条列出文中的数字：原文、指标、数值、单位。"
PATIENCE = 5.0
"""Seconds that an attempt may take, where a tool lets that be said; one call in fifty of the faulty endpoint hangs."""
_NUMBER = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?![\d.])")


@dataclass(frozen=True)
class Measured:
    """What one tool took of one endpoint."""

    items: int
    seconds: float
    cpu: float
    megabytes: float
    calls: int
    tokens: int


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--calls", type=int, default=300, help="about how many calls each measurement takes")
    parser.add_argument("--latency", type=float, default=0.3, help="seconds until the endpoint answers")
    parser.add_argument("--at-once", type=int, default=10, help="calls at once")
    parser.add_argument("--growth", action="store_true", help="also ten and a hundred times the reports, at no latency")
    parser.add_argument("--tool", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.tool:
        work(*given.tool)
        return
    tools = {name: number for name in TOOLS if (number := installed(name))}
    print(", ".join(f"{name} {number}" for name, number in tools.items()))
    for name in tools:
        beside(name, given.calls, given.latency, given.at_once)
    for name in tools if given.growth else ():
        growth(name, given.calls, given.at_once)


def beside(name: str, calls: int, latency: float, at_once: int) -> None:
    """One line of the table."""
    reports = texts(calls)
    sound = measure(name, reports, delayed(latency, 0.0, 1), at_once)
    broken = measure(name, reports, faulty(1, answer=answer_to), at_once)
    ideal = sound.calls * latency / at_once
    print(
        f"{name}: {sound.calls} calls, {sound.tokens / len(reports):,.0f} tokens a report, wall over ideal "
        f"{sound.seconds / ideal:.2f}, {1000 * sound.cpu / sound.calls:.1f} ms CPU a call, {sound.megabytes:.0f} MB, "
        f"lost under faults {1 - broken.items / sound.items:.1%} of {sound.items} items"
    )


def growth(name: str, calls: int, at_once: int) -> None:
    """How the cost of a call grows with the work."""
    told = []
    first: Measured | None = None
    for times in (1, 10, 100):
        one = measure(name, texts(calls * times), delayed(0.0, 0.0, 1), at_once)
        first = first or one
        slower = (one.seconds / one.calls) / (first.seconds / first.calls)
        told.append(f"×{times}: seconds a call ×{slower:.2f}, memory ×{one.megabytes / max(first.megabytes, 1):.2f}")
    print(f"{name} as the work grows: {'; '.join(told)}")


def texts(calls: int) -> list[str]:
    """Reports of about so many chunks, every sentence its own, so that no cache knows any."""
    originals = [path.read_text("utf-8") for path in sorted((ROOT / "tests" / "reports").glob("*.txt"))]
    found: list[str] = []
    size = 0
    while size < calls * SIZE * 0.6:
        word = "".join(chr(ord("a") + int(digit)) for digit in str(len(found)))
        found.append(originals[len(found) % len(originals)].replace("。", f"（{word}）。"))
        size += len(found[-1])
    return found


def measure(
    name: str, reports: Sequence[str], script: Callable[[dict[str, Any], int], Reply], at_once: int
) -> Measured:
    """Let one tool read reports in a process of its own."""
    tokens: list[int] = []

    def answering(body: dict[str, Any], number: int) -> Reply:
        reply = script(body, number)
        reply.text = answer_to(body) if reply.text is None else reply.text
        if reply.status == 200 and not reply.drop:
            tokens.append(count_tokens(body, reply.text))
        return reply

    with Endpoint(answering, keep=False) as endpoint, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "reports.json"
        file.write_text(json.dumps(reports, ensure_ascii=False), "utf-8")
        command = [sys.executable, __file__, "--tool", name, endpoint.url, str(file), str(at_once)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
        if done.returncode:
            raise SystemExit(f"{name} ended with {done.returncode}: {done.stderr[-2000:]}")
        told = json.loads(done.stdout.splitlines()[-1])
        return Measured(**told, calls=endpoint.count, tokens=sum(tokens))


def answer_to(body: dict[str, Any]) -> str:
    """An answer in the form that was asked for."""
    return plain_answer(body) if "年份：" in str(body["messages"]) else items_of(body)


def items_of(body: dict[str, Any]) -> str:
    """An answer with an item for every number of a question's text, in the form that was asked for."""
    asked = str(body["messages"][-1]["content"])
    extracting = "extractions" in json.dumps(body, ensure_ascii=False)
    text = asked.rpartition("Q: ")[2].rpartition("\nA:")[0] if extracting else asked.rpartition(ASKED)[2]
    quotes = [(text[max(0, one.start() - 6) : one.end()].strip(), one.group()) for one in _NUMBER.finditer(text)]
    if extracting:
        listed = [{"figure": quote, "figure_attributes": {"value": value}} for quote, value in quotes]
        return json.dumps({"extractions": listed}, ensure_ascii=False)
    items = [{"quote": quote, "indicator": quote, "value": value, "unit": ""} for quote, value in quotes]
    return json.dumps({"items": items}, ensure_ascii=False)


def count_tokens(body: dict[str, Any], answer: str) -> int:
    """Tokens of what was sent and answered; about, by bytes, where there is no tokenizer."""
    schema = json.dumps(body.get("response_format") or body.get("tools") or "", ensure_ascii=False)
    words = schema + "".join(str(message["content"]) for message in body["messages"]) + answer
    tokenizer = _tokenizer()
    return len(tokenizer.encode(words)) if tokenizer else round(len(words.encode()) / 4)


@cache
def _tokenizer() -> Any:
    try:
        import dashscope
    except ImportError:
        return None
    return dashscope.get_tokenizer("qwen-turbo")


def installed(name: str) -> str:
    """The version of a tool; empty where it is not installed."""
    with suppress(PackageNotFoundError):
        return llmx.__version__ if name == "llmx" else version(name)
    return ""


def work(name: str, url: str, file: str, at_once: str) -> None:
    """Be one tool: read the reports and print what that took."""
    reports = json.loads(Path(file).read_text("utf-8"))
    before = peak()
    begun, cpu = time.perf_counter(), time.process_time()
    items = globals()[f"with_{name}"](reports, url, int(at_once))
    told = {"items": items, "seconds": time.perf_counter() - begun, "cpu": time.process_time() - cpu}
    print(json.dumps(told | {"megabytes": peak() - before}))


def peak() -> float:
    """The most memory that this process had so far, in MB; getrusage would also tell of the one that began it."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


def with_llmx(reports: Sequence[str], url: str, at_once: int) -> int:
    """`llmx.extract_many`, with its cache and grounding."""
    documents = (llmx.read_text(text, id=str(number)) for number, text in enumerate(reports))
    given = {"base_url": url, "api_key": "k", "concurrency": at_once, "timeout": PATIENCE, "cache": Path("cache")}
    with llmx.Extractor("m", **given) as extractor:
        return sum(
            record.type != "project" and getattr(record, "figure", None) is not None
            for result in extractor.extract_many(documents)
            for record in result.records
        )


def with_langextract(reports: Sequence[str], url: str, at_once: int) -> int:
    """`langextract.extract`, a report at a time, so that a failure costs one."""
    import langextract
    from langextract.providers.openai import OpenAILanguageModel

    # Its client has no bound in time unless the environment of openai sets one; the endpoint hangs for a second.
    model = OpenAILanguageModel("m", api_key="k", base_url=url, max_workers=at_once)
    shown = langextract.data.Extraction("figure", "增长5.2%", attributes={"value": "5.2"})
    examples = [langextract.data.ExampleData(text="地区生产总值增长5.2%。", extractions=[shown])]
    found = 0
    for text in reports:
        try:
            document = langextract.extract(
                text,
                prompt_description=ASKED,
                examples=examples,
                model=model,
                batch_length=at_once,
                max_workers=at_once,
                show_progress=False,
            )
        except Exception as error:  # what a user of it would do to go on with the next report
            print(f"{type(error).__name__}: {error!s:.200}", file=sys.stderr)
            continue
        found += len(document.extractions or ())
    return found


def _pieces(reports: Iterable[str]) -> Iterator[str]:
    """What those ask about that bring no chunking: so many characters, up to a full stop."""
    for text in reports:
        start = 0
        while start < len(text):
            end = text.rfind("。", start, start + SIZE) + 1 or start + SIZE
            yield text[start:end]
            start = max(end, start + 1)


def _schema() -> Any:
    from pydantic import BaseModel

    class Item(BaseModel):
        quote: str
        indicator: str
        value: str
        unit: str

    class Answer(BaseModel):
        items: list[Item]

    return Answer


async def _gathered(ask: Callable[[str], Any], reports: Sequence[str], at_once: int) -> int:
    """All pieces, so many at once; a piece that fails is lost, and the others go on."""
    import asyncio

    left, found = _pieces(reports), 0

    async def worker() -> None:
        nonlocal found
        for piece in left:
            try:
                items = (await ask(piece)).items
            except Exception as error:
                print(f"{type(error).__name__}: {error!s:.200}", file=sys.stderr)
            else:
                found += len(items)

    await asyncio.gather(*(worker() for _ in range(at_once)))
    return found


def with_openai(reports: Sequence[str], url: str, at_once: int) -> int:
    """The openai client with JSON Schema and its own two retries."""
    import asyncio

    import openai

    answer = _schema()
    form = {"type": "json_schema", "json_schema": {"name": "Answer", "schema": answer.model_json_schema()}}

    async def run() -> int:
        async with openai.AsyncOpenAI(api_key="k", base_url=url, timeout=PATIENCE) as client:

            async def ask(piece: str) -> Any:
                asked: list[Any] = [{"role": "user", "content": f"{ASKED}\n{piece}"}]
                said = await client.chat.completions.create(model="m", messages=asked, response_format=form)  # type: ignore[call-overload]
                return answer.model_validate_json(said.choices[0].message.content or "")

            return await _gathered(ask, reports, at_once)

    return asyncio.run(run())


def with_instructor(reports: Sequence[str], url: str, at_once: int) -> int:
    """instructor with JSON Schema and three attempts."""
    import asyncio

    import instructor
    import openai

    answer = _schema()

    async def run() -> int:
        async with openai.AsyncOpenAI(api_key="k", base_url=url, timeout=PATIENCE) as client:
            wrapped = instructor.from_openai(client, mode=instructor.Mode.JSON_SCHEMA)

            async def ask(piece: str) -> Any:
                asked: list[Any] = [{"role": "user", "content": f"{ASKED}\n{piece}"}]
                return await wrapped.chat.completions.create(
                    model="m", messages=asked, response_model=answer, max_retries=3
                )

            return await _gathered(ask, reports, at_once)

    return asyncio.run(run())


if __name__ == "__main__":
    main()
