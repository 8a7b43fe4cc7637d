"""A report under another place's name is told; one under its own, or that of what holds it, is not."""

from __future__ import annotations

import pytest

from llmx.tasks.government.facts.elsewhere import wrong_document


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("重庆市黔江区", {"file name": "重庆市酉阳土家族苗族自治县2025年政府工作报告"}),
        ("重庆市黔江区", {"file name": "酉阳2025"}),
        ("全国", {"file name": "杭州市2024年政府工作报告"}),
        ("杭州市", {"file name": "国务院政府工作报告2024"}),
        ("重庆市", {"file name": "黔江区政府工作报告"}),
        ("重庆市黔江区", {"file name": "report-7", "folder": "浙江省"}),
        ("重庆市黔江区", {"column": "云阳县"}),
    ],
)
def test_a_report_under_another_places_name_is_told_with_both_words(place: str, names: dict[str, str]) -> None:
    said = wrong_document(place, names)
    assert said is not None
    assert repr(place) in said
    assert next(reversed(names)) in said


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("重庆市黔江区", {"file name": "黔江区2025年政府工作报告", "folder": "重庆"}),
        ("重庆市黔江区", {"file name": "黔江2025", "folder": "重庆市", "column": "重庆市黔江区"}),
        ("黔江区", {"folder": "重庆市"}),
        ("杭州市", {"folder": "浙江", "file name": "qianjiang-2025"}),
        ("云阳县凤鸣镇", {"folder": "云阳县", "file name": "凤鸣镇工作报告"}),
        ("全国", {"file name": "2024年全国政府工作报告"}),
        ("朝阳区", {"folder": "北京市"}),
        ("朝阳区", {"folder": "长春市"}),
        ("重庆市黔江区", {"file name": "政府工作报告（最终稿）", "folder": "2025年"}),
        (None, {"file name": "杭州市"}),
    ],
)
def test_a_report_under_its_own_name_is_not(place: str | None, names: dict[str, str]) -> None:
    assert wrong_document(place, names) is None
