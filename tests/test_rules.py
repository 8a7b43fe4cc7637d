"""The embedded model reads what a person would read in a sentence."""

from __future__ import annotations

import pytest

import llmx
from llmx.tasks.government.records import Record
from llmx.tasks.government.rules.edges import EDGES, Edge

REVIEW = "某县人民政府工作报告\n2025年1月10日\n一、2024年工作回顾\n"
PLAN = REVIEW + "过去一年，工作扎实。\n二、2025年工作安排\n"


def read(text: str, front: str = REVIEW) -> list[Record]:
    result = llmx.extract(llmx.read_text(front + text, id="sample"))
    assert all(result.document.text[record.start : record.end] == record.quote for record in result.records)
    return list(result.records)


def measured(text: str, front: str = REVIEW) -> list[tuple[str, str, str]]:
    return [(r.indicator, r.measure, r.figure) for r in read(text, front) if getattr(r, "figure", None)]


def names(text: str, front: str = REVIEW) -> list[tuple[str, str]]:
    return [(r.name, r.stage) for r in read(text, front) if r.type == "project"]


def honours(text: str, front: str = REVIEW) -> list[str]:
    return [r.indicator for r in read(text, front) if getattr(r, "kind", None) == "recognition"]


def test_a_second_figure_without_words_of_its_own_measures_the_same_thing() -> None:
    assert measured("地区生产总值达到256.9亿元、增长5.5%。") == [
        ("地区生产总值", "level", "256.9亿元"),
        ("地区生产总值", "growth", "5.5%"),
    ]


@pytest.mark.parametrize("tab", ["\t", ""], ids=["with tabs", "as a PDF has it"])
def test_the_rows_of_a_flattened_table_measure_what_its_labels_name(tab: str) -> None:
    cells = [
        "产业链",
        "发展目标",
        "重点项目",
        "船舶制造",
        "产值突破12亿元，新增企业3家。",
        "建成船坞项目。",
        "玩具",
        "产值突破9亿元。",
    ]
    table = "专栏“五链产业”发展\n" + "".join(f"{tab}{cell}\n" for cell in cells)
    front = "一、2025年主要工作\n（一）发展工业。力争产值突破100亿元。\n"
    assert [name for name, _, _ in measured(f"{table}（二）发展农业。新建粮仓2座。\n", front)][1:] == [
        "船舶制造产值",
        "船舶制造新增企业",
        "玩具产值",
        "新建粮仓",
    ]


def test_subjects_are_given_their_figures_in_order() -> None:
    assert measured("规上工业增加值、一般公共预算收入分别增长8.6%、69.2%。") == [
        ("规上工业增加值", "growth", "8.6%"),
        ("一般公共预算收入", "growth", "69.2%"),
    ]


def test_shared_words_are_distributed() -> None:
    assert [name for name, _, _ in measured("批发、零售销售额分别增长15.7%、11.7%。")] == ["批发销售额", "零售销售额"]


def test_town_and_country_are_told_apart_and_growth_refers_back() -> None:
    assert measured("城乡居民人均可支配收入35911元、16009元，增长4.1%、7.6%。") == [
        ("城镇居民人均可支配收入", "level", "35911元"),
        ("农村居民人均可支配收入", "level", "16009元"),
        ("城镇居民人均可支配收入", "growth", "4.1%"),
        ("农村居民人均可支配收入", "growth", "7.6%"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("建成39个乡镇级物流配送点、152个村级电商服务站。", ["建成乡镇级物流配送点", "建成村级电商服务站"]),
        ("新增高新技术企业28家、科技型企业241家。", ["新增高新技术企业", "新增科技型企业"]),
        ("完成79个老旧小区改造。", ["完成老旧小区改造"]),
        ("建设景区直连线17条115公里。", ["建设景区直连线", "建设景区直连线"]),
    ],
)
def test_a_verb_belongs_to_what_is_counted_and_is_shared(text: str, expected: list[str]) -> None:
    assert [name for name, _, _ in measured(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("柳州园区数由上年12个增加到15个。", ["柳州园区数"]),
        ("茶叶、柑橘产量分别从3万吨、5万吨提高到4万吨、7万吨。", ["茶叶产量", "柑橘产量"]),
        ("低保标准从2020年的600元/月、4000元/年提高到2025年的700元/月。", ["低保标准"]),
        ("农田灌溉水有效利用系数不低于0.6，群众满意度不低于90%。", ["农田灌溉水有效利用系数", "群众满意度"]),
    ],
)
def test_what_a_figure_was_before_is_no_part_of_what_it_measures(text: str, expected: list[str]) -> None:
    assert [name for name, _, _ in measured(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("物流园增至21个、居全省第2位，冷库增至9个、居全省第1位。", ["物流园", "冷库"]),
        ("财政收入达到90亿元，3年增长40%。", ["财政收入", "财政收入"]),
        ("财政收入达到90亿元、增长2%（同口径增长3%）。", ["财政收入", "财政收入", "财政收入"]),
        ("粮食产量连续8年稳定在30万吨以上。", ["粮食产量"]),
        ("11个县（市、区）通过义务教育均衡评估。", ["县（市、区）通过义务教育均衡评估"]),
        ("高等教育毛入学率达60%。", ["高等教育毛入学率"]),
        ("推出政务服务“立等可取”事项52项。", ["推出政务服务“立等可取”事项"]),
        ("一二三产增加值分别增长3%、6%、5%。", ["一产增加值", "二产增加值", "三产增加值"]),
        ("城市公园、“口袋公园”保有量分别达到30个、80个。", ["城市公园保有量", "“口袋公园”保有量"]),
        ("亿元以上项目新开工43个、竣工38个。", ["亿元以上项目新开工", "亿元以上项目竣工"]),
        ("初中毕业生升学基本全覆盖、70%就读普通高中。", ["就读普通高中"]),
        ("改造提升超5000个乡镇卫生院。", ["改造提升乡镇卫生院"]),
        ("生产安全事故起数、死亡人数分别下降10.9%、7%。", ["生产安全事故起数", "死亡人数"]),
        ("公路、水利投资分别比“十三五”时期增长19%、12%。", ["公路投资", "水利投资"]),
        ("建成过江通道4座、在建8座。", ["建成过江通道", "在建过江通道"]),
        ("新增公园12座、累计达到110座。", ["新增公园", "公园"]),
        ("产后访视率、0—6岁儿童健康管理率达到90%以上。", ["产后访视率、0—6岁儿童健康管理率"]),
        ("制造业、普惠小微贷款余额分别增长10%、13%。", ["制造业贷款余额", "普惠小微贷款余额"]),
        ("粮食产量要稳定在30万吨以上。", ["粮食产量"]),
        ("城镇、农村低保标准分别再提高30元、20元。", ["城镇低保标准", "农村低保标准"]),
        ("要把药费占比控制在30%以内。", ["药费占比"]),
        ("再减少贫困人口1000人，赤字率拟按3%安排。", ["减少贫困人口", "赤字率"]),
        ("新增长护险参保15万人，参保率达93%。", ["新增长护险参保", "长护险参保率"]),
        ("提高退休人员养老金，人均增加80元。", ["提高退休人员养老金人均"]),
        ("小微企业贷款增速高于40%。", ["小微企业贷款增速"]),
        (
            "金融机构存、贷款余额分别突破290亿元、240亿元，是2018年的1.4倍、1.6倍。",
            ["金融机构存款余额", "金融机构贷款余额"] * 2,
        ),
        ("销售收入达56亿元；辖内税收迈过十亿大关，达13亿元，增长28%。", ["销售收入", "辖内税收", "辖内税收"]),
        ("实际使用内资30亿元、外资3亿美元、折合21亿元人民币。", ["实际使用内资", "实际使用外资", "实际使用外资"]),
        ("专利申请量占全市41%、占全省36%。", ["专利申请量占全市", "专利申请量占全省"]),
        ("总产值完成4亿元，占年计划的53.1%，同比增长13%。", ["总产值", "总产值占年计划", "总产值"]),
        ("158个重点项目完成投资189亿元。", ["重点项目", "重点项目完成投资"]),
        ("已开工项目33个，未开工项目17个。", ["开工项目", "未开工项目"]),
        ("粮食产量跃上40亿斤新台阶，1—5月完成投资8亿元。", ["粮食产量", "完成投资"]),
        ("预算收入2.5亿元，下降（同口径）19%。", ["预算收入", "预算收入"]),
        ("高标准农田达到11万亩。", ["高标准农田"]),
        ("改造农村危房97户，易地扶贫搬迁23户。", ["改造农村危房", "易地扶贫搬迁"]),
        ("预算收入3.5亿元，自然增幅2%，同口径完成3.6亿元。", ["预算收入", "预算收入", "预算收入"]),
        ("粮食播种面积达8万亩，产量2万吨；税收由2147万元增加至4250万元。", ["粮食播种面积", "粮食产量", "税收"]),
        ("工业增加值由3750万元达到13649万元。", ["工业增加值"]),
        ("培育出栏50头以上养殖大户23户。", ["培育出栏50头以上养殖大户"]),
        ("氨氮、氮氧化物排放量分别下降13%、20%。", ["氨氮排放量", "氮氧化物排放量"]),
        ("5个省重点项目、61个市重点项目分别完成投资29亿元。", ["省重点项目", "市重点项目", "市重点项目完成投资"]),
        (
            "5个省重点项目、61个市重点项目分别完成投资29亿元、76亿元，分别占年度计划111%、110%。",
            [whose + what for whose in ("省重点项目", "市重点项目") for what in ("", "完成投资", "完成投资占年度计划")],
        ),
        ("完成23项指标，未达预期14项。", ["完成指标", "未达预期"]),
        ("“十一五”期间共完成投资178亿元，是“十五”期间的5倍，年均增长45%。", ["完成投资"] * 3),
        ("农村自来水、卫生户厕普及率分别提升至97%、99%。", ["农村自来水普及率", "卫生户厕普及率"]),
    ],
)
def test_what_goes_on_around_a_figure_is_kept_apart(text: str, expected: list[str]) -> None:
    assert [name for name, _, _ in measured(text)] == expected


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: edge.words)
def test_words_that_lead_to_a_figure_are_cut_whole(edge: Edge) -> None:
    name = edge.example.partition("|")[0]
    assert {indicator for indicator, _, _ in measured(edge.example.replace("|", "") + "6%。")} == {name}
    for char in edge.within:  # 平均: with these the word is a part of another, which stays or goes whole
        for word in edge.words.split():
            (indicator,) = {name for name, _, _ in measured(f"某项数值{char}{word}6%。")}
            assert not indicator.endswith(char) or indicator.endswith(char + word)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("茶产业做大做强，总量突破30亿元。", ["茶产业总量"]),
        ("龙口工业园建成投产，产值突破50亿元。", ["龙口工业园产值"]),
        ("加快发展低空经济，规模达到100亿元。", ["低空经济规模"]),
        ("加快建筑业工业化、绿色化发展，产值增长15%。", ["建筑业产值"]),
        ("支持柳湖园区加快建设一流材料基地，总产值达190亿元。", ["柳湖园区总产值"]),
        ("木业产业，建设柳湖、梅山等园区，力争产值1300亿元。", ["木业产业产值"]),
        ("新增上市企业7家、总数达161家。", ["新增上市企业", "上市企业总数"]),
        ("服务贸易进出口增长20%、总额13亿美元。", ["服务贸易进出口", "服务贸易进出口总额"]),
        ("引进优强企业78家、到位投资额41亿元。", ["引进优强企业", "引进优强企业到位投资额"]),
        ("地区生产总值增长6%，税收增长5%。", ["地区生产总值", "税收"]),
        ("发放救助金25亿元，惠及6万人。", ["发放救助金", "救助金惠及"]),
        ("实施养老惠民工程，惠及3万人。", ["养老惠民工程惠及"]),
        ("预算收入10亿元，同比增收3761万元。", ["预算收入", "预算收入增收"]),
        ("新能源汽车达到20万辆，其中农村10万辆。", ["新能源汽车", "农村新能源汽车"]),
        ("新增车位2500个，其中中心城区500个。", ["新增车位", "新增中心城区车位"]),
        ("在建亿元以上项目136个，其中新开工102个。", ["在建亿元以上项目", "新开工亿元以上项目"]),
        ("签约项目70个、金额40亿元，开工40个。", ["签约项目", "签约项目金额", "开工项目"]),
        ("柳湖苑、梅山园等房地产项目快速推进，完成投资9亿元。", ["房地产项目完成投资"]),
        ("实施总投资5亿元的12个供水项目。", ["实施供水项目", "供水项目总投资"]),
        ("编目数据4486类、归集7539万条。", ["编目数据", "归集编目数据"]),
        ("粮食播种面积和产量分别达20万亩、9万吨。", ["粮食播种面积", "粮食产量"]),
        ("城乡居民收入均稳居全省第2，分别增长4%、7%。", ["城镇居民收入", "农村居民收入"]),
        ("移送问题线索34件、涉及25人。", ["移送问题线索", "移送问题线索涉及"]),
    ],
)
def test_a_measure_that_says_nothing_by_itself_is_given_whose_it_is(text: str, expected: list[str]) -> None:
    assert [name for name, _, _ in measured(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一、二、三产分别增长4%、6%、5%。", ["一产", "二产", "三产"]),
        ("其中一、二、三产增加值分别增长4%、6%、5%。", ["一产增加值", "二产增加值", "三产增加值"]),
        ("第一、二、三产业增加值达3亿元、4亿元、5亿元。", ["第一产业增加值", "第二产业增加值", "第三产业增加值"]),
        ("三次产业增长4%、6%、5%。", ["第一产业", "第二产业", "第三产业"]),
        ("第二、第三产业分别增长6%、5%。", ["第二产业", "第三产业"]),
        (
            "工业投资、技改投资占固定资产投资比重分别达30%、10%。",
            ["工业投资占固定资产投资比重", "技改投资占固定资产投资比重"],
        ),
        ("铁矿石、煤炭接卸能力分别达1亿吨、2亿吨。", ["铁矿石接卸能力", "煤炭接卸能力"]),
        ("粮食、蔬菜、肉蛋奶产量分别达9万吨、8万吨、5万吨。", ["粮食产量", "蔬菜产量", "肉蛋奶产量"]),
        ("智能手机、平板电脑产量分别增长9%、8%。", ["智能手机产量", "平板电脑产量"]),
        ("接待游客人次、旅游收入分别增长9%、8%。", ["接待游客人次", "旅游收入"]),
        ("接待游客90万人次、旅游收入8亿元。", ["接待游客", "旅游收入"]),
        ("审批用海30亩，争取用地指标20亩。", ["审批用海", "用地指标"]),
        ("新开工5个百亿元级、10个30亿元级工业项目。", ["新开工百亿元级工业项目", "新开工30亿元级工业项目"]),
        ("完成30个小区整治和40套住宅改造。", ["完成小区整治", "完成住宅改造"]),
        ("商事主体达42万户，新登记5万户。", ["商事主体", "新登记商事主体"]),
        ("新增省级、市级龙头企业2家、20家。", ["新增省级龙头企业", "新增市级龙头企业"]),
        ("实施74项国家级、94项省级改革试点。", ["实施国家级改革试点", "实施省级改革试点"]),
    ],
)
def test_a_list_of_sectors_or_shares_is_told_apart(text: str, expected: list[str]) -> None:
    assert [name for name, _, _ in measured(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("工业增加值下降2%，降幅收窄3个百分点。", ("工业增加值降幅", "change", -3)),
        ("进出口总额降幅较上年收窄3个百分点。", ("进出口总额降幅", "change", -3)),
        ("城乡收入差距收窄2个百分点。", ("城乡收入差距", "change", -2)),
        ("税收增收3761万元。", ("税收增收", "level", 3761)),
        ("地区生产总值增长6%，奋力冲刺7%。", ("地区生产总值", "growth", 7)),
        ("耕地占用税收入2亿元，增长5%。", ("耕地占用税收入", "growth", 5)),
        ("民营经济占全市41%，增长5%。", ("民营经济", "growth", 5)),
        ("电商交易额突破百亿大关、达108亿元。", ("电商交易额", "level", 108)),
        ("固定资产投资近万亿元、增长11%。", ("固定资产投资", "growth", 11)),
        ("村集体收入平均达50万元。", ("村集体收入", "level", 50)),
        ("增速高于全省平均水平2个百分点。", ("增速高于全省平均水平", "change", 2)),
        ("新增“五上”企业79家、列全省第4。", ("新增“五上”企业", "level", 79)),
        ("“专精特新企业达到20家。", ("专精特新企业", "level", 20)),
        ("人均收入（含务工增长7%。", ("人均收入", "growth", 7)),
        ("装配式建筑占70%。", ("装配式建筑占比", "level", 70)),
        ("医疗中心和6个卫生院建成投用。", ("卫生院建成投用", "level", 6)),
        ("规划纲要明确2025年经济总量达到700亿元。", ("经济总量", "level", 700)),
        ("“一企一策”推动融资平台退出10家。", ("推动融资平台退出", "level", 10)),
        ("柳湖机场增开甲城至乙城、丙城等3条航空快线。", ("柳湖机场增开航空快线", "level", 3)),
        ("统筹2.8亿元衔接资金实施涉农项目。", ("统筹衔接资金", "level", 2.8)),
        ("改革做法98项在全国、全省交流。", ("改革做法在全国、全省交流", "level", 98)),
        ("培训人才200名、全省第一。", ("培训人才", "level", 200)),
        ("拉动GDP增长3个百分点。", ("拉动GDP", "change", 3)),
        ("全市瞪羚企业⑤23家。", ("瞪羚企业", "level", 23)),
        ("民国104年度预算岁入300亿元。", ("预算岁入", "level", 300)),
        ("地区生产总值2920亿元、总量居全省第5位，增长6.7%。", ("地区生产总值", "growth", 6.7)),
        ("政银企对接签约1070亿元。", ("政银企对接签约", "level", 1070)),
        ("新增首店20家，柳河药业等4家企业入选百强。", ("企业入选百强", "level", 4)),
        ("签约柳湖、梅山等百亿级项目9个。", ("签约百亿级项目", "level", 9)),
        ("123个老旧小区改造惠及1万户群众。", ("老旧小区改造惠及群众", "level", 1)),
        ("发放低保、临时救助等救助金4亿元。", ("发放低保、临时救助等救助金", "level", 4)),
    ],
)
def test_an_indicator_is_neither_clipped_nor_padded(text: str, expected: tuple[str, str, float]) -> None:
    last = [r for r in read(text) if getattr(r, "figure", None)][-1]
    assert (last.indicator, last.measure, last.value) == expected


def test_a_figure_without_words_of_its_own_belongs_to_the_clause_before() -> None:
    assert measured("财政收入迈过千亿大关，达1330亿元，增长28.5%。") == [
        ("财政收入", "level", "1330亿元"),
        ("财政收入", "growth", "28.5%"),
    ]


def test_a_fall_is_negative() -> None:
    records = [r for r in read("亡人事故数下降28.6%。") if getattr(r, "figure", None)]
    assert [(r.value, r.measure) for r in records] == [(-28.6, "growth")]


def test_the_section_decides_between_target_and_achievement() -> None:
    assert {r.type for r in read("地区生产总值增长7%。", PLAN)} == {"target"}
    assert {r.type for r in read("地区生产总值增长7%。")} == {"achievement"}


def test_the_year_that_a_figure_is_compared_with_is_not_its_year() -> None:
    assert {record.year for record in read("贷款余额达240亿元，是2018年的1.6倍。")} == {2024}
    assert {record.year for record in read("生产总值由2018年的77亿元跃升到2023年的161亿元。")} == {2023}


def test_a_larger_areas_figure_carries_its_scope() -> None:
    (wider,) = read("全省经济增长目标为6%。", PLAN)
    (own,) = read("全县经济增长目标为6%。", PLAN)
    assert (wider.scope, own.scope) == ("全省", None)
    assert wider.quote == "全省经济增长目标为6%"


def test_a_title_that_begins_with_the_country_is_no_scope() -> None:
    (record,) = read("全国文明村镇达到84个。")
    assert record.scope is None


def test_a_year_named_in_the_sentence_wins_over_the_sections() -> None:
    (record,) = read("到2027年，森林覆盖率达到65%以上。", PLAN)
    assert (record.year, record.comparator) == (2027, ">=")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "长松大道、龙普路、龙耀路竣工通车。",
            [("长松大道", "completed"), ("龙普路", "completed"), ("龙耀路", "completed")],
        ),
        ("开工建设三坝溪大桥。", [("三坝溪大桥", "started")]),
        ("加快戏沙湖水库、庙湾水库等重大工程前期工作。", [("戏沙湖水库", "preparation"), ("庙湾水库", "preparation")]),
        ("推动渝厦高铁重庆至黔江段正式通车。", [("渝厦高铁重庆至黔江段", "completed")]),
        ("荷花、幸福、柳园水库加快建设。", [("荷花水库", "ongoing"), ("幸福水库", "ongoing"), ("柳园水库", "ongoing")]),
        ("加快建设龙口、柳坪2座抽水蓄能电站。", [("龙口抽水蓄能电站", "ongoing"), ("柳坪抽水蓄能电站", "ongoing")]),
        (
            "建成柳湖公园、梅山公园等13座城市公园和275个口袋公园。",
            [("柳湖公园", "completed"), ("梅山公园", "completed")],
        ),
        (
            "建成投用柳州东站、龙河复线高速等340个市级重点项目。",
            [("柳州东站", "completed"), ("龙河复线高速", "completed")],
        ),
        ("推进龙江高等研究院建设。", [("龙江高等研究院", "ongoing")]),
        ("力争鄱江水利枢纽工程开工建设。", [("鄱江水利枢纽工程", "started")]),
        ("开工改扩建龙口至永寿高速公路。", [("龙口至永寿高速公路", "started")]),
        ("柳白高铁、G331通车。", [("柳白高铁", "completed"), ("G331", "completed")]),
        ("龙河水利枢纽下闸蓄水。", [("龙河水利枢纽", "ongoing")]),
        ("支持柳明产业园、广龙合作产业园加快建设。", [("柳明产业园", "ongoing"), ("广龙合作产业园", "ongoing")]),
        (
            "柳江高铁和眉太、龙口至梅州等4条高速公路建成通车。",
            [("柳江高铁", "completed"), ("眉太高速公路", "completed"), ("龙口至梅州高速公路", "completed")],
        ),
        ("提速推进外环大道等提升工程。", [("外环大道提升工程", "ongoing")]),
        (
            "开工龙口水库、柳坪水库等水利项目，以及梅河大桥、白云抽水蓄能电站等项目。",
            [(name, "started") for name in ("龙口水库", "柳坪水库", "梅河大桥", "白云抽水蓄能电站")],
        ),
        ("加快长龙渠引水工程前期工作。", [("长龙渠引水工程", "preparation")]),
        ("争取后安、白泉等煤矿项目核准。", [("后安煤矿项目", "preparation"), ("白泉煤矿项目", "preparation")]),
        (
            "柳河、梅溪湿地公园建设推进顺利。",
            [("柳河湿地公园", "ongoing"), ("梅溪湿地公园", "ongoing")],
        ),
        ("柳明小学、世外高中等10所学校投入使用。", [("柳明小学", "completed"), ("世外高中", "completed")]),
        ("扩能改造临哈线、集二线。", [("临哈线", "ongoing"), ("集二线", "ongoing")]),
        ("先后建成龙港大道、柳东快线等项目。", [("龙港大道", "completed"), ("柳东快线", "completed")]),
        ("改造完成G207、G325及S280等15条国省道。", [(road, "completed") for road in ("G207", "G325", "S280")]),
        ("龙河疏港铁路进入勘察设计招标阶段。", [("龙河疏港铁路", "preparation")]),
        ("柳河路步行街改造全面完成。", [("柳河路步行街改造", "completed")]),
    ],
)
def test_projects_are_named_one_by_one_with_their_stage(text: str, expected: list[tuple[str, str]]) -> None:
    assert names(text, PLAN) == expected


@pytest.mark.parametrize(
    "text",
    [
        "推进老旧小区改造。",
        "实施“双倍增”行动计划。",
        "新建幼儿园2所。",
        "完善基础设施建设。",
        "健全工作机制。",
        "推进国家治理体系现代化。",
        "支持龙州、柳州、梅州等市推进重大项目。",
        "加快钢铁、煤炭等10个传统产业提质升级。",
        "深入开展“两清两改两治理”。",
        "继续实施10大类60项民生实事项目。",
        "推动龙州走出一条高质量发展新路。",
        "支持工会、妇联等群团组织参与社会治理。",
        "规划建设龙江经济带、海上丝绸之路。",
        "建设全国统一大市场。",
        "深入实施“四良两优”工程。",
        "推动部署和举措直达末梢一线。",
        "共建共治共享幸福美好家园。",
        "深入推进招标投标领域突出问题系统整治。",
        "加快建设零碳园区、零碳工厂。",
    ],
)
def test_what_names_no_project_is_none(text: str) -> None:
    assert names(text, PLAN) == []


def test_the_sum_invested_in_a_project_is_its_amount_and_no_record_of_its_own() -> None:
    (record,) = read("总投资8亿元的三坝溪大桥开工建设。")
    assert (record.type, record.name, record.amount, record.amount_unit) == ("project", "三坝溪大桥", 8, "亿元")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("县人民医院晋级国家三级综合医院。", ["县人民医院晋级国家三级综合医院"]),
        ("云海药业、宏霖食品入选市级百强企业名单。", ["云海药业入选市级百强企业名单", "宏霖食品入选市级百强企业名单"]),
        ("世界地质公园通过国家级评审。", ["世界地质公园通过国家级评审"]),
        (
            "葡萄酒、枸杞、生鲜乳等年产量均居全国前列。",
            ["葡萄酒年产量居全国前列", "枸杞年产量居全国前列", "生鲜乳年产量居全国前列"],
        ),
        ("地区生产总值增长5.8%，增速居全省第2位。", ["地区生产总值增速居全省第2位"]),
        ("投资增长86%，增幅全省排第9位。", ["投资增幅全省排第9位"]),
        ("龙河药业、柳州药业分别被评为省级示范企业。", ["龙河药业评为省级示范企业", "柳州药业评为省级示范企业"]),
        ("研发人员达15万人、高技能人才达8万人，均居全省首位。", ["研发人员居全省首位", "高技能人才居全省首位"]),
        (
            "一产、二产增加值分别增长6%、5.2%，分别居全省第二、第七。",
            ["一产增加值居全省第二", "二产增加值居全省第七"],
        ),
        ("创建国家级产业集群7个、居全省第1位。", ["创建国家级产业集群居全省第1位"]),
        (
            "京剧《龙河》主演获中国戏剧梅花奖、白玉兰奖。",
            ["京剧《龙河》主演获中国戏剧梅花奖", "京剧《龙河》主演获白玉兰奖"],
        ),
    ],
)
def test_recognitions_are_given_to_each_holder(text: str, expected: list[str]) -> None:
    assert honours(text) == expected


def test_a_rank_beside_a_figure_is_a_record_of_its_own() -> None:
    records = read("航运运力达281万载重吨、全市第一。")
    assert {(r.kind, r.quote) for r in records} == {
        ("quantified", "航运运力达281万载重吨"),
        ("recognition", "航运运力达281万载重吨、全市第一"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "始终把群众安全放在第一位。",
        "我县率先实现复工复产。",
        "化学需氧量排放近年来首次下降。",
        "更多慢性病纳入医保报销范围。",
        "临街东部片区率先发展。",
    ],
)
def test_what_nobody_awarded_or_ranked_is_no_recognition(text: str) -> None:
    assert honours(text) == []


@pytest.mark.parametrize(
    "text", ["争取三年内解决“大班额”问题。", "开展粮油高产创建。", "为建成社会主义现代化国家而奋斗。"]
)
def test_what_is_no_named_status_is_no_aim(text: str) -> None:
    assert honours(text, PLAN) == []


def test_counted_honours_are_figures_not_recognitions() -> None:
    assert honours("成功创建市级示范村5个。") == []


def test_problems_are_split_into_statements() -> None:
    text = "同时，我们也清醒看到，发展还面临一些困难和挑战。主要是：产业链层次低，投资拉动能力弱；财政收支矛盾突出；公共服务与群众期盼还有差距。对此，我们将认真加以解决。"
    problems = [(r.quote, r.domain) for r in read(text) if r.type == "problem"]
    assert problems == [
        ("产业链层次低", "industry"),
        ("投资拉动能力弱", "economy"),
        ("财政收支矛盾突出", "finance"),
        ("公共服务与群众期盼还有差距", "livelihood"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "我们也清醒认识到：园区转型仍处于攻坚期，外部环境变化影响加深；民生领域还有不少短板。",
            [
                ("园区转型仍处于攻坚期", "industry"),
                ("外部环境变化影响加深", "economy"),
                ("民生领域还有不少短板", "livelihood"),
            ],
        ),
        (
            "全县经济社会发展中还存在不少困难和问题，老问题、新挑战仍然不少。营商环境还需改善，风险防控、安全发展还有薄弱环节，形式主义、官僚主义仍然存在。",
            [
                ("营商环境还需改善", "economy"),
                ("风险防控、安全发展还有薄弱环节", "safety"),
                ("形式主义、官僚主义仍然存在", "governance"),
            ],
        ),
        (
            "在发展和工作中还存在不少困难和问题。雾霾天气频发；政风行风还需改进。对上述问题，我们都不能掉以轻心。",
            [("雾霾天气频发", "environment"), ("政风行风还需改进", "governance")],
        ),
        (
            "主要是：有效需求不足，这更加坚定我们改革的决心；同先进地区相比，创新能力不强。只要我们迎难而上，前方必将是坦途。",
            [("有效需求不足", "economy"), ("创新能力不强", "industry")],
        ),
    ],
)
def test_only_what_is_admitted_is_a_problem(text: str, expected: list[tuple[str, str]]) -> None:
    front = "同时，我们也清醒看到存在的困难。"
    assert [(r.quote, r.domain) for r in read(front + text) if r.type == "problem"] == expected


def test_ids_are_the_same_from_run_to_run_and_differ_within_one() -> None:
    text = "地区生产总值达到256.9亿元、增长5.5%，建成三坝溪大桥、龙洞大桥。"
    first, second = read(text), read(text)
    assert [r.id for r in first] == [r.id for r in second]
    assert len({r.id for r in first}) == len(first)
