"""A short report with labels, and label files read and written, for the tests of labels."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl

from llmx.task import open_task

HEADINGS = open_task().labelling.headings

ROOT = Path(__file__).parent.parent
REPORTS, LABELS = ROOT / "tests" / "reports", ROOT / "tests" / "labels"
QIANJIANG = REPORTS / "qianjiang-2025.txt"
ENDS = ("jsonl", "json", "doccano.jsonl", "csv", "xlsx")

TEXT = "一、2024年工作回顾\n\ue000𠮷林镇工作有力。全年生产总值256.9亿元、增长5.5%，税收增长5.5%。𠮷林水库开工建设，获评全国文明镇。\n"


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def write(path: Path, labels: list[dict]) -> Path:
    path.write_text("".join(json.dumps(label, ensure_ascii=False) + "\n" for label in labels), "utf-8")
    return path


def label(quote: str, figure: str | None = None, **fields: object) -> dict:
    """A label of TEXT; of several equal figures the first in the quote."""
    start = TEXT.index(quote)
    made = {
        "report": "r",
        "type": "achievement",
        "quote": quote,
        "start": start,
        "end": start + len(quote),
        "year": 2024,
    }
    if figure:
        at = TEXT.index(figure, start)
        made |= {"kind": "quantified", "figure": figure, "figure_start": at, "figure_end": at + len(figure)}
    return made | fields


def growth(quote: str, indicator: str) -> dict:
    return label(quote, "5.5%", indicator=indicator, value=5.5, unit="%", measure="growth", comparator="=")


def some() -> list[dict]:
    return [
        growth("生产总值256.9亿元、增长5.5%", "生产总值"),
        growth("税收增长5.5%", "税收"),
        label("𠮷林水库开工建设", type="project", name="𠮷林水库", stage="started", status="reported"),
        label("获评全国文明镇", kind="recognition", indicator="𠮷林镇获评全国文明镇"),
    ]


def fill(path: Path, figure: str, **cells: str) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    columns = [next(name for name, shown in HEADINGS.items() if shown == cell.value) for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[columns.index("figure")].value == figure)
    for name, value in cells.items():
        row[columns.index(name)].value = value
    book.save(path)
