"""Labels out to the tools that people annotate with, and in again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from llmx.documents import Document, Paths, read_reports
from llmx.errors import UsageError
from llmx.labels.doccano import read_doccano, write_doccano
from llmx.labels.label import Finding, Label, LeftOut, Read
from llmx.labels.label_studio import read_label_studio, write_label_studio
from llmx.labels.left_out import write_left_out
from llmx.labels.lines import json_lines, read_lines, write_lines
from llmx.labels.passages import Labelled
from llmx.labels.sheets import read_csv, write_csv
from llmx.labels.source import gather, move_stretches, place_all
from llmx.labels.stretches import Bounds, joined
from llmx.labels.workbook import read_xlsx, write_xlsx
from llmx.outputs.files import make_folder
from llmx.task import Task, open_task

JSONL, LABEL_STUDIO, DOCCANO, CSV, XLSX = FORMATS = ("jsonl", "label-studio", "doccano", "csv", "xlsx")

_SUFFIXES = {".doccano.jsonl": DOCCANO, ".jsonl": JSONL, ".json": LABEL_STUDIO, ".csv": CSV, ".xlsx": XLSX}
"""How a file's name ends, and the format that it means; the first that fits."""
_OTHER_SHEETS = (".ods", ".xls", ".numbers")


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote."""

    paths: tuple[Path, ...]
    """The file, and what goes with it."""
    labels: int
    reports: int
    findings: tuple[Finding, ...]
    """Labels that could not be taken along, and those that were moved to where their quotes stand."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import found."""

    labels: tuple[Label, ...]
    """Report by report, in text order; every quote and figure is verbatim."""
    stretches: dict[str, tuple[Bounds, ...]]
    """What was labelled of the reports that were not labelled whole, by report: half-open, in code points."""
    left_out: tuple[LeftOut, ...]
    """Figures that a person left out knowingly, in a spreadsheet."""
    findings: tuple[Finding, ...]
    """What was refused, as errors; what was moved to where its quote stands, as warnings."""


def export_labels(
    source: str | PathLike[str],
    to: str | PathLike[str],
    report: Paths | None = None,
    format: str | None = None,
    task: Task | str | PathLike[str] | None = None,
) -> Exported:
    """Write labels, a run's records or a blank report for people to annotate: what `llmx labels export` does.

    Args:
        source: a run's folder, whose records go out as predictions; a label file or a folder of them; or a report or a
            folder of them, which goes out with its figures and no labels.
        to: the file to write.
        report: the texts that labels are of; a run knows its own.
        format: one of FORMATS; by the file's name unless given: `.doccano.jsonl`, `.jsonl`, `.json` (Label Studio),
            `.csv`, `.xlsx`.
        task: what the labels are of, as `llmx.extract` takes it; a run says so itself, else of government reports unless
            given.

    Raises:
        InputError: something cannot be read.
        OutputError: the file cannot be written.
        UsageError: the format is not known or its library not installed, or the texts are not known.
        TaskError: there is no such task.
    """
    path = Path(to)
    format = _format(path, format)
    reports, findings, opened = gather(source, report, task)
    make_folder(path.parent)
    write: Callable[[Iterable[Labelled], Path, Task], list[Path]] = {
        JSONL: _write_jsonl,
        LABEL_STUDIO: write_label_studio,
        DOCCANO: write_doccano,
        CSV: write_csv,
        XLSX: write_xlsx,
    }[format]
    written = write(reports, path, opened)
    return Exported(tuple(written), sum(len(one.labels) for one in reports), len(reports), tuple(findings))


def _format(path: Path, format: str | None) -> str:
    """The format asked for, or the one that a file's name means."""
    format = format or next((found for end, found in _SUFFIXES.items() if path.name.lower().endswith(end)), None)
    if format in FORMATS:
        return format
    if path.suffix.lower() in _OTHER_SHEETS:
        raise UsageError(f"{path}: {path.suffix} is neither read nor written; save the sheet as .xlsx")
    ends = ", ".join(_SUFFIXES)
    raise UsageError(f"no format named {format!r} for {path}; there are {', '.join(FORMATS)}, or name a file {ends}")


def _write_jsonl(reports: Iterable[Labelled], path: Path, _: Task) -> list[Path]:
    listed = list(reports)
    stretches = {one.document.id: one.stretches for one in listed if one.stretches is not None}
    write_lines((label for one in listed for label in one.labels), stretches, path)
    write_left_out([figure for one in listed for figure in one.left_out], path)
    return [path]


def import_labels(
    file: str | PathLike[str],
    report: Paths,
    out: str | PathLike[str] | None = None,
    format: str | None = None,
    annotator: str | None = None,
    task: Task | str | PathLike[str] | None = None,
) -> Imported:
    """Read what people annotated, check every quote against the text, and write a label file.

    Quotes and figures are found again where their offsets are off; what cannot be placed is left out with a finding.

    Args:
        file: an export of Label Studio or doccano, a spreadsheet, or a label file.
        report: the texts that the labels are of: files, folders or documents.
        out: the label file to write; nothing is written without it. Which part of a report was labelled stands in it if
            that is not the whole; figures left out knowingly go beside it, to a file that ends in `.left-out.json`.
        format: one of FORMATS; by the file's name and content unless given.
        annotator: whose annotations to take. Of several of a passage in Label Studio, the newest unless given: number,
            e-mail or name; in doccano's .zip of several members, the member's name.
        task: what the labels are of, as `llmx.extract` takes it; of government reports unless given.

    Raises:
        InputError: the file or a report cannot be read.
        OutputError: the label file cannot be written.
        UsageError: the format is not known or its library not installed.
        TaskError: there is no such task.
    """
    path, reports, opened = Path(file), read_reports(report), open_task(task)
    format = _format_of(path, format)
    if annotator and format not in (LABEL_STUDIO, DOCCANO):
        raise UsageError(f"{path}: {format} does not say who annotated what; name no annotator")
    read = _READERS[format](path, reports, opened, annotator)
    labels, findings, moves = place_all(read.claims, reports, opened)
    if format == JSONL:
        findings += move_stretches(read, moves, reports, str(path))
    parts = {id: joined(part, reports[id].text) for id, part in read.stretches.items() if id in reports}
    stretches = {id: part for id, part in parts.items() if part is not None}
    if out is not None:
        make_folder(Path(out).parent)
        write_lines(labels, stretches, Path(out))
        write_left_out(read.left_out, Path(out))
    return Imported(tuple(labels), stretches, tuple(read.left_out or ()), (*read.findings, *findings))


def _format_of(path: Path, format: str | None) -> str:
    """The format of a file to read; JSON lines that hold a text are doccano's."""
    if format is None and path.suffix.lower() == ".zip":
        return DOCCANO
    format = _format(path, format)
    if format == JSONL and any(isinstance(line, dict) and _is_passage(line) for _, line in json_lines(path)):
        return DOCCANO
    return format


def _is_passage(line: Mapping[str, object]) -> bool:
    """Whether a line is doccano's: a label may have a text too, but not without a type."""
    return "text" in line and "type" not in line


_READERS: dict[str, Callable[[Path, Mapping[str, Document], Task, str | None], Read]] = {
    JSONL: lambda path, _reports, _task, _annotator: read_lines(path),
    LABEL_STUDIO: lambda path, reports, task, annotator: read_label_studio(path, reports, task.labelling, annotator),
    DOCCANO: lambda path, reports, task, annotator: read_doccano(path, reports, task.labelling, annotator),
    CSV: lambda path, reports, task, _annotator: read_csv(path, reports, task),
    XLSX: lambda path, reports, task, _annotator: read_xlsx(path, reports, task),
}
