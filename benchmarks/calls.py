"""What asking a language model costs the client, side by side in one run, against an endpoint on 127.0.0.1.

    python benchmarks/calls.py [--calls N]

Prints, as ratios of this one run:
- wall time over the ideal (calls × latency / concurrency) at 300 ms and concurrency 10, with a constant and with a
  log-normal delay: llmx with cache, grounding and writing; the openai client alone; instructor alone,
- the client's CPU time a call at concurrency 64, over that of the openai client alone,
- chunks a second of a second run, all of it from the cache,
- peak memory of 100,000 chunks over that of 2,000 (with --memory; takes minutes).
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import instructor
import openai

import llmx
import llmx.outputs
from llmx.models.openai import LanguageModel
from llmx.pipeline import plan
from llmx.processes import collect_seldom
from llmx.prompting import Message, first_question

ROOT = Path(__file__).parent.parent
REPORTS = sorted((ROOT / "tests" / "reports").glob("*.txt"))

MEMORY = """
import resource, sys, llmx
from pathlib import Path
from llmx.processes import collect_seldom
collect_seldom()
text, url, count = Path(sys.argv[1]).read_text("utf-8")[500:1500].replace("\\n", ""), sys.argv[2], int(sys.argv[3])
documents = (llmx.read_text(f"{n}：{text}", id=str(n)) for n in range(count))  # one chunk each
asked = []
hooks = [lambda call: asked.append(None) if call.kind == "attempt" else None]
with llmx.Extractor("m", base_url=url, api_key="k", cache=None, hooks=hooks) as extractor:
    assert all(result.records for result in extractor.extract_many(documents))
print(len(asked), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--calls", type=int, default=180, help="calls of each measurement")
    parser.add_argument("--memory", action="store_true", help="also 100,000 chunks")
    given = parser.parse_args()
    for sigma in (0.0, 0.7):
        pace(given.calls, 0.3, sigma, 10)
    work(3 * given.calls, 64)
    warm(given.calls)
    if given.memory:
        memory()


@contextmanager
def endpoint(*options: str) -> Iterator[str]:
    """An endpoint in a process of its own; yields its base URL."""
    command = [sys.executable, str(ROOT / "tests" / "endpoint.py"), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1" if process.stdout else ""
        finally:
            process.kill()


def documents(calls: int, tag: str) -> list[llmx.Document]:
    """Reports that make about so many chunks, every sentence of them its own, so that no cache knows any."""
    texts = [path.read_text("utf-8") for path in REPORTS]
    found: list[llmx.Document] = []
    while len(found) * 15 < calls:
        number = len(found)
        word = tag + "".join(chr(ord("a") + int(digit)) for digit in str(number))  # in letters: no new figures
        found.append(llmx.read_text(texts[number % len(texts)].replace("。", f"（{word}）。"), id=f"{tag}-{number}"))
    return found


def questions(calls: int) -> list[list[Message]]:
    """The messages that llmx sends."""
    model = LanguageModel("m", base_url="http://127.0.0.1:9/v1", api_key="k", cache=None)
    chunks = [chunk for document in documents(calls, "plain") for chunk in plan(document, model).chunks]
    return [first_question(model.asking, chunk).messages for chunk in chunks][:calls]


async def gathered(call: Callable[[list[Message]], Awaitable[object]], asked: list[list[Message]], most: int) -> None:
    """All calls, so many at once, without a barrier."""
    left = iter(asked)

    async def worker() -> None:
        for messages in left:
            await call(messages)

    await asyncio.gather(*(worker() for _ in range(most)))


def plain(url: str, library: str, asked: list[list[Message]], most: int) -> tuple[float, float]:
    """Wall and CPU seconds of a library alone."""

    async def run() -> tuple[float, float]:
        async with openai.AsyncOpenAI(api_key="k", base_url=url, max_retries=0) as client:
            return await timed(client)

    async def timed(client: openai.AsyncOpenAI) -> tuple[float, float]:
        wrapped = instructor.from_openai(client, mode=instructor.Mode.JSON_SCHEMA)
        answer = llmx.open_task().asking.answer
        schema = {"name": "Answer", "schema": answer.model_json_schema(), "strict": True}
        form = {"type": "json_schema", "json_schema": schema}

        async def bare(messages: list[Message]) -> object:
            return await client.chat.completions.create(model="m", messages=messages, response_format=form)

        async def instructed(messages: list[Message]) -> object:
            return await wrapped.chat.completions.create(
                model="m", messages=messages, response_model=answer, max_retries=1
            )

        call = bare if library == "openai" else instructed
        await gathered(call, asked[:most], most)
        wall, cpu = time.perf_counter(), time.process_time()
        await gathered(call, asked, most)
        return time.perf_counter() - wall, time.process_time() - cpu

    return asyncio.run(run())


def ours(url: str, calls: int, most: int, folder: Path) -> tuple[float, float, int]:
    """Wall and CPU seconds and calls of llmx with cache, grounding and writing, once its limit has grown."""
    first, then = documents(3 * most, "first"), documents(calls, "then")
    sent: list[str] = []
    options = {"base_url": url, "api_key": "k", "concurrency": most, "cache": folder / "cache"}
    hooks = [lambda call: sent.append(call.key) if call.kind == "attempt" else None]
    with llmx.Extractor("m", **options, hooks=hooks) as extractor, llmx.outputs.RunFolder(folder / "run") as sink:
        for result in extractor.extract_many(first):
            sink.add(result.records)
        sent.clear()
        wall, cpu = time.perf_counter(), time.process_time()
        for result in extractor.extract_many(then):
            sink.add(result.records)
        return time.perf_counter() - wall, time.process_time() - cpu, len(sent)


def pace(calls: int, latency: float, sigma: float, most: int) -> None:
    """Wall time over the ideal."""
    asked = questions(calls)
    ideal = len(asked) * latency / most
    with endpoint("--latency", str(latency), "--sigma", str(sigma)) as url, tempfile.TemporaryDirectory() as folder:
        wall, _, sent = ours(url, calls, most, Path(folder))
        row = {"llmx": wall / (sent * latency / most)}
        row |= {name: plain(url, name, asked, most)[0] / ideal for name in ("openai", "instructor")}
    delay = f"log-normal, sigma {sigma}" if sigma else "constant"
    print(f"{latency * 1000:.0f} ms ({delay}), {most} at once: wall over ideal: ", end="")
    print(", ".join(f"{name} {ratio:.2f}" for name, ratio in row.items()))


def work(calls: int, most: int) -> None:
    """CPU time of the client."""
    asked = questions(calls)
    with endpoint("--latency", "0.1") as url, tempfile.TemporaryDirectory() as folder:
        _, cpu, sent = ours(url, calls, most, Path(folder))
        bare = plain(url, "openai", asked, most)[1] / len(asked)
        instructed = plain(url, "instructor", asked, most)[1] / len(asked)
    print(f"{most} at once: client CPU a call over the openai client's ({bare * 1000:.1f} ms): ", end="")
    print(f"llmx, with cache, grounding and writing, {cpu / sent / bare:.2f}; instructor {instructed / bare:.2f}")


def warm(calls: int) -> None:
    """Chunks a second from the cache."""
    asked = documents(calls, "warm")
    chunks = 0
    with endpoint() as url, tempfile.TemporaryDirectory() as folder:
        options = {"base_url": url, "api_key": "k", "cache": Path(folder) / "cache"}
        with llmx.Extractor("m", **options) as extractor:
            chunks = sum(len(plan(document, extractor.model).chunks) for document in asked)
            sum(1 for _ in extractor.extract_many(asked))
            collect_seldom()  # as the command line does
            begin = time.perf_counter()
            for result in extractor.extract_many(asked):
                assert not result.failures
            seconds = time.perf_counter() - begin
        characters = sum(len(document.text) for document in asked)
    print(
        f"all from the cache: {chunks / seconds:,.0f} chunks a second of {characters / chunks:,.0f} characters", end=""
    )
    print(f" ({characters / seconds:,.0f} characters a second)")


def memory() -> None:
    """Peak memory of many chunks over that of few."""
    peaks = {}
    with endpoint() as url:
        for count in (2_000, 100_000):
            command = [sys.executable, "-c", MEMORY, str(REPORTS[0]), url, str(count)]
            peaks[count] = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[1])
    print(
        f"memory: 100,000 chunks peak at {peaks[100_000] / peaks[2_000]:.2f} times 2,000 ({peaks[2_000] / 1024:.0f} MiB)"
    )


if __name__ == "__main__":
    main()
