"""How fast the page of `llmx view` answers in a real Chromium, as ratios measured in one run.

    python benchmarks/view.py [RECORDS] [REPORTS] [--many 1500]

Makes a report of 2,000 records (or RECORDS) of the tests' own, views a run of that one and a run of 20 (or REPORTS) of
it, and prints for each page:
- its size, and how long it took to write over how long the extraction took,
- from the start of loading to the first click on a record answered with its words marked and its details drawn, on
  screen; over one second, and over the same with a report of a hundredth the length,
- a filter typed into the search, and all reports in one table.

With --many it views a run of so many reports instead, the tests' own over and over under other names, and prints how long
that took and the memory, and how soon the page over all of them answered a click, a search that no file had been read
for, the next search, and a comparison.

Needs chromium and chromedriver, and selenium (`pip install ".[dev]"`).
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from selenium import webdriver

import llmx

REPORTS = Path(__file__).parent.parent / "tests" / "reports"
TIMES = 5
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --window-size=1366,900"
)
# Clicks the first record as soon as it is there; what counts is when the frame that shows the answer has been drawn.
CLICK = """
const look = () => {
  const row = document.querySelector("#rows .row:nth-child(3)");
  if (!row) return requestAnimationFrame(look);
  row.click();
  requestAnimationFrame(() => setTimeout(() => {
    if (document.querySelector("#details h3") && document.querySelector("#text .m.here")) window.answered = performance.now();
  }));
};
requestAnimationFrame(look);
"""
TYPE = """
const [words, done] = arguments, begin = performance.now(), field = document.querySelector("#query");
field.value = words;
field.dispatchEvent(new Event("input"));
requestAnimationFrame(() => setTimeout(() => done([performance.now() - begin, document.querySelector("#count").textContent])));
"""
ALL = """
const done = arguments[0], begin = performance.now(), field = document.querySelector("#report");
field.value = "all";
field.dispatchEvent(new Event("change"));
requestAnimationFrame(() => setTimeout(() => done([performance.now() - begin, document.querySelector("#count").textContent])));
"""
FIND = """
const [words, done] = arguments, begin = performance.now(), field = document.querySelector("#find-query");
field.value = words;
field.dispatchEvent(new Event("input"));
const count = document.querySelector("#find-count"), progress = document.querySelector("#find-progress");
const look = () => (progress.hidden && count.textContent ? done([performance.now() - begin, count.textContent]) : setTimeout(look, 5));
setTimeout(look);
"""
OVER = """
const done = arguments[0], begin = performance.now();
document.querySelector("[data-show=compare]").click();
const look = () => (document.querySelector("#plot a") ? requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin))) : setTimeout(look, 5));
look();
"""
FIRST = """
const look = () => {
  if (!document.querySelector("#sheet tbody tr")) return requestAnimationFrame(look);
  document.querySelector("[data-show=find]").click();
  requestAnimationFrame(() => setTimeout(() => { if (document.querySelector("#find-query")) window.answered = performance.now(); }));
};
requestAnimationFrame(look);
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("records", nargs="?", type=int, default=2_000)
    parser.add_argument("reports", nargs="?", type=int, default=20)
    parser.add_argument("--many", type=int, default=0, metavar="REPORTS")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place, driver = Path(folder), chromium(folder, FIRST if asked.many else CLICK)
        try:
            if asked.many:
                return over_all(driver, many(place / "many", asked.many))
            short = page(place / "short", max(1, asked.records // 100), 1)
            least = answered(driver, short)
            for count in (1, asked.reports):
                measure(driver, page(place / f"run-{count}", asked.records, count), least)
            everything(driver)
        finally:
            driver.quit()


def chromium(folder: str, first: str) -> Any:
    """A browser with an empty profile."""
    options = webdriver.ChromeOptions()
    for argument in (*ARGUMENTS.split(), f"--user-data-dir={folder}/profile"):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": first})
    return driver


def page(folder: Path, records: int, reports: int) -> Path:
    """The page of a run of so many reports, each of at least so many records."""
    texts = [path.read_text("utf-8") for path in sorted(REPORTS.glob("*.txt"))]
    text = texts[-1]
    while len(llmx.extract(llmx.read_text(text)).records) < records:
        text += "\n" + texts[len(text) % len(texts)]
    if records < 100:
        text = text[:1_500]
    inputs = folder / "reports"
    inputs.mkdir(parents=True)
    for number in range(reports):
        (inputs / f"report-{number}.txt").write_text(f"{text}\n{number}\n", "utf-8")
    begin = time.perf_counter()
    manifest = llmx.run(inputs, folder).manifest
    extracted = time.perf_counter()
    path = llmx.view(folder).path
    taken = (time.perf_counter() - extracted) / (extracted - begin)
    print(
        f"{reports} report(s), {sum(manifest.records.values()):,} records: {path.stat().st_size / 1e6:.1f} MB", end=""
    )
    print(f", written in {taken:.2f} times the extraction")
    return path


def answered(driver: Any, path: Path) -> float:
    """Milliseconds from the start of loading to the first click answered, the median of several loads."""
    found = []
    for _ in range(TIMES):
        driver.get("about:blank")
        driver.get(path.as_uri())
        while not (moment := driver.execute_script("return window.answered")):
            time.sleep(0.02)
        found.append(moment)
    return median(found)


def measure(driver: Any, path: Path, least: float) -> None:
    """A page's first click and search."""
    first = answered(driver, path)
    print(f"  first click answered in {first:.0f} ms: {first / 1000:.2f} of a second", end="")
    print(f", {first / least:.1f} times a report of a hundredth the length")
    typed, count = driver.execute_async_script(TYPE, "增长")
    print(f"  a search in {typed:.0f} ms ({count})")


def everything(driver: Any) -> None:
    """All reports of the page at hand in one table."""
    taken, count = driver.execute_async_script(ALL)
    print(f"  all reports in one table in {taken:.0f} ms ({count})")


def many(folder: Path, count: int) -> Path:
    """The page over a run of so many reports, its records copied instead of extracted."""
    llmx.run(REPORTS, folder)
    lines = [json.loads(line) for line in (folder / "reports.jsonl").read_text("utf-8").splitlines()]
    records = (folder / "records.jsonl").read_bytes().splitlines(keepends=True)
    with open(folder / "records.jsonl", "wb") as copies, open(folder / "reports.jsonl", "w", encoding="utf-8") as notes:
        for number in range(count):
            line = lines[number % len(lines)]
            id = f"{line['report']}-{number}"
            own = b'"report":"%s"' % line["report"].encode()
            copied = [one.replace(own, b'"report":"%s"' % id.encode()) for one in records if own in one]
            copies.writelines(copied)
            notes.write(json.dumps(line | {"report": id, "size": sum(map(len, copied))}, ensure_ascii=False) + "\n")
    begin = time.perf_counter()
    path = llmx.view(folder).path
    taken = time.perf_counter() - begin
    most = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    size = sum(file.stat().st_size for file in folder.glob("view*/**/*.*")) / 1e6
    print(
        f"{count} reports: {taken:.1f} s, {most[0]:.0f} MB and {most[1]:.0f} MB a further process, {size:.0f} MB written"
    )
    return path


def over_all(driver: Any, path: Path) -> None:
    """The page over all reports: its first click, searches, and a comparison."""
    driver.set_script_timeout(300)
    print(f"  first click answered in {answered(driver, path):.0f} ms")
    for which in ("first", "next"):
        taken, count = driver.execute_async_script(FIND, "增长")
        print(f"  the {which} search of all texts in {taken:.0f} ms ({count})")
    print(f"  a comparison in {driver.execute_async_script(OVER):.0f} ms")


if __name__ == "__main__":
    main()
