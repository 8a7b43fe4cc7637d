"""Statuses won and to be won, and what a report admits."""

from __future__ import annotations

import pytest
from test_rules import PLAN, REVIEW, honours, read

from llmx.tasks.government.rules.aims import AIMS


@pytest.mark.parametrize("row", AIMS, ids=lambda row: row.verbs)
def test_each_kind_of_aim_is_seen(row) -> None:
    assert len(honours(row.example, PLAN)) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "支持龙河区创建国家卫生城市、柳坪县争创全国双拥模范城。",
            ["龙河区创建国家卫生城市", "柳坪县争创全国双拥模范城"],
        ),
        ("支持龙河、柳坪创建省级服务业强县。", ["龙河创建省级服务业强县", "柳坪创建省级服务业强县"]),
        ("推进县人民医院、县中医院三级甲等医院创建。", ["县人民医院三级甲等医院创建", "县中医院三级甲等医院创建"]),
        ("争创全国文明典范县和国家森林城市。", ["争创全国文明典范县", "争创国家森林城市"]),
        ("支持县第二人民医院创“二甲”。", ["县第二人民医院创“二甲”"]),
    ],
)
def test_aims_are_given_to_each_holder_and_status(text: str, expected: list[str]) -> None:
    assert honours(text, PLAN) == expected


@pytest.mark.parametrize(
    "text",
    [
        "争取上级更大倾斜。",
        "争取国家转移支付、专项债券等支持。",
        "争取举办国际山地旅游大会。",
        "持续深化“美丽农村路”示范创建。",
        "以创建全国文明城市为抓手提升城市品质。",
        "争取中央预算内投资项目。",
        "防灾减灾项目纳入国债“盘子”。",
        "加强品牌创建。",
        "大力开展生态文明创建。",
        "建成智慧城市项目（一期）、智慧水厂。",
        "建成国家管网龙河应急调峰站。",
    ],
)
def test_money_events_and_what_is_only_deepened_are_no_aims(text: str) -> None:
    assert honours(text, PLAN) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("龙河县荣创省级“四好农村路”示范县。", ["龙河县荣创省级“四好农村路”示范县"]),
        ("文明城市测评居全国“优秀”等次。", ["文明城市测评居全国“优秀”等次"]),
        ("松材线虫病除治质量被省级评估为“优”。", ["松材线虫病除治质量被省级评估为“优”"]),
        ("龙河职院列入本科层次职业大学培育单位。", ["龙河职院列入本科层次职业大学培育单位"]),
        ("全省第一笔跨行“带押过户”业务在龙河办理。", ["全省第一笔跨行“带押过户”业务在龙河办理"]),
        ("空气质量继续保持全省前列。", ["空气质量继续保持全省前列"]),
        ("龙河经验做法被省委办公厅、省政府办公厅通报推广。", ["龙河经验做法被省委办公厅、省政府办公厅通报推广"]),
        ("龙河县获评国家卫生县和全国双拥模范县。", ["龙河县获评国家卫生县", "龙河县获评全国双拥模范县"]),
    ],
)
def test_what_others_awarded_or_ranked_is_won(text: str, expected: list[str]) -> None:
    assert honours(text, REVIEW) == expected


@pytest.mark.parametrize(
    "text",
    ["群众敢首创。", "居民收入增长较快。", "以及第一、第二轮环保督察问题全部整改。", "柳河高铁可研获批。"],
)
def test_what_only_sounds_like_a_rank_or_a_prize_is_none(text: str) -> None:
    assert honours(text, REVIEW) == []


def admitted(text: str) -> list[str]:
    return [record.quote for record in read(text, REVIEW + "过去一年，工作扎实。\n") if record.type == "problem"]


@pytest.mark.parametrize(
    "lead",
    [
        "同时，我们也清醒认识到，推动龙河高质量发展还面临不少困难和挑战：",
        "同时，我们也清醒认识到，龙河经济社会发展还存在一些困难、问题和挑战。主要是：",
    ],
)
def test_a_lead_in_is_no_problem(lead: str) -> None:
    assert admitted(f"{lead}龙头企业少，债务沉重；民生领域还有不少短板。") == [
        "龙头企业少",
        "债务沉重",
        "民生领域还有不少短板",
    ]


def test_statements_are_split_where_each_is_whole() -> None:
    text = "同时，我们也清醒看到存在的困难。主要是：主导产业不强、转型升级任务重；教育、医疗等公共服务还有差距。"
    assert admitted(text) == ["主导产业不强", "转型升级任务重", "教育、医疗等公共服务还有差距"]


def test_a_plan_that_follows_the_admissions_without_a_heading_admits_nothing() -> None:
    text = (
        "同时，我们也清醒看到存在的困难。主要是：有效需求不足。我们将认真加以解决。"
        "今年政府工作的总体要求是：坚持稳中求进，统筹发展和安全，保持社会稳定。"
    )
    assert admitted(text) == ["有效需求不足"]
