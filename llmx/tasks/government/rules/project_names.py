"""What is a project's name: a facility or works, more than its class, nothing that is only governed or promised."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from llmx.alternation import any_of
from llmx.tasks.government.rules.project_classes import THINGS, class_of, is_road, on_one, shape_of

_PLACED = re.compile(
    r"[省市县区镇乡村街路道江河湖溪海岛山岭湾坝桥站港坪沟泉塘寺堡台岸]|[A-Z]\d|[“《]|[一二三四]期|段|至|国家级?|[一-龥]{2}(?:公司|集团|药业|科技|电子|汽车|能源|新材)"
)
_GENERIC = any_of(
    "新一轮 整体 全域 全面 城中村 城市 农村 城乡 城镇 薄弱 城区 老城 县城 县域 乡镇 镇村 村级 乡村 中小学 公办 民办 普惠性 重点 重大 一批 现代 现代化 高标准 高质量 农田 老旧 小区 基础 设施 配套 "
    "污水 雨污 雨水 垃圾 供水 排水 燃气 天然气 供热 电网 配电网 公共 服务 特色 新型 智慧 数字 数字化 智能 智能化 标准化 规范化 综合 商业 商贸 文化 体育 旅游 "
    "健身 口袋 公厕 厕所 停车 充电 充换电 公用 道路 交通 水利 能源 产业 工业 农业 工程 项目 物流 冷链 养老 托育 医疗 卫生 教育 社区 安置 保障性 住房 棚户区 "
    "危房 危旧 管网 管线 生态 环境 人居 绿色 绿化 园林 林业 国省 干线 干道 四好 公路 骨干 主干 次干 干支 线路 网络 信息 通信 5G 基站 新一代 "
    "片区 高等 中等 职业 高校 园区 政府投资 全国 全省 全市 全县 全区 国家 国家级 省级 市级 区级 县级 区域 区域性 优势 优质 先进 高端 新兴 重要 主要 各类 各级 若干 系列 更多 一流 世界 前沿 战略 "
    "高速 普通 低等级 路段 拥堵 出入口 自然 郊野 通航 机场 储能 核电 抽水蓄能 海上 风电 光伏 航空 高铁 铁路 中心 基地 枢纽 廊道 公园 广场 学校 医院 幼儿园 "
    "污水处理 处理 垃圾处理 生活 再生 利用 回收 算力 数据 大数据 平台 国际 世界级 科学 先进制造 仓储 市场 消费 品质 质量 功能 能力 品质化 森林 湿地 生物 多样性 "
    "零碳 低碳 绿电 成果 转化 国有 水土 保持 大中型 大型 中型 小型 危旧房 危旧 厂区 大中型灌区 国有林场 提质 扩容 人工智能 应用 领域 海洋 海岸线 系统 一体化 山水林田湖草沙 红树林 大宗商品 资源 配置 新能源 连通 沟渠 "
    "人文 历史 文物 古镇 古村落 传统 村落 集镇 建制镇 街道 场镇 断面 河道 河流 流域 中小河流 水系 水环境 水生态 大气 土壤 矿山 岸线 灌溉 "
    "创新 科技 科创 高水平 有特色 续建 在建 人才 企业 服务业 制造业 创业 就业 民生 便民 惠民 应急 消防 安全 政务 行政 法治 文明 平安 示范 试点 骨干 标志性 引领性 支撑性 与 和 及 的 "
    "酒店 民宿 餐饮 美丽 宜居 地标 具有 微 有机 牵引性 代表性 精品 嵌入式 公益性 制造 关键 新基建 背街小巷 村道 多层 标准 厂房 种植 养殖 水产 已 建设 签约 招商 引资 引进 储备 开工 新 老 旧 县级 保障型 蔬菜 集贸 农贸 技改 技术 改造 提升 治理 整治 升级 高品质 房车 客栈"
)
_GENERIC_WORDS = re.compile(_GENERIC)


class Not(NamedTuple):
    """A form that no project's name has."""

    where: Literal["begins", "holds", "ends"]
    pattern: str
    reason: str
    example: str
    """A sentence in which such words follow a verb of building and name no project."""


NOT_NAMES = (
    Not(
        "ends",
        r"(?:行动|计划|机制|制度|政策|活动|模式|能力|水平|队伍|改革|战略|格局|氛围|理念|经济|方案|措施|任务|目标|作风|权益|体制|体系|环境|专项|攻坚|品牌|产业|企业|服务|管理|平台|智库|业务|产品|(?<![输配]电)线路|路线|航线|班列|保障|研究|事项|产品开发|互联互通)(?:建设|创建)?",
        "ways of governing and what is governed",
        "推进龙河县全民健身活动。",
    ),
    Not(
        "ends",
        r"(?:保护区|高地|示范[区市县带]|风景线|经济带|试点|粮仓|[新之]路|之城|之都|名城|目的地|家园|集群|增长极|(?:[一底红防主前航热]|天际|生命|警戒)线)”?(?:建设|创建|打造)?",
        "what a place is to become",
        "打造龙河康养高地。",
    ),
    Not(
        "ends",
        r"(?:大|资源|劳动力|要素|资本|权|权交易|消费)市场",
        "markets that nobody builds",
        "建设龙州劳动力市场。",
    ),
    Not(
        "ends",
        r"“[一二两三四五六七八九十\d]+[大张个][^”]{2,4}”(?:（\d+）)?|试点(?:试验)?项目|(?<![管网路道])“[^”]{2,16}(?:”[一-龥]{0,6}(?:工程|改造提升)|工程”)|^“[^”]{2,16}”(?:公共|基础|公共基础)?设施",
        "programmes with a slogan for a name",
        "实施龙河“四良两优”工程。",
    ),
    Not(
        "begins",
        r"承担|参与|一批|若干|多个|各类|更多|系列|一系列|所有|全部|全[县市区省州]|一[个座条所大]|[二两三四五六七八九十]+[个座条所大]|新一批|以(?!工代)",
        "a quantity where a name should begin",
        "推进一批龙河产业园建设。",
    ),
    Not(
        "begins",
        r"融入|创建|鼓励|迎接|做好|推动|支持|引导|滚动|加强|深化|落实|完善|健全|优化|发挥|利用|强化|争创|申报|保障了|招(?!商局|远|宝)|在库|已签约|符合条件|高质量|力争|围绕|着力|重点(?:建设|领域|行业)|和|及|或|具有|面向|杜绝|严禁|遏制|在|对|把|让|企业|随着|党中央|省委|市委|[县区]委|新增|知名",
        "a verb where a name should begin",
        "推进完善龙河产业园。",
    ),
    Not(
        "begins",
        r"\d+(?:\.\d+)?(?:[—–\-~～至]\d+)?[万亿]?(?:余|多)?(?:个|条|所|公里|家|处|项(?!目)|亩|平方|千米|套|户|辆|台|张|座)|(?:改造|建设|提升|新建|扩建|完成|整治)+(?:提升)?\d",
        "things that are counted, which figures carry",
        "建设提升3座水库。",
    ),
    Not(
        "holds",
        r"\d(?:\.\d+)?[万亿]?(?:个|项|座|条|家|所|处|公里|米|亩|平方米|套|户|张|件)$|\d[万亿]?元(?!级|(?!以上|及以上|的)[一-龥]{2,12}(?:项目|基地|产业园)$)|(?<![等\d.])[\d.]+(?:个|座|条|所|处|家|项(?!目))",
        "things that are counted, which figures carry",
        "新建水库3座。",
    ),
    Not(
        "holds",
        r"专项|一批|实事|参与|牵头|率先|优先|争创|申创|创建|申报|[^、]{2}(?:加强(?!工)|减少)|办[园学]$|问题[^、]{0,4}[治整]|(?:乡风|创作|培育|关爱)[^、]{0,4}工程$|隐患|风险|排查|秩序|违法|违规",
        "campaigns and what is done away with",
        "推进龙河校园安全隐患整治。",
    ),
    Not(
        "begins",
        r"[一-龥]“[^”]{2,4}”$|“[一二两三四五六七八九十](?:大|张|个|好|[一-龥]”|[一-龥]{1,2}[一二两三四五六七八九十]|[一-龥]{2}”$)",
        "slogans that count",
        "深入开展“两清两改两治理”。",
    ),
    Not(
        "ends",
        r"向.{2,12}(?:转型|升级|提升)|(?:产业|行业|消费|供给|企业)[^、]{0,6}(?:转型|升级|提质|提升)|进(?:景区|社区|校园|园区|乡村|企业)|能级提升|品质提升",
        "industries, services and spending that are to improve",
        "推进龙河村文化消费转型升级。",
    ),
    Not(
        "holds",
        r"企业在|建立|开展|依法|[^、“]{3}(?:实施|打造)[^、]|[^、“改新扩续在]{2}建设(?:[省国市]家?级|全[国省]|世界|一流)|[^工改]赋能|高质量发展|决策部署|[^“”的]{2}的[^的”]{0,4}$|计划”$|(?:承载|服务|治理|保障|创新|供给|执法|履职|应急)能力提升工程$|^[强兴惠富利便暖安][一-龥]{1,2}工程$|率超|[校院业].{0,4}共建",
        "what somebody is to do",
        "推进龙河村开展社区改造。",
    ),
)
_NOT = {
    where: re.compile("|".join(row.pattern for row in NOT_NAMES if row.where == where)) for where in ("begins", "holds")
}
_NOT_AT_END = re.compile("(?:" + "|".join(row.pattern for row in NOT_NAMES if row.where == "ends") + ")$")
LAYOUT = re.compile(r"[\s*]+|—\s*\d{1,3}\s*—")
"""Blanks, line ends, marks of emphasis and page marks inside a name."""
_LONGEST_END = 30


def _is_none(name: str) -> bool:
    """Whether a name has a form that no project's name has."""
    return bool(
        _NOT["begins"].match(name)
        or _NOT_AT_END.search(name, max(0, len(name) - _LONGEST_END))
        or _NOT["holds"].search(name)
    )


_NOT_A_KIND = re.compile(
    r"^转型(?:升级|提升|发展)|线上|网上|(?:产业|行业)[^项工]*(?:改造|升级|提升|更新|转型)$|^全链条|^[省市县区州]?(?:推进|建设|加快|打造|开展|实施)(?=..)|的[一-龥]*$|建立|开拓|优势|消费(?:提质|升级|扩容|促进)|^[与在向同]|^(?:方面|领域|重点领域)|^(?:地|单位|部门|工作|问题|(?:新型|公共|重要)?基础设施)$"
)
_INVESTED = re.compile(
    r"(?:(?:全力|力争|确保|争取|实现|今年|年内|其中)+|(?:改扩建|改建|扩建|新建|续建|开通)(?=.{4})|[一二三四五六七八九十]+是|(?:全[国省市县区州球]|国内|世界|[一-龥]{2}地区)?首[个家座条所]|(?:(?:总|计划|预计)?投资|全长|总长|串联)[超近约达]*[\d.]+ ?[^，、的]{1,8}的|[^“的]{2,20}的(?=[^的]{5,}$)|[一-龥]{2,6}[区县市](?:建设|打造)(?=.{4,}$))+"
)
_PLAIN_KIND = re.compile(
    r"^(?:重点|重大|续建|产业|(?:制造|工|农|服务|文旅)业|房地产|商品房|住宅|标志性|代表性|战略性|支撑性|骨干|优质|好|[国省市县区州]家?级|\d*[十百千万]?亿元?(?:级|以上)?|一批|新|[一-龥]{0,4}基础(?:设施|配套))*[一-龥]{0,2}(?:项目|工程)$"
)
_WEIGHTY = frozenset("重点 重大 优质 好 标志性 代表性".split())
_WORKS_KIND = re.compile("(?:(?:建设|管网)(?:项目|工程)?|配套设施(?:项目|工程))$")
_ALWAYS_BUILT = re.compile(
    r"(?:高铁|铁路|高速|公路|国道|大道|通道|水库|电站|风电场|变电站|大桥|隧道|机场|新城|产业园|园|馆|廊道|长廊|步道|绿道|路|段|线|期|货场|管网|公园|街区|走廊|环线|水街|小镇|EPC|航道|码头|灌区|城际|桥|港|站|船闸|院区|校区|抽水蓄能|[东南西北]延)[”）]?$"
)
_CODE = re.compile(r"[A-Z]\d")
_POSITION = re.compile(
    r"^(?:国际|国家|全国|世界|全球|一流|重要|区域性?|西部|[东西中]部)[^、]{0,12}(?:中心|基地|枢纽|节点|目的地|城市)$"
)
_BECOMES = re.compile("[省市县]$|^.{0,2}项目$|^重点[一-龥]{0,8}项目$")
"""建设文明城市: no project; but 龙池至丁市等|公路改造 is one."""
_DONE_TO = re.compile("(?:替代|整合|调整|集成|集聚|评价|编制|搭建|转型|发展|融合|合作)$")
_THINGS = re.compile(f"{any_of(THINGS)}$")
_COMMON = re.compile(
    r"(?:管网|设施|小区|道路|公路|市场|厂房|管线|车位|停车场|绿道|步道|渠道|路段|线路|学校|示范园|片区|街区|园区|基地|公园)$"
)
"""Classes of which there are many: without a name of its own such a thing is none in particular."""
_CHANGES = re.compile("(?:技改|扩能|扩产|(?<!提质)扩容|扩机|技改扩能|扩建|迁建|改扩建|改建|搬迁|加固|技术改造)$")
"""Works that are done on one plant or house, never on a field of policy."""
_PLACE = 3
"""荆竹坝, 柳河桥 and other names so short may be a village's."""
_PLAIN = 4
_TELLING = 8


def changes_one(name: str) -> bool:
    """Whether it is works on one plant or house, and says on which: 柳河水库扩容."""
    return bool(_CHANGES.search(name)) and specific(name)


def is_position(name: str) -> bool:
    """Whether it is what a place is to become with a verb of building before it: 打造|国际消费中心."""
    return bool(_POSITION.search(name))


class Said(NamedTuple):
    """What the words around an item say of it."""

    kind: str
    """What 等 says that the items are."""
    shared: str
    """What the last item of the list says for this one."""
    built: bool
    """That something is built, not only that it is supported."""
    strong: bool
    """That this one is built: no 支持, 推进, 加快."""
    firm: bool
    """That works began or came to an end."""
    listed: bool
    """That it stands in a list with names that say more than their class."""


def project_name(item: str, said: Said) -> tuple[str | None, bool]:
    """A project's name, complete enough to be found again, and whether words were distributed to it.

    Args:
        item: one item of a list.
        said: what stands around it.

    Returns:
        None as the name where the item names no project.
    """
    name = LAYOUT.sub("", item)
    told = _INVESTED.match(name)
    name = (name[told.end() :] if told else name).removesuffix("的")
    if len(name) < 2 or _is_none(name) or _no_class(said.kind):
        return None, False
    if is_road(name) and (said.kind or said.firm):
        return name, bool(said.kind)
    if said.kind:
        return _named_by_kind(name, said)
    if _BECOMES.search(name) and not said.shared:
        return None, False
    if class_of(name):
        return (name if _counts_as_project(name, said) else None), False
    if said.shared and _own(name, 1) and (said.built or _CHANGES.search(said.shared)):
        return _with(name, said.shared), True
    whole = (
        not _DONE_TO.search(name)
        and said.listed
        and said.strong
        and len(name) >= _PLAIN
        and _own(name, _PLAIN if said.firm else len(name) - 1)
    )
    return (name if whole else None), False


def _named_by_kind(name: str, said: Said) -> tuple[str | None, bool]:
    """The name of an item whose list 等 closes with a kind."""
    if not (_known(name, said) or _own(name, 1) or len(name) >= _TELLING) or (name[0] == "“" and said.kind == "工程"):
        return None, False
    if class_of(said.kind):
        return name if _says_kind(name, said.kind) else _with(name, said.kind), True
    thing, own = _THINGS.search(said.kind), class_of(name)
    named = specific(name) and ((thing and (said.firm or own)) or (said.built and own))
    return (name if named else None), True


@lru_cache(256)
def _no_class(kind: str) -> bool:
    """Whether what follows 等 says that the list is of no projects: 济南、青岛等市, 钢铁、煤炭等10个传统产业提质升级."""
    return bool(kind and (_is_none(kind) or _NOT_A_KIND.search(kind)))


def _says_kind(name: str, kind: str) -> bool:
    """Whether a name needs no class from 等: 桃源大厦等|房地产项目, 实验小学扩容等|学校项目; but 外环大道等|提升工程 does."""
    shape = shape_of(name)
    if shape.works or shape.project:
        return True
    works, bare = shape_of(kind).works, _bare(kind)
    if bare and len(name) <= _PLACE and len(shape.facility) < 2:
        return False
    if _PLAIN_KIND.match(kind) and not works and not shape_of(bare).facility:
        return True
    return bool(shape.facility) and not works and not _WORKS_KIND.search(kind)


def _bare(kind: str) -> str:
    bare = kind.removesuffix("项目").removesuffix("工程").removesuffix("基础设施")
    return "" if bare in _WEIGHTY else bare


def _with(name: str, kind: str) -> str:
    return name if name.endswith(kind) else name + kind


def _counts_as_project(name: str, said: Said) -> bool:
    """Whether a name of a facility or of works is a project's."""
    if not _known(name, said):
        return False
    shape = shape_of(name)
    if shape.project or shape.works:
        return bool(
            name.endswith("项目")
            or ((said.firm or said.built) and name.endswith("工程"))
            or _CHANGES.search(name)
            or _PLACED.search(_GENERIC_WORDS.sub("", name))
            or on_one(name)
            or (said.built and shape.facility)
        )
    return said.built or (len(name) > _PLACE and bool(_ALWAYS_BUILT.search(name)))


def _known(name: str, said: Said) -> bool:
    """Whether a name says which one it is: by itself, in a list of such, or as what was begun or finished."""
    if specific(name):
        return True
    definite = (said.firm or said.listed) and len(name) >= _PLAIN
    return definite and bool(shape_of(name).facility) and not _COMMON.search(name)


def _own(name: str, enough: int) -> bool:
    """Whether so many characters of a name are its own, neither its class nor words that many share."""
    rest = name.removesuffix(class_of(name))
    at = own = 0
    while at < len(rest) and own < enough:
        shared = _GENERIC_WORDS.match(rest, at)
        own += not shared
        at = shared.end() if shared else at + 1
    return own >= enough


def specific(name: str) -> bool:
    """Whether a name says more than its class: not 老旧小区改造, 污水管网."""
    if _own(name, 2) or _CODE.search(name):
        return True
    return _own(name, 1) and bool(_ALWAYS_BUILT.search(name) or shape_of(name).project or on_one(name))
