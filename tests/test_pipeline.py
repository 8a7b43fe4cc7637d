"""The library's own calls: one report, many reports, a model of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

import llmx
from llmx.claims import Reading
from llmx.errors import ModelError, UnknownModel
from llmx.tasks.government.claims import FigureClaim, ProjectClaim, ReportReading

REPORTS = Path(__file__).parent / "reports"
TEXT = "某县政府工作报告\n2025年1月10日\n一、2024年工作回顾\n地区生产总值增长6%，建成三坝溪大桥。\n"


class Canned:
    """A model that always claims the same."""

    name = "canned"

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def read(self, chunk: llmx.Chunk) -> Reading:
        return self.reading if "6%" in chunk.text else Reading()


def figure(number: int) -> FigureClaim:
    return FigureClaim(figure=number, type="achievement", indicator="地区生产总值")


def test_a_result_sorts_its_records_by_type() -> None:
    result = llmx.extract(REPORTS / "youyang-2025.txt")
    parts = (result.targets, result.achievements, result.projects, result.problems)
    assert sum(map(len, parts)) == len(result.records)
    assert all(parts)


def test_a_text_a_path_and_a_document_give_the_same_records() -> None:
    path = REPORTS / "qianjiang-2025.txt"
    text = path.read_bytes().decode()
    from_path = llmx.extract(path)
    from_text = llmx.extract(llmx.read_text(text, id="qianjiang-2025"))
    assert from_path.records == from_text.records


def test_records_are_frozen() -> None:
    record = llmx.extract(TEXT).records[0]
    with pytest.raises(ValueError, match="frozen"):
        record.quote = "other"


@pytest.mark.parametrize("name", ["qianjiang-2025", "youyang-2025"])
def test_every_record_is_what_its_type_says_field_by_field(name: str) -> None:
    for record in llmx.extract(REPORTS / f"{name}.txt").records:
        checked = type(record).model_validate(record.model_dump(exclude_unset=True), strict=True)
        assert checked == record
        assert list(checked.model_dump()) == list(record.model_dump())


def test_dataframes_hold_every_record() -> None:
    result = llmx.extract(TEXT)
    assert len(result.to_pandas()) == len(result.to_polars()) == len(result.records)


def test_many_come_in_order_and_a_bad_one_carries_its_failure(tmp_path: Path) -> None:
    documents = [llmx.read_text(TEXT, id="first"), tmp_path / "nowhere.txt", llmx.read_text(TEXT, id="third")]
    results = list(llmx.extract_many(documents))
    assert [result.document and result.document.id for result in results] == ["first", None, "third"]
    assert results[1].failures[0].error == "UnreadableInput"


def test_many_are_read_one_at_a_time() -> None:
    asked = []

    def documents() -> object:
        for number in range(3):
            asked.append(number)
            yield llmx.read_text(TEXT, id=str(number))

    results = llmx.extract_many(documents())
    next(results)
    assert asked == [0]


def test_a_model_of_ones_own_reads_the_chunks() -> None:
    result = llmx.extract(TEXT, model=Canned(ReportReading(figures=(figure(2),))))
    (record,) = result.records
    assert (record.model, record.figure, record.quote) == ("canned", "6%", "地区生产总值增长6%")


def test_a_figure_claimed_twice_is_one_record() -> None:
    assert len(llmx.extract(TEXT, model=Canned(ReportReading(figures=(figure(2), figure(2))))).records) == 1


def test_a_figure_that_the_chunk_does_not_have_makes_no_record() -> None:
    assert llmx.extract(TEXT, model=Canned(ReportReading(figures=(figure(9),)))).records == ()


def test_a_quote_that_is_not_in_the_text_is_kept_apart_without_a_place() -> None:
    claim = ProjectClaim(name="龙门大桥", quote="建成龙门大桥", stage="completed", status="reported")
    result = llmx.extract(TEXT, model=Canned(ReportReading(projects=(claim,))))
    assert not result.records
    (record,) = result.missing
    assert (record.grounding, record.start, record.end) == ("missing", None, None)


def test_a_model_that_fails_on_a_chunk_leaves_a_failure_not_silence() -> None:
    class Failing:
        name = "failing"

        def read(self, chunk: llmx.Chunk) -> Reading:
            raise ModelError(f"no answer for {chunk.start}")

    result = llmx.extract(TEXT, model=Failing())
    assert result.records == ()
    assert {failure.error for failure in result.failures} == {"ModelError"}


def test_a_fault_in_one_report_of_many_does_not_cost_the_others() -> None:
    class Faulty:
        name = "faulty"

        def read(self, chunk: llmx.Chunk) -> Reading:
            if "建成" in chunk.text:
                raise ZeroDivisionError("a fault")
            return Reading()

    results = list(llmx.extract_many([TEXT, TEXT.replace("建成", "完成")], model=Faulty()))
    assert [[failure.error for failure in result.failures] for result in results] == [["ZeroDivisionError"], []]


def test_an_unknown_model_is_said_at_once() -> None:
    with pytest.raises(UnknownModel, match="'gpt'"):
        llmx.extract_many([], model="gpt")


def test_a_glossary_is_not_put_before_the_model() -> None:
    text = TEXT + "名词解释\n1.“双碳”：2030年前碳达峰，减排20%。\n"
    assert not [record for record in llmx.extract(text).records if getattr(record, "figure", None) == "20%"]


def test_a_run_from_python_writes_what_the_command_writes(tmp_path: Path) -> None:
    manifest = llmx.run(REPORTS / "qianjiang-2025.txt", tmp_path, formats=("jsonl", "csv")).manifest
    assert sum(manifest.records.values()) == len((tmp_path / "records.jsonl").read_text("utf-8").splitlines())
    assert (tmp_path / "records.csv").exists()


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("1 9 9 7 年地区生产总值增长 5 . 6 %，财政收入1 2 . 3亿元。", [("地区生产总值", 5.6), ("财政收入", 12.3)]),
        ("地区生产总值［1］增长［２］6.5%，新增就业[3]1.2万人。", [("地区生产总值", 6.5), ("新增就业", 1.2)]),
        ("地区生产\u200b总值增长6\u200b.5%。", [("地区生产总值", 6.5)]),
        ("地区生产总值１２８．５亿元，森林覆盖率达到百分之五十八。", [("地区生产总值", 128.5), ("森林覆盖率", 58)]),
    ],
)
def test_what_stands_in_the_way_is_read_over_and_offsets_are_of_the_text_as_stored(
    text: str, figures: list[tuple[str, float]]
) -> None:
    result = llmx.extract(llmx.read_text(f"一、1997年工作回顾\n{text}", id="old"))
    stored = result.document.text
    assert [(record.indicator, record.value) for record in result.records] == figures
    for record in result.records:
        assert stored[record.start : record.end] == record.quote
        assert stored[record.figure_start : record.figure_end] == record.figure
        assert record.year == 1997


def test_a_report_in_traditional_characters_is_read_and_its_records_are_in_its_own_characters() -> None:
    result = llmx.extract(
        llmx.read_text("一、2023年工作回顧\n國內生產總值增長６.５％，財政收入達到12億元，開工建設清河大橋。", id="t")
    )
    figures = [(record.indicator, record.value, record.unit, record.measure) for record in result.achievements]
    assert figures == [("國內生產總值", 6.5, "%", "growth"), ("財政收入", 12, "億元", "level")]
    assert [(project.name, project.stage) for project in result.projects] == [("清河大橋", "started")]
    for record in result.records:
        assert result.document.text[record.start : record.end] == record.quote
        assert record.section == ("一、2023年工作回顧",)


def test_a_documents_number_in_brackets_and_a_row_of_single_digits_stay() -> None:
    from llmx.documents import cleaned

    assert cleaned(llmx.read_text("国发［2024］5号文件。\n［1］注释。\n1 2 3 4\n5 6 7", id="a")) is None
