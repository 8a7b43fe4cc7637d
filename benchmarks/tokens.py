"""What a whole report costs in tokens, beside langextract at its defaults for the same records.

    pip install -e ".[bench]" && python benchmarks/tokens.py [CASSETTE REPORT]

Our side counts what a cassette recorded: messages and schema of every request, text of every answer, second looks
included. langextract's own code makes its prompts (1,000 characters a chunk, JSON) from a short description and one
example; its answers are those same records written by its own formatter, with the fields that llmx fills in by code. Both are
counted with Qwen's tokenizer; an answer's token is counted four times a prompt's, as providers charge.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import dashscope
import langextract
import yaml
from langextract.core.base_model import BaseLanguageModel
from langextract.core.data import FormatType
from langextract.core.format_handler import FormatHandler
from langextract.core.types import ScoredOutput

import llmx
from llmx.cassettes import replayed

ROOT = Path(__file__).parent.parent
ANSWER_WEIGHT = 4
CACHED_PRICE = 0.1
ATTRIBUTES = (
    *("kind", "indicator", "figure", "measure", "value", "value_max", "unit", "comparator", "year", "scope"),
    *("name", "stage", "status", "amount", "amount_unit", "domain"),
)
"""The fields of a hand label besides its quote and offsets."""

DESCRIPTION = """从政府报告中按出现顺序提取记录：target（承诺或预期的目标）、achievement（已取得的成绩）、project（有名称的工程）、
problem（承认的问题）。每个数字一条记录。extraction_text逐字照抄原文，不改写，不重叠。
attributes给出indicator、value、unit、measure（level、growth、change）、comparator、year；工程给出name、stage、status。"""
EXAMPLE = "一、2023年工作回顾\n地区生产总值达到186.4亿元、增长6.2%，清河大桥建成通车，存在财政增收难等问题。"


def main() -> None:
    """Count and print."""
    cassette, report = map(
        Path, sys.argv[1:] or (ROOT / "cassettes/qianjiang-2025.yaml", ROOT / "tests/reports/qianjiang-2025.txt")
    )
    count = dashscope.get_tokenizer("qwen-turbo").encode
    with replayed(cassette, "rules") as (model, options):
        result = llmx.extract(report, model, options)
    assert result.document is not None
    prompts, answer = recorded(cassette)
    ours = len(count("".join(prompts))), len(count(answer))
    recorder = Recorder(result.document.text, result.records)
    langextract.extract(
        result.document.text,
        prompt_description=DESCRIPTION,
        examples=[example()],
        model=recorder,
        use_schema_constraints=False,
        show_progress=False,
    )
    theirs = len(count("".join(recorder.prompts))), len(count("".join(recorder.answers)))
    text = len(count(result.document.text))
    costs = []
    for name, (asked, answered) in (("llmx", ours), ("langextract", theirs)):
        costs.append(asked + ANSWER_WEIGHT * answered)
        print(
            f"{name}: prompts {asked:,} tokens ({asked / text:.2f} of the report's {text:,}), answers {answered:,}",
            end="",
        )
        print(f"; weighted {costs[-1]:,}")
    print(f"llmx over langextract for the same {len(result.records)} records: {costs[0] / costs[1]:.2f}")
    saved = [spared(list(map(count, sent))) for sent in (prompts, recorder.prompts)]
    reduced = [cost - less for cost, less in zip(costs, saved, strict=True)]
    print(
        f"with what all calls begin with at a tenth from the second on: {reduced[0]:,.0f} and {reduced[1]:,.0f}, "
        f"{reduced[0] / reduced[1]:.2f}"
    )


def spared(prompts: Sequence[list[int]]) -> float:
    """What a provider's prefix cache spares, in tokens: DeepSeek charges a tenth for what it has read before."""
    first, last = min(prompts), max(prompts)  # what these two share, all of them do
    shared = next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return (len(prompts) - 1) * shared * (1 - CACHED_PRICE)


def recorded(cassette: Path) -> tuple[list[str], str]:
    """What was sent with each request of a cassette, schema first, and all that was answered."""
    sent, answered = [], []
    for one in yaml.safe_load(cassette.read_text("utf-8"))["interactions"]:
        body = one["request"]["json"]
        schema = body.get("response_format") or body.get("tools") or ""
        schema = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
        sent.append(schema + "".join(message["content"] for message in body["messages"]))
        answered.append(one["response"]["json"]["choices"][0]["message"]["content"] or "")
    return sent, "".join(answered)


def example() -> Any:
    """One worked example in langextract's form."""
    records = llmx.extract(llmx.read_text(EXAMPLE, id="example")).records
    return langextract.data.ExampleData(text=EXAMPLE, extractions=extractions(records))


class Recorder(BaseLanguageModel):
    """Stands in for langextract's model: keeps each prompt and answers with the records of its chunk."""

    def __init__(self, text: str, records: Sequence[llmx.Record]) -> None:
        super().__init__()
        self.text, self.records = text, records
        self.prompts: list[str] = []
        self.answers: list[str] = []
        self._at = 0

    def infer(self, batch_prompts: Sequence[str], **_: Any) -> Iterator[list[ScoredOutput]]:
        """Answer each prompt."""
        for prompt in batch_prompts:
            chunk = prompt.rpartition("Q: ")[2].rpartition("\nA:")[0]
            start = self.text.find(chunk, self._at)
            self._at = max(start, self._at)
            inside = [one for one in self.records if one.start is not None and start <= one.start < start + len(chunk)]
            answer = FormatHandler(format_type=FormatType.JSON).format_extraction_example(extractions(inside))
            self.prompts.append(prompt)
            self.answers.append(answer)
            yield [ScoredOutput(score=1.0, output=answer)]


def extractions(records: Iterable[llmx.Record]) -> list[langextract.data.Extraction]:
    """Records in langextract's form."""
    return [langextract.data.Extraction(one.type, one.quote, attributes=attributes(one)) for one in records]


def attributes(record: llmx.Record) -> dict[str, str]:
    """What llmx fills in by code and a model would have to write out."""
    values = {name: getattr(record, name, None) for name in ATTRIBUTES}
    return {name: str(value) for name, value in values.items() if value is not None}


if __name__ == "__main__":
    main()
