"""Twenty thousand spoilt answers: whatever a model says, a record holds nothing that the text does not."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from typing import Any

from endpoint import Endpoint, Reply, plain_answer

import llmx
from llmx.calls import Usage
from llmx.errors import AnswerError
from llmx.models import AsyncModel
from llmx.models.openai.judging import judged
from llmx.models.openai.replies import Reply as Came
from llmx.pipeline import plan
from llmx.prompting import Question, first_question
from llmx.tasks.government import GOVERNMENT

TEXT = (
    "一、2024年工作回顾\n地区生产总值达到128.5亿元、增长6.2%，“清河大桥”建成通车，柳山村入选中国传统村落。"
    "力争全市经济增长5%，到2027年新建学校3所，财政增收压力较大。\n"
)
ANSWER: dict[str, Any] = {
    "figures": [
        {"n": n, "indicator": words} for n, words in enumerate(["地区生产总值"] * 2 + ["经济增长", "新建学校"], 1)
    ],
    "recognitions": [{"quote": "柳山村入选中国传统村落", "indicator": None}],
    "projects": [{"quote": "“清河大桥”建成通车", "stage": "completed", "names": ["清河大桥"]}],
    "problems": [{"quote": "财政增收压力较大", "domain": "finance"}],
    "exceptions": [
        {"n": 3, "type": "target", "year": None, "scope": "全市"},
        {"n": 4, "type": "target", "year": 2027, "scope": None},
    ],
}
ROUNDS = 20_000


def spoilt(dice: random.Random, whole: dict[str, Any]) -> str:
    """An answer with one to three things wrong with it."""
    parts = json.loads(json.dumps(whole))
    for _ in range(dice.randint(0, 2)):
        items = parts[dice.choice(list(parts))]
        what = dice.randrange(6)
        if not isinstance(items, list):
            continue
        item = dice.choice([one for one in items if isinstance(one, dict) and one] or [{"n": 1}])
        name = dice.choice(list(item))
        if what == 0:
            items += [dict(item)] * dice.randint(1, 3)
        elif what == 1:
            item[name] = dice.choice(
                [None, "", -1, 9999, 10**30, [], {}, "荣获第7名", "\ud800\x1b[2J", "增" * 700, True]
            )
        elif what == 2:
            item.pop(name)
        elif what == 3:
            items.append(dice.choice([None, 3, "x", [], {}]))
        elif what == 4 and isinstance(item[name], str):
            item[name] = re.sub(r"[一-龥]", dice.choice("一甲增8九"), item[name], count=dice.randint(1, 3))
        else:
            parts[dice.choice(["figures", "notes", "projects"])] = dice.choice([None, {}, "无", items])
            parts = {"figures": [], **parts}
            break
    text = json.dumps(parts, ensure_ascii=dice.random() < 0.5)
    what = dice.randrange(9)
    at = dice.randrange(len(text))
    if what == 0:
        return text[:at]
    if what == 1:
        return text[:at] + dice.choice('"{}[],:\\x') + text[at:]
    if what == 2:
        return re.sub(
            r"\d", lambda found: str((int(found[0]) + dice.randint(1, 9)) % 10), text, count=dice.randint(1, 4)
        )
    if what == 3:
        return f"<think>{text[:at]}</think>```json\n{text}\n```注：[1]是总量。"
    return text[:at] + text[at + 1 :] if what == 4 else text + text[:at] if what == 5 else text


def question_of(text: str) -> Question:
    with llmx.Extractor("m", base_url="http://127.0.0.1:9/v1", api_key="k", cache=None) as extractor:
        assert isinstance(extractor.model, AsyncModel)
        (chunk,) = plan(llmx.read_text(text, id="fuzz"), extractor.model).chunks
    return first_question(GOVERNMENT.asking, chunk)


def numbers(words: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", words))


def test_no_record_of_a_spoilt_answer_holds_what_the_text_does_not() -> None:
    dice, asked, document = random.Random(11), question_of(TEXT), llmx.read_text(TEXT, id="fuzz")
    analysis = llmx.analyse(document)
    outcomes: Counter[str] = Counter()
    for _ in range(ROUNDS):
        reply = Came({}, (spoilt(dice, ANSWER),), "stop", Usage())
        try:
            answered = judged(reply, asked, GOVERNMENT.asking)
        except AnswerError:
            outcomes["failed"] += 1
            continue
        outcomes["cut" if answered.cut else "spoilt" if answered.lost else "whole"] += 1
        reading = GOVERNMENT.asking.unpacked(answered.answer, asked)
        records, _ = GOVERNMENT.finish(reading, asked.chunk, analysis, "m")
        for record in records:
            record.model_dump_json().encode()
            if record.grounding == "missing":
                outcomes["missing"] += 1
                continue
            assert TEXT[record.start : record.end] == record.quote
            figure = getattr(record, "figure", None)
            assert figure is None or TEXT[record.figure_start : record.figure_end] == figure
            told = "".join(str(getattr(record, name, None) or "") for name in ("indicator", "name", "scope"))
            assert numbers(told) <= numbers(TEXT), told
            assert record.year in (None, 2022, 2023, 2024, 2025, 2026, 2027)
    assert min(outcomes[name] for name in ("whole", "cut", "spoilt", "failed", "missing")) > ROUNDS / 200, outcomes


def test_no_chunk_of_a_spoilt_answer_is_lost_without_a_row() -> None:
    dice = random.Random(5)

    def script(body: dict[str, Any], number: int) -> Reply:
        return Reply(text=spoilt(dice, json.loads(plain_answer(body)))) if dice.random() < 0.7 else Reply()

    texts = [llmx.read_text(f"某县{n}号\n\n{TEXT}{TEXT.replace('一、', '二、')}", id=str(n)) for n in range(60)]
    with Endpoint(script) as endpoint:
        options = {"base_url": endpoint.url, "api_key": "k", "cache": None, "passes": 1}
        results = list(llmx.extract_many(texts, "m", **options))
    assert any(result.failures for result in results)
    for result in results:
        assert {failure.error for failure in result.failures} <= {"AnswerError", "CutError"}
        assert all(result.document.text[record.start : record.end] == record.quote for record in result.records)
