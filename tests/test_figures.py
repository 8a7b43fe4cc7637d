"""Figures: what is found in a text, what it says, and what measures nothing."""

import json
import time
from pathlib import Path
from typing import get_args

import pytest

from llmx.figures import REASONS, Figure, Reason, base_quantity, find_figures

TESTS = Path(__file__).parent
REPORTS = sorted(path.stem for path in (TESTS / "reports").glob("*.txt"))


def only(text: str) -> Figure:
    """The one figure of the text that measures something."""
    [figure] = [figure for figure in find_figures(text) if figure.reason is None]
    return figure


def report(name: str) -> tuple[str, dict[int, dict]]:
    """A labelled report's text, and its labels by the place of their figure."""
    text = (TESTS / "reports" / f"{name}.txt").read_bytes().decode()
    lines = (TESTS / "labels" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    labels = [json.loads(line) for line in lines]
    return text, {label["figure_start"]: label for label in labels if "figure_start" in label}


@pytest.mark.parametrize(
    ("text", "span", "value", "unit"),
    [
        ("接待游客 4058.1 万人次", "4058.1 万人次", 4058.1, "万人次"),
        ("达到 7 4 7 7 2 亿元", "7 4 7 7 2 亿元", 74772, "亿元"),
        ("投资1,234.5万元", "1,234.5万元", 1234.5, "万元"),
        ("惠及1，234户", "1，234户", 1234, "户"),
        ("增长５．３％", "５．３％", 5.3, "%"),
        ("新增校舍5万余平方米", "5万余平方米", 5, "万平方米"),
        ("总算力突破1.3万PF", "1.3万PF", 1.3, "万PF"),
        ("算力规模达160Eflops", "160Eflops", 160, "Eflops"),
        ("就诊增加到1亿3千多万", "1亿3千多万", 1.3, "亿"),
        ("补助2万5千元", "2万5千元", 2.5, "万元"),
        ("累计**3.5**\n\n亿元", "3.5**\n\n亿元", 3.5, "亿元"),
        ("收入差距缩小到2.09∶1", "2.09∶1", 2.09, ":1"),
        ("产业结构为8.3∶41.4∶50.3", "8.3∶41.4∶50.3", 8.3, ":41.4:50.3"),
        ("占全国1/4", "1/4", 0.25, ""),
        ("完成百分之五点三", "百分之五点三", 5.3, "%"),
        ("2.3万脱贫人口", "2.3万", 2.3, "万"),
        ("惠及154万户家庭", "154万户", 154, "万户"),
        ("迈上5万亿台阶", "5万亿", 5, "万亿"),
        ("建成200万吨铁路货场", "200万吨", 200, "万吨"),
        ("浓度为26.3微克/立方米", "26.3微克/立方米", 26.3, "微克/立方米"),
        ("承接“川渝通办”362项", "362项", 362, "项"),
        ("城镇居民满意度达到89.6", "89.6", 89.6, ""),
        ("新增就业8 000 人", "8 000 人", 8000, "人"),
        ("接待游客1\u00a0250\u00a0000人次", "1\u00a0250\u00a0000人次", 1250000, "人次"),
        ("税收3\u2009000.5万元", "3\u2009000.5万元", 3000.5, "万元"),
        ("税收增长5﹪", "5﹪", 5, "%"),
        ("新增充电桩300枪", "300枪", 300, "枪"),
        ("全县共同努力，森林覆盖率达6.\n2%", "6.\n2%", 6.2, "%"),
        ("全年规上工业增加值增长6\r\n.2%", "6\r\n.2%", 6.2, "%"),
        ("全年柑橘总产量达到1,25\n0万吨", "1,25\n0万吨", 1250, "万吨"),
        ("全年一般公共预算收入达3\n\n5亿元", "3\n\n5亿元", 35, "亿元"),
    ],
)
def test_a_number_is_found_with_its_unit(text: str, span: str, value: float, unit: str) -> None:
    figure = only(text)
    assert (figure.text, figure.value, figure.unit) == (span, value, unit)
    assert text[figure.start : figure.end] == span


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("增长5.0%—5.5%", 5.0, 5.5, "%"),
        ("培育25至30家", 25, 30, "家"),
        ("提高5—6个百分点", 5, 6, "个百分点"),
        ("投资500万—800万元", 500, 800, "万元"),
    ],
)
def test_a_range_is_one_figure(text: str, low: float, high: float, unit: str) -> None:
    figure = only(text)
    assert (figure.value, figure.value_max, figure.unit, figure.comparator) == (low, high, unit, "range")


@pytest.mark.parametrize(
    ("text", "comparator", "modifier"),
    [
        ("投资40亿元", "=", None),
        ("突破40亿元", ">", "突破"),
        ("突破40亿元以上", ">=", "突破…以上"),
        ("跨越600亿元大关", ">", "跨越"),
        ("不低于40亿元", ">=", "不低于"),
        ("力争投资40亿元以上", ">=", "力争…以上"),
        ("失业率控制在5.5%以内", "<=", "控制在…以内"),
        ("降至4.95%以下", "<", "以下"),
        ("增长5%左右", "~", "左右"),
        ("近30多家", ">", "近…多"),
        ("3000余件", ">", "余"),
        ("产值过100亿元", ">", "过"),
        ("通过3项验收", "=", None),
        ("签约30个", "=", None),
        ("侦破300起", "=", None),
        ("连续跨越4个万亿元台阶", "=", None),
    ],
)
def test_words_around_make_the_comparator(text: str, comparator: str, modifier: str | None) -> None:
    figure = only(text)
    assert (figure.comparator, figure.modifier) == (comparator, modifier)


@pytest.mark.parametrize(
    ("text", "measure", "value"),
    [
        ("同比增长5%", "growth", 5),
        ("经济增长达到10%", "growth", 10),
        ("增速保持在6%以上", "growth", 6),
        ("涨幅3%以内", "growth", 3),
        ("经济增长目标为6%", "growth", 6),
        ("实现8%的增速", "growth", 8),
        ("增长-3.2%", "growth", -3.2),
        ("时限压缩23.2%", "growth", -23.2),
        ("节支16%", "growth", -16),
        ("下降了约5％", "growth", -5),
        ("占比提高到60%", "level", 60),
        ("参保率稳定在97%", "level", 97),
        ("超过75%", "level", 75),
        ("提高5个百分点", "change", 5),
        ("下降(同口径)19.59%", "growth", -19.59),
        ("亩产提升10.1斤", "change", 10.1),
        ("新增造林10亩", "level", 10),
        ("成本下降30个基点", "change", -30),
        ("浓度下降3ug/m³", "change", -3),
        ("低于预期目标1.6个百分点", "change", 1.6),
        ("贷款新增1.91万亿元", "level", 1.91),
        ("压减30家", "level", 30),
        ("改造提升5万亩", "level", 5),
        ("审批提速60%", "growth", 60),
        ("企业减亏30%", "growth", -30),
        ("用电降本5%", "growth", -5),
        ("精简会议20%", "growth", -20),
        ("压减一般性支出5%以上", "growth", -5),
        ("压缩审批时限30%", "growth", -30),
        ("减少占地面积，占比30%", "level", 30),
        ("差距收窄2个百分点", "change", -2),
        ("降幅收窄3个百分点", "change", -3),
        ("降幅收窄至5%", "growth", -5),
        ("同比增收3761万元", "level", 3761),
        ("为企业减负3亿元", "level", 3),
        ("投资稳定增长、力争达到3%", "growth", 3),
    ],
)
def test_the_verb_makes_the_measure(text: str, measure: str, value: float) -> None:
    figure = only(text)
    assert (figure.measure, figure.value) == (measure, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("改造S305 120公里", 120),
        ("新建G42 300公里", 300),
        ("规模以上工业总产值2024\n5亿元", 5),
        ("12 35 47亿元", 47),
        ("税收\n12\n35亿元", 35),
    ],
)
def test_cells_and_names_are_not_joined_to_a_number(text: str, value: float) -> None:
    assert find_figures(text)[-1].value == value


def test_years_of_the_republic_are_dates_where_a_text_names_one() -> None:
    figures = find_figures("民國104年度歲入300億元，較103年度增加5%，截至104年底。本縣有104年的歷史，5年內建成。")
    assert [f.reason for f in figures if f.text.endswith("年")] == ["date", "date", "date", "duration", "duration"]
    assert [f.reason for f in find_figures("本縣有104年歷史，104年辦學。")] == ["duration", "duration"]


def test_a_list_shares_the_unit_at_its_end() -> None:
    figures = find_figures("低于预期目标1.6、3.7、1.9个百分点")
    assert [(f.text, f.unit) for f in figures] == [
        ("1.6", "个百分点"),
        ("3.7", "个百分点"),
        ("1.9个百分点", "个百分点"),
    ]


@pytest.mark.parametrize(
    "between", ["，力争", "、力争", "以上、力争", "，奋力冲刺", "，在实际工作中争取达到", "左右，并努力实现", "；确保"]
)
def test_a_figure_that_goes_beyond_another_moves_like_it(between: str) -> None:
    figures = find_figures(f"地区生产总值增长6%{between}7%以上，占比力争8%")
    assert [(f.measure, f.value) for f in figures] == [("growth", 6), ("growth", 7), ("level", 8)]


def test_a_growth_to_be_kept_and_one_to_be_striven_for_are_told_in_short() -> None:
    figures = find_figures("地区生产总值增速“保8争9”，医保5人，确保6、争7")
    assert [(f.text, f.value, f.unit, f.measure) for f in figures if f.reason is None] == [
        ("8", 8, "%", "growth"),
        ("9", 9, "%", "growth"),
        ("5人", 5, "人", "level"),
    ]


def test_a_list_shares_its_verb() -> None:
    figures = find_figures("收入35911元、16009元，分别下降4.1%、7.6%")
    assert [(f.measure, f.value) for f in figures] == [
        ("level", 35911),
        ("level", 16009),
        ("growth", -4.1),
        ("growth", -7.6),
    ]


@pytest.mark.parametrize(
    ("text", "comparators"),
    [
        ("甲企业10家、乙企业50家、丙企业2家以上", ["=", "=", ">="]),
        ("分别增长8%、10%以上", [">=", ">="]),
        ("参保率巩固在97%、95%以上", [">=", ">="]),
        ("达标率分别保持100%、92%以上", ["=", ">="]),
        ("分别突破8万元、4万元", [">", ">"]),
    ],
)
def test_a_comparator_binds_a_bare_list(text: str, comparators: list[str]) -> None:
    assert [figure.comparator for figure in find_figures(text)] == comparators


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2025年2月28日", "date"),
        ("“6·30”高铁通车", "date"),
        ("1—11月", "date"),
        ("延长30年试点", "duration"),
        ("连续14年全市第一", "duration"),
        ("第3次会议", "ordinal"),
        ("居全市第2", "rank"),
        ("稳居12县之首", "rank"),
        ("全国百强县中再进5位", "rank"),
        ("改造G319", "name"),
        ("创建4A级景区", "name"),
        ("PM2.5浓度", "name"),
        ("建成110千伏变电站", "name"),
        ("入围百县100强", "name"),
        ("接听12345热线", "name"),
        ("打造“15分钟品质生活服务圈”", "name"),
        ("，10万吨调和油生产线建成投产", "name"),
        ("国发文件〔2023〕", "document number"),
        ("\n1. 加快发展", "list marker"),
        ("详见附件2", "reference"),
        ("20亿元以上项目", "threshold"),
        ("1000人以上居民点", "threshold"),
        ("收入10万元以上的村", "threshold"),
        ("65岁以上老年人", "threshold"),
        ("举办5人制比赛", "name"),
        ("以下9个方面", "structure"),
    ],
)
def test_what_measures_nothing_has_its_reason(text: str, reason: str) -> None:
    assert [figure.reason for figure in find_figures(text)] == [reason]


@pytest.mark.parametrize(
    "text",
    [
        "过10亿元项目120个",
        "500万元以上固定资产投资增长3%",
        "超50亿元企业2家",
        "收入超过5000万元的企业40家",
        "总投资500万元及以上项目完成投资30亿元",
        "1000万元以下贷款余额增长20%",
        "超1000头养殖场20家",
        "收入过50万元的占10%",
    ],
)
def test_an_amount_that_says_which_of_a_kind_are_counted_is_no_figure(text: str) -> None:
    first, second = find_figures(text)
    assert (first.reason, second.reason) == ("threshold", None)


@pytest.mark.parametrize(
    "text",
    [
        "产值超过50亿元，企业3家",
        "完成100万元以上技改投资，项目3个",
        "设立超10亿元产业基金2支",
        "建成超5万亩产业园区，道路3条",
    ],
)
def test_an_amount_that_was_reached_is_a_figure_beside_a_count(text: str) -> None:
    assert [figure.reason for figure in find_figures(text)] == [None, None]


@pytest.mark.parametrize(
    "text",
    [
        "连续28个月未发生较大事故",
        "人均预期寿命达到79岁",
        "平均受教育年限达到11.7年",
        "办理时间缩短3小时",
        "年产10万吨调和油",
        "建设200万千瓦光伏",
        "建成10万亩以上高标准农田",
        "完成100万元以上投资",
        "新增IPO企业5家",
        "应对24轮强降雨",
        "推出7项制度创新成果",
        "引进2家以上企业",
    ],
)
def test_what_looks_like_a_name_or_limit_still_measures(text: str) -> None:
    assert only(text).start >= 0


def test_where_a_thing_came_from_is_its_base() -> None:
    figures = find_figures("事项从39个拓展到91个")
    assert [(figure.value, figure.reason) for figure in figures] == [(39, "base"), (91, None)]


def test_every_reason_is_documented() -> None:
    assert tuple(REASONS) == get_args(Reason)


@pytest.mark.parametrize(
    ("value", "unit", "base"),
    [
        (256.9, "亿元", (25690000000, "元")),
        (15, "万人次", (150000, "人次")),
        (1.8, "万亩", (18000, "亩")),
        (1.1, "千元", (1100, "元")),
        (46.1, "万千瓦", (461000, "千瓦")),
        (3.5, "千克", (3.5, "千克")),
        (5.3, "%", (5.3, "%")),
        (2, "个百分点", (2, "个百分点")),
        (200, "万", (2000000, "")),
        (0.00001, "万元", (0.1, "元")),
    ],
)
def test_base_quantities_are_exact(value: float, unit: str, base: tuple[float, str]) -> None:
    assert base_quantity(value, unit) == base
    assert type(base_quantity(value, unit)[0]) is type(base[0])


@pytest.mark.parametrize("name", REPORTS)
def test_labelled_figures_are_found_as_labelled(name: str) -> None:
    text, labels = report(name)
    found = {figure.start: figure for figure in find_figures(text)}
    wrong = [
        label["figure"]
        for start, label in labels.items()
        if start not in found
        or (found[start].text, found[start].value, found[start].unit)
        != (label["figure"], label["value"], label["unit"])
        or found[start].measure != label.get("measure", found[start].measure)
        or found[start].comparator != label.get("comparator", found[start].comparator)
        or found[start].reason
    ]
    # All were right when this was written; half a percent is left to rules that gain more elsewhere.
    assert len(wrong) <= len(labels) // 200, wrong


@pytest.mark.parametrize("name", REPORTS)
def test_numbers_that_no_label_holds_have_a_reason(name: str) -> None:
    text, labels = report(name)
    others = [figure for figure in find_figures(text) if figure.start not in labels]
    unexplained = [figure.text for figure in others if figure.reason is None]
    # 5 of 172 over the three reports: totals (15件…完成14件), a project's own sum, counts of the text's indicators.
    assert len(unexplained) <= 4, unexplained


def test_a_stretch_gives_the_figures_of_the_whole() -> None:
    text, _ = report(REPORTS[0])
    begin, end = text.index("\n", 2000), text.index("\n", 6000)
    whole = [figure for figure in find_figures(text) if begin <= figure.start < end]
    assert find_figures(text, begin, end) == whole


@pytest.mark.parametrize("piece", ["1", " ", "1、", "7 ", "1,", "3.", "1%、", "3—", "“3", "百分之", "分别3个，", "*"])
def test_cost_grows_with_length_alone(piece: str) -> None:
    def seconds(size: int) -> float:
        text = "1" + piece * (size // len(piece))
        taken = []
        for _ in range(3):  # the least: what else the machine does only adds
            begin = time.process_time()
            find_figures(text)
            taken.append(time.process_time() - begin)
        return min(taken)

    # Four times the text; what is quadratic would take sixteen times as long.
    assert seconds(40_000) < 10 * max(seconds(10_000), 0.01)
