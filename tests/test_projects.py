"""Projects of a sentence: each row of words by its own example, and the forms that lists take."""

from __future__ import annotations

import pytest
from test_rules import PLAN, REVIEW, names, read

from llmx.tasks.government.rules.project_names import NOT_NAMES
from llmx.tasks.government.rules.project_stages import PHRASES, ROWS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.stage} {row.place} {row.weak}")
def test_each_word_of_a_row_tells_the_rows_stage(row) -> None:
    told = {word: names(row.example.format(word), PLAN) for word in row.words.split()}
    assert told == {word: [("龙口水库", row.stage)] for word in told}


@pytest.mark.parametrize(("stage", "example"), [(stage, example) for _, stage, example in PHRASES])
def test_each_phrase_tells_its_stage(stage: str, example: str) -> None:
    assert names(f"{example}。", PLAN) == [("龙口水库", stage)]


@pytest.mark.parametrize("row", NOT_NAMES, ids=lambda row: row.reason)
def test_what_has_a_form_that_no_project_has_is_none(row) -> None:
    assert names(row.example, PLAN) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("加快龙口、柳坪、梅河技工学校建设。", ["龙口技工学校", "柳坪技工学校", "梅河技工学校"]),
        ("龙口、柳坪两条高速加快建设。", ["龙口高速", "柳坪高速"]),
        ("完成龙口镇、柳坪乡天然气管网建设。", ["龙口镇天然气管网", "柳坪乡天然气管网"]),
        ("加快柳河、金梅、龙泉三大科技城建设。", ["柳河科技城", "金梅科技城", "龙泉科技城"]),
        ("续建龙口、柳坪过江通道。", ["龙口过江通道", "柳坪过江通道"]),
        ("加快龙口、柳坪2个220千伏变电站建设。", ["龙口220千伏变电站", "柳坪220千伏变电站"]),
        ("龙柳、柳梅高铁和安龙铁路全线贯通。", ["龙柳高铁", "柳梅高铁", "安龙铁路"]),
        ("加快龙口、柳坪等地尾渣消纳场建设。", ["龙口尾渣消纳场", "柳坪尾渣消纳场"]),
        ("龙州至柳坪、柳坪至梅县高速加快建设。", ["龙州至柳坪高速", "柳坪至梅县高速"]),
        ("加快龙山古镇更新和柳河两岸、玉泉街等老街改造。", ["龙山古镇更新", "柳河两岸老街改造", "玉泉街老街改造"]),
        ("完成柳河东路、梅园南街改造。", ["柳河东路改造", "梅园南街改造"]),
        ("新建龙河110千伏、柳坪35千伏变电站。", ["龙河110千伏变电站", "柳坪35千伏变电站"]),
        ("实施龙瑞汽车、三木汽车、柳州曲轴技改扩能。", ["龙瑞汽车技改扩能", "三木汽车技改扩能", "柳州曲轴技改扩能"]),
    ],
)
def test_shared_words_are_those_that_stand_at_the_lists_end(text: str, expected: list[str]) -> None:
    assert [name for name, _ in names(text, PLAN)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "推进龙河第三中学、柳州市第七中学和梅县第四小学教学楼建设。",
            ["龙河第三中学", "柳州市第七中学", "梅县第四小学教学楼"],
        ),
        ("建成越东路北延等5条快速路、龙绍智慧高速柳州段。", ["越东路北延", "龙绍智慧高速柳州段"]),
        ("加快建设龙口机场、柳坪水库等重大基础设施项目。", ["龙口机场", "柳坪水库"]),
        ("加快龙口水库等交通、水利工程建设。", ["龙口水库"]),
        ("实施生猪繁育、10万吨食用菌和柳河蛋鸡养殖等项目。", ["10万吨食用菌", "柳河蛋鸡养殖"]),
        ("龙芯、柳晶半导体等一批突破关键技术的重点项目全面投产。", ["龙芯", "柳晶半导体"]),
        ("谋划龙柳高速公路、柳河港区等一批打基础、利长远的重大项目。", ["龙柳高速公路", "柳河港区"]),
        ("加快天誉华府等18个商品房项目建设。", ["天誉华府"]),
        ("引江入柳、龙泉江水库库岸带治理等扎实推进。", ["引江入柳", "龙泉江水库库岸带治理"]),
        ("龙河实训基地和6个县域次中心建成投用。", ["龙河实训基地"]),
        ("完成柳河水库扩容200万方。", ["柳河水库扩容"]),
        ("全省首家龙河人力资源产业园启用。", ["龙河人力资源产业园"]),
        ("建成龙河新材料一期、二期项目。", ["龙河新材料一期", "龙河新材料二期项目"]),
        ("抓好龙河中学、柳坪小学改扩建。", ["龙河中学改扩建", "柳坪小学改扩建"]),
        ("投入3亿元实施龙河防洪堤二期、柳溪清淤工程。", ["龙河防洪堤二期", "柳溪清淤工程"]),
        ("引进龙源集团50亿元储能电池项目。", ["龙源集团50亿元储能电池项目"]),
        ("启动龙河一中、柳坪高中等学校建设。", ["龙河一中", "柳坪高中"]),
        ("加快建设望城坡旅游度假区、欢乐硒谷。", ["望城坡旅游度假区", "欢乐硒谷"]),
    ],
)
def test_a_name_that_is_whole_takes_no_words_from_its_list(text: str, expected: list[str]) -> None:
    records = [record for record in read(text, PLAN) if record.type == "project"]
    assert [record.name for record in records][-len(expected) :] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "推动龙河大桥开工、柳坪水库投产。",
            [("龙河大桥", "started"), ("柳坪水库", "completed")],
        ),
        (
            "建成龙河大桥、柳坪水库，新建梅溪水厂。",
            [("龙河大桥", "completed"), ("柳坪水库", "completed"), ("梅溪水厂", "ongoing")],
        ),
        (
            "确保龙柳高速柳州至梅河段10月全线通车、结束县城不通高速的历史。",
            [("龙柳高速柳州至梅河段", "completed")],
        ),
        ("龙河汽车结构件等88个重点项目开工、开工率113.8%。", [("龙河汽车结构件", "started")]),
        (
            "抓好龙河国轩二期、柳州新材料等项目的竣工投产。",
            [("龙河国轩二期", "completed"), ("柳州新材料", "completed")],
        ),
        ("依托龙江水电基地加快推进卡拉、大湾水电站建设。", [("卡拉水电站", "ongoing"), ("大湾水电站", "ongoing")]),
        ("龙河水库、柳州大桥分别完成总工程量的78%、65%。", [("龙河水库", "ongoing"), ("柳州大桥", "ongoing")]),
        ("中国龙河首个古树展览馆在柳州建成投用。", [("中国龙河首个古树展览馆", "completed")]),
        ("力促龙柳铁路2025年前开工建设。", [("龙柳铁路", "started")]),
        ("开工建设国际古树保护中心。", [("国际古树保护中心", "started")]),
        (
            "龙河新材料项目一期投产、二期开工。",
            [("龙河新材料项目一期", "completed"), ("龙河新材料项目二期", "started")],
        ),
        ("与龙源集团签约共建柳河智能制造产业园。", [("柳河智能制造产业园", "preparation")]),
        ("柳江隧道双线贯通。", [("柳江隧道", "completed")]),
        ("东山云廊和百里文廊开通。", [("东山云廊", "completed"), ("百里文廊", "completed")]),
        ("抓好龙河水街、柳州双乐园等建设运营。", [("龙河水街", "ongoing"), ("柳州双乐园", "ongoing")]),
        (
            "柳高高速一期陆域段开工、龙口水库扩建进入可研。",
            [("柳高高速一期陆域段", "started"), ("龙口水库扩建", "preparation")],
        ),
        ("建成龙河片区、高标准建设临江新城。", [("龙河片区", "completed"), ("临江新城", "ongoing")]),
        ("力促龙河抽水蓄能电站尽快核准开工。", [("龙河抽水蓄能电站", "started")]),
        (
            "龙河博物馆、北纬30°展示馆、古城北入口等文化地标建成投用。",
            [(n, "completed") for n in ("龙河博物馆", "北纬30°展示馆", "古城北入口")],
        ),
    ],
)
def test_stages_go_with_the_names_that_they_are_said_of(text: str, expected: list[tuple[str, str]]) -> None:
    assert names(text, PLAN) == expected


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("龙河大桥即将通车。", "ongoing"),
        ("龙河大桥有望年内建成投用。", "ongoing"),
        ("龙河大桥预计年底前完工。", "ongoing"),
        ("龙河大桥具备通车条件。", "ongoing"),
        ("龙河大桥即将开工。", "preparation"),
        ("龙河大桥建成通车。", "completed"),
    ],
)
def test_what_is_still_to_come_in_a_review_has_not_come(text: str, stage: str) -> None:
    assert names(text, REVIEW) == [("龙河大桥", stage)]


@pytest.mark.parametrize("text", ["龙河大桥尚未开工。", "龙河大桥待建成。"])
def test_what_is_denied_is_no_project(text: str) -> None:
    assert names(text, REVIEW) == []


def test_a_name_broken_by_layout_is_one_name_with_a_verbatim_quote() -> None:
    text = "我们坚持把交通建设摆在突出位置，统筹推进城乡道路和水利设施建设，持续完善路网，实施 G211 线龙河界至丁市段改\n造项目，全面改善出行条件。"
    (record,) = [record for record in read(text) if record.type == "project"]
    assert (record.name, record.quote) == ("G211线龙河界至丁市段改造项目", "实施 G211 线龙河界至丁市段改\n造项目")


@pytest.mark.parametrize(
    "text",
    [
        "推动非遗文化进景区。",
        "推进龙河文旅消费转型升级。",
        "推进科技创新、人才引育、主体培优三大工程。",
        "推动兰亭、龙峰等景区争创5A级景区。",
        "支持龙河、柳州等陶瓷产品开拓更加广阔的市场。",
        "打造一批标准住宅小区、邻里中心。",
        "扎实抓好统计、外事、档案等工作。",
        "民族、侨务、气象等工作均取得新进展。",
        "加快机械螺杆、汽配、粮油加工向精密制造转型提升。",
        "打造区域性康养旅游目的地、消费中心城市。",
        "推进已签约项目落地。",
        "招引新型电池、智能家电等优质项目。",
        "引进铝合金、玻纤织物等深加工项目。",
        "建设龙佳、绿泉等线上商城。",
        "建设优质城市酒店、房车营地。",
        "推进招大引强和增资扩产。",
        "实施县城承载能力提升工程。",
        "推进强县工程。",
        "推动柳河老街建设省级特色街区。",
        "推动重点企业实施“揭榜挂帅”项目。",
        "推进寺庙依法连片整治。",
        "保障了重大项目快速落地。",
        "建设布局集中、要素集约的实力主城。",
    ],
)
def test_services_campaigns_industries_and_aims_are_no_projects(text: str) -> None:
    assert names(text, PLAN) == []


def test_every_name_of_a_very_long_list_is_found() -> None:
    many = [f"龙河{at}号水库" for at in range(2_000)]
    found = names(f"开工建设{'、'.join(many)}等项目。", PLAN)
    assert len(found) == len(many)
