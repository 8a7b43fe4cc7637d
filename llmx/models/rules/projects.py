"""Named physical and investment projects, with stage and status.

A clause names projects in one of two orders:

    开工建设|三坝溪大桥、…停车场及综合交通枢纽工程        a verb of building, then the names
    长松大道、龙普路、龙耀路|竣工通车                    the names, then how far they are

The names must be facilities or works (大桥, 水库, 改造), and more than their class: 新建幼儿园 names none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from llmx.models.rules.lexicon import any_of
from llmx.models.rules.sentences import protect
from llmx.reading import ProjectClaim
from llmx.records import Stage

_STARTED = "开工建设 新开工 开工 启动建设 启动实施 动工建设 动工 破土动工 奠基 全面启动 启动 引进落地 新启动"
_COMPLETED = (
    "建成投用 建成投产 建成通车 建成运营 建成使用 建成开放 建成并投用 全面建成 建成 竣工投产 竣工投用 竣工 完工投产 完工投用 完工 "
    "投产 投用 全面投产 投入使用 投入运营 完成 通车 交付 落成"
)
_PREPARING = "谋划推进 谋划推动 谋划建设 谋划实施 谋划打造 谋划 策划 储备 论证 争取 积极争取 争取将 规划建设 规划布局 规划 签约 新签约 招引 争取建设 争取实施 招引落地 积极争取建设"
_ONGOING = (
    "加快推进 加快建设 加快实施 加快打造 加快推动 加快构建 加快 推进建设 推进实施 推进 提速推进 提速建设 提速 推动实施 推动建设 推动 持续推进 "
    "全力推进 有序推进 统筹推进 扎实推进 深入推进 大力推进 序时推进 扩容推进 助推 支持 实施 建设 新建 打造 改造 扩建 续建 改扩建 新改建 升级改造 "
    "提档升级 改造提升 改造升级 扩容建设 共建 抓好 抓实 推行实施 建设改造 开发建设 高标准建设 高质量建设 开展 做好 做深 做实 整治 治理 修缮 升级 布局建设 布局"
)
_STAGE: dict[str, Stage] = {
    **dict.fromkeys(_ONGOING.split(), "ongoing"),
    **dict.fromkeys(_PREPARING.split(), "preparation"),
    **dict.fromkeys(_STARTED.split(), "started"),
    **dict.fromkeys(_COMPLETED.split(), "completed"),
}
_ADVERB = "(?:全力|加快|积极|持续|有序|扎实|深入|稳步|大力|高质高效|高质量|高标准|高水平|统筹|全面|市场化|力争|确保|成功|顺利|全速|全方位|同步|重点|继续|切实|抢抓|按期|如期|年内|其中|并|同时|精心|强力|强化|系统|整体|协同|已|将|新|抓紧|加力|陆续|分期|分批)*"
_BUILDING = re.compile(
    rf"^[\s*]*(?:[一二三四五六七八九十]+是)?(?P<lead>{_ADVERB})(?P<verb>{any_of(_STAGE)})(?:好|了|并|、)?"
)

# What follows the names and changes the stage: 加快…|前期工作, 推动…|投产, 完成…|主体工程.
_ENDINGS: list[tuple[re.Pattern[str], Stage]] = [
    (re.compile(r"(?:等?(?:重大|重点)?(?:工程|项目)?)?(?:前期(?:工作)?(?:进度)?|可研|可行性研究|立项|招引力度|招商|选址|方案设计|设计|规划编制|勘察|用地报批|论证|谋划|报批|核准|获批|批复)(?:取得[^、]{0,8}|[^、]{0,4})$"), "preparation"),
    (re.compile(r"主体(?:工程|建设|结构|施工)?(?:建设|完工|封顶)?$|(?:总|主体)工程量?(?:的|达)?.{0,8}$|总投资的?.{0,6}$|封顶$|扫尾.{0,4}$|建设[\d.]+%.{0,3}$"), "ongoing"),
    (re.compile(r"(?:早日|尽快|尽早|全面|如期|正式|竣工|建成|完工|集中|达标|扩能|顺利)*(?:投产达效|达产达效|达产放量|投产达产|投产|投用|投运|通车|通航|运营|竣工交房|竣工|完工|建成|达产|达效|开园|开馆|开业|交付|发电|并网(?:发电)?|投入使用|开放|开学|开通)$"), "completed"),
    (re.compile(r"(?:早日|尽快|尽早|全面|如期|顺利)*(?:开工建设|开工|动工|落地建设|落地开工|落户[一-龥]{0,3}|启动建设|破土动工)$"), "started"),
    (re.compile(r"(?:早日|尽快|尽早|加快)?落地(?:见效|生根)?$"), "preparation"),
]  # fmt: skip
_STEADY = r"(?:加快|加速|快速|提速|有序|稳步|持续|顺利|全面|扎实|正式|如期|成功|全线|即将|基本|序时|集中|全部|有力|正|已|相继|陆续|先后|同步|实现|进入|启动|完成|主体|整体)*"
_PREDICATES: list[tuple[str, Stage]] = [
    (r"(?:主体工程|主体结构|主体)?(?:封顶|断水|完成轨道铺设|完成主体[^、]{0,8}|(?:分别)?(?:累计)?(?:完成|建设进度达?|建设进度分别达|完成进度)(?:总|主体)?(?:工程)?(?:工程量|投资|形象进度)?[的达至]?[\d.％%、 以上]*|主体完工|主体竣工|实现初通|进入[^、]{0,10}(?:施工|扫尾|收尾|验收|阶段)[^、]{0,4}|试产[^、]{0,3}|试运行)", "ongoing"),
    (r"(?:前期工作?[^、]{0,8}|完成[^、]{0,4}可研[^、]{0,4}|可研[^、]{0,10}|立项(?:建设)?|成功签约|签约(?:落地)?|获批(?:立项|建设)?|获[^、]{1,6}(?:支持|批复|核准)|获得批复|纳入[^、]{0,10}规划)", "preparation"),
    (r"(?:建成(?:投用|投产|投运|通车|通水|通航|运营|开放|使用|启用)?|竣工投产|竣工投用|竣工通车|竣工验收|竣工|完工投用|完工|投产达效|投产见效|投产运营|达产稳产|达产达效|建设投产|投产|投用|投运|投入使用|投入运营|通车|通航|封仓投运|实现全幅贯通|铺轨贯通|贯通|启动运行|揭牌|交工投用|交付使用|交付|开园|开馆|开业|开市|开门迎客|开门营业|运营|并网发电|投放市场|落成|开通运营|开通)", "completed"),
    (r"(?:开工建设|开工|启动施工|启动建设|启动实施|动工建设|动工|奠基|引进落地|落地建设|建设落地|落地开工|启动实体建设|成功落地|落地|启动)", "started"),
    (r"(?:推进建设|推进实施|推进|推动|建设|实施|施工|培育|打造|加快|提档升级|改造|布局|提质升级|升级改造|扩容升级)", "ongoing"),
]  # fmt: skip
_PREDICATE = [(re.compile(rf"(?P<adverb>{_STEADY})(?P<word>{words})$"), stage) for words, stage in _PREDICATES]
# How far before a clause's end the words of a stage are looked for: searching the whole clause with each pattern took
# two fifths of the model's time.
_REACH = 34
_SHORTEST = 3
_STEADIED = re.compile(r"加快|加速|快速|提速|有序|稳步|持续|顺利|全面|扎实|启动|正")

_FACILITY = any_of(
    "高铁 铁路 专用线 高速公路 高速 公路 国道 省道 大道 快速路 快速通道 环线 隧道 大桥 特大桥 桥梁 机场 港口 港区 港 码头 航道 枢纽 航电枢纽 车站 火车站 "
    "高铁站 客运站 站房 换乘站 轨道交通 地铁 互通 立交 通道 连接线 连接道 停车场 货场 航站楼 匝道 道路 路 街 大街 段 线 "
    "水库 电站 水电站 抽水蓄能电站 储能电站 电厂 热电厂 核电 风电场 风电 光伏 光伏电站 变电站 输变电工程 变电工程 管网 管道 水厂 污水处理厂 净水厂 灌区 堤防 河堤 渠道 泵站 "
    "供水工程 引水工程 调水工程 水源工程 水网 气站 加油站 焚烧厂 焚烧发电 发电厂 供热站 填埋场 "
    "产业园 产业园区 园区 工业园 物流园 科技园 创业园 示范园 田园综合体 基地 生产线 厂房 标准厂房 工厂 车间 智算中心 数据中心 物流港 保税仓 保税区 冷链物流 冷库 粮库 仓库 "
    "医院 分院 院区 学校 小学 中学 高中 初中 一中 二中 三中 二小 幼儿园 大学 学院 职教城 职教中心 校区 新校区 卫生院 卫生中心 业务楼 综合楼 实验大楼 大楼 办公楼 服务楼 门诊楼 住院楼 教学楼 "
    "中心 次中心 馆 图书馆 博物馆 展览馆 文化馆 科技馆 纪念馆 美术馆 体育馆 体育场 体育中心 公园 湿地公园 广场 步道 绿道 街区 商业街 步行街 夜市 景区 度假区 小镇 综合体 市场 商圈 酒店 "
    "殡仪馆 公墓 养老院 养护院 福利院 敬老院 社区医院 公寓 安置房 安置点 小区 学城 新城 新区 片区 科创城 会展中心 滑雪场 索道 露营地 营地 水街 书院 剧院 剧场 大剧院 "
    "走廊 廊道 科学城 实验室 研究院 孵化器 加速器 平台二期 系统 收费站 服务区 充电站 驿站 场馆 廉租房 保障房 运河 走廊 矿 厂 场 园 院 楼 站 库 坝 桥 塔 城 港 仓 "
    "煤矿 矿山 油田 气田 城际 跑道 口岸 核电站 电池厂 光热 灌渠 大坝 牧场 林场 渔港 渔场 养殖场 屠宰场 批发市场 农贸市场 展厅 塔楼 超算中心 云脑 "
    "一期 二期 三期 四期 一期工程 二期工程 三期工程 EPC 改建 迁建 扩建 改扩建 搬迁 新建"
)
_WORKS = any_of(
    "改造 综合整治 整治 综合治理 治理 修复 保护修复 提升 扩能 扩产 技改 扩容 开发 升级 改造提升 提档升级 更新 改造升级 业态升级 封场整治 修缮 保护利用 维修保护 疏浚 清淤 硬化"
)
_NAMES_FACILITY = re.compile(rf"(?:{_FACILITY})[”’』」]?(?:[（(][^）)]{{1,8}}[）)])?(?:项目|工程|建设)?$")
_NAMES_WORKS = re.compile(rf"(?:{_WORKS})[”’』」]?(?:项目|工程|建设)?$")
_NAMES_PROJECT = re.compile(r"(?:项目|工程)(?:[一二三]期)?(?:[（(][^）)]{1,8}[）)])?$")
_PLACED = re.compile(
    r"[省市县区镇乡村街路道江河湖溪海岛山岭湾坝桥站港坪沟泉塘寺堡台岸]|[A-Z]\d|[“《]|[一二三四]期|段|至|国家级?|[一-龥]{2}(?:公司|集团|药业|科技|电子|汽车|能源|新材)"
)
_GENERIC = any_of(
    "城中村 城市 农村 城乡 城区 老城 县城 县域 乡镇 镇村 村级 乡村 中小学 公办 民办 普惠性 重点 重大 一批 现代 现代化 高标准 高质量 农田 老旧 小区 基础 设施 配套 "
    "污水 雨污 雨水 垃圾 供水 排水 燃气 天然气 供热 电网 配电网 公共 服务 特色 新型 智慧 数字 数字化 智能 智能化 标准化 规范化 综合 商业 商贸 文化 体育 旅游 "
    "健身 口袋 公厕 厕所 停车 充电 充换电 公用 道路 交通 水利 能源 产业 工业 农业 工程 项目 物流 冷链 养老 托育 医疗 卫生 教育 社区 安置 保障性 住房 棚户区 "
    "危房 危旧 管网 管线 生态 环境 人居 绿色 绿化 园林 林业 国省 干线 四好 公路 骨干 主干 次干 干支 线路 网络 信息 通信 5G 基站 新一代 "
    "全国 全省 全市 全县 全区 国家 国家级 省级 市级 区级 县级 区域 区域性 优势 优质 先进 高端 新兴 重要 主要 各类 各级 若干 系列 更多 一流 世界 前沿 战略 "
    "高速 普通 低等级 路段 拥堵 出入口 自然 郊野 通航 机场 储能 核电 抽水蓄能 海上 风电 光伏 航空 高铁 铁路 中心 基地 枢纽 廊道 公园 广场 学校 医院 幼儿园 "
    "污水处理 处理 垃圾处理 生活 再生 利用 回收 算力 数据 大数据 平台 国际 世界级 科学 先进制造 仓储 市场 消费 品质 质量 功能 能力 品质化 森林 湿地 生物 多样性 "
    "人文 历史 文物 古镇 古村落 传统 村落 集镇 建制镇 街道 场镇 断面 河道 河流 流域 中小河流 水系 水环境 水生态 大气 土壤 矿山 岸线 灌溉 "
    "创新 科技 科创 人才 企业 服务业 制造业 创业 就业 民生 便民 惠民 应急 消防 安全 政务 行政 法治 文明 平安 示范 试点 骨干 标志性 引领性 支撑性 新 老 大 小 高 与 和 及 的"
)
_GENERIC_WORDS = re.compile(_GENERIC)
_NOT_A_NAME = re.compile(
    r"(?:行动|计划|机制|制度|政策|活动|模式|能力|水平|队伍|改革|战略|格局|氛围|理念|经济|方案|措施|任务|目标|作风|权益|体制|体系|环境|专项|攻坚|保护区|高地|品牌|"
    r"示范[区市县]|[省市县]|产业|企业|服务|管理|风景线|平台)(?:建设|创建)?$"
    r"|^(?:一批|若干|多个|各类|更多|系列|一系列|所有|全部|全[县市区省]|一[个座条所]|[二两三四五六七八九十]+[个座条所大]|融入|创建|鼓励|迎接|做好|推动|支持|引导|滚动|加强|"
    r"深化|落实|完善|健全|优化|发挥|利用|强化|争创|申报|在库|以[^、]*为)"
    r"|^(?:和|及|或)|^(?:改造|建设|提升|新建|扩建|完成|整治)+(?:提升)?\d"
    r"|(?:国际|国家|全国|世界|全球|一流|重要)[^、]{0,12}(?:中心|基地|枢纽|节点|目的地|城市)$"
    r"|^\d+(?:\.\d+)?[万亿]?(?:余|多)?(?:个|座|条|所|公里|家|处|项|亩|平方|千米|套|户|辆|台|张)"
)
_INVESTED = re.compile(r"^(?:总|计划|预计)?投资[\d.]+ ?[万亿]*元的")
_PLAIN_KIND = re.compile(r"^(?:重点|重大|续建|产业|标志性|代表性|一批|[一-龥]{0,2})(?:项目|工程)$")
_MARKS = re.compile(r"[，,；;。！？]|[:：](?!\d)")
_LIST = re.compile(r"、|(?<=”)(?=“)|(?<=[工项改整搬迁建园路院校馆站库港区城目程期理治段])(?:以及|和|及)(?=[^、]{3,})")
_ETC = re.compile(r"等(?=[^级第离待候]{0,24}$)")
_COUNT = re.compile(r"^[\s*]*(?:一批)?(?:\d+\s*(?:余|多)?(?:个|条|所|座|处|家|项|大|宗|栋|段))?\s*")
_COUNTED_LAST = re.compile(r"\s*\d+(?:\.\d+)?\s*(?:余|多)?[万亿]?[一-龥]{1,2}(?:以上)?$")
_PHASE = re.compile(r"^[一二三四五六七八九十\d]+期")
_DONE = re.compile(r"(?:建设|实施|项目建设|工程建设)$")

# Verbs that also govern what exists already (支持职业学院): with them a facility is a project only where 建设 or the
# like follows, or where its kind is always built.
_WEAK = frozenset(
    "支持 做好 做深 做实 争取 积极争取 推动 推进 加快 提速 助推 抓好 抓实 开展 加快推动 加快推进 推动实施 统筹推进 持续推进 扎实推进 大力推进 深入推进 全力推进 有序推进 启动 全面启动 整治 治理 打造 升级 规划 布局 实施".split()
)
_ALWAYS_BUILT = re.compile(
    r"(?:高铁|铁路|高速|公路|国道|大道|通道|水库|电站|风电场|变电站|大桥|隧道|机场|新城|产业园|园|馆|廊道|步道|绿道|路|段|线|期|货场|管网|公园|街区|环线|水街|小镇|EPC)[”）]?$"
)


@dataclass(frozen=True, slots=True)
class _List:
    """The names in a clause: where they stand, and the class that they share after 等."""

    start: int
    stop: int
    end: int
    """Where the list ends with what follows 等 and with 建设."""
    kind: str
    """What follows 等: 商品房项目; empty without 等."""
    done: bool
    """Whether 建设 or 实施 closes the list."""


def projects(text: str, begin: int, end: int, planned: bool) -> list[ProjectClaim]:
    """The projects that one sentence names.

    Args:
        text: the chunk's text.
        begin, end: the sentence's bounds.
        planned: whether the section speaks of what is to come.

    Returns:
        One claim a name, in text order.
    """
    return [claim for start, stop in _clauses(text, begin, end) for claim in _clause(text, start, stop, planned)]


def _clauses(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    sentence = protect(text[begin:end])
    at = 0
    for match in [*_MARKS.finditer(sentence), None]:
        stop = match.start() if match else len(sentence)
        if stop - at >= 4:
            yield begin + at, begin + stop
        at = match.end() if match else stop


def _clause(text: str, start: int, stop: int, planned: bool) -> Iterator[ProjectClaim]:
    """The projects of a clause, by whichever of the two orders it is in."""
    stop = start + len(text[start:stop].rstrip(" \t\n*"))
    clause = text[start:stop]
    building = _BUILDING.match(clause)
    if building:
        verb, ending = building.group("verb"), _ending(clause, building.end())
        body_stop = start + ending[0] if ending else stop
        names = _list(text, start + building.end(), body_stop)
        stage = ending[1] if ending else _STAGE[verb]
        built = bool(ending) or verb not in _WEAK
        yield from _claims(text, names, start + building.start("verb"), stop if ending else None, stage, planned, built)
        return
    for pattern, stage in _PREDICATE:
        match = pattern.search(clause, max(_SHORTEST, len(clause) - _REACH))
        if match is None:
            continue
        if stage == "ongoing" and pattern is _PREDICATE[-1][0] and not _STEADIED.search(match.group("adverb")):
            continue
        yield from _claims(text, _list(text, start, start + match.start()), None, stop, stage, planned, True)
        return


def _ending(clause: str, after: int) -> tuple[int, Stage] | None:
    """Where words at the clause's end set the stage, and which."""
    for pattern, stage in _ENDINGS:
        match = pattern.search(clause, max(after, len(clause) - _REACH))
        if match:
            return match.start(), stage
    return None


def _claims(
    text: str, names: _List, verb: int | None, quote_stop: int | None, stage: Stage, planned: bool, built: bool
) -> Iterator[ProjectClaim]:
    """A claim for each name of a list that is a project's."""
    items = list(_items(text, names))
    shared = names.kind or (_class_of(text[slice(*items[-1])]) if len(items) > 1 else "")
    shared = "" if _PHASE.match(shared) else shared
    whole = quote_stop or (names.end if names.kind or names.done else None)
    firm = stage in ("started", "completed")
    for start, stop in items:
        name, distributed = _name(text[start:stop], names.kind, shared, built or names.done, firm)
        if name is None:
            continue
        end = whole or (names.end if distributed else stop)
        quote = text[start if verb is None else verb : end]
        yield ProjectClaim(name=name, quote=quote, stage=stage, status="planned" if planned else "reported")


def _list(text: str, start: int, stop: int) -> _List:
    """The names in a stretch, without 建设 and a count at its end: …等项目83个, …中心建设."""
    stretch = text[start:stop]
    counted = _COUNTED_LAST.search(stretch)
    end = start + (counted.start() if counted else len(stretch))
    stretch = text[start:end]
    done = _DONE.search(stretch)
    etcs = list(_ETC.finditer(protect(stretch)))
    if etcs:
        etc = etcs[-1]
        kind = _COUNT.sub("", "".join(_DONE.sub("", stretch[etc.end() :]).split()) or ("项目" if done else ""))
        return _List(start, start + etc.start(), end, kind or "项目", bool(done))
    inner = re.search(r"建设$", stretch)
    return _List(start, end - (inner is not None) * 2, end, "", bool(done))


def _items(text: str, names: _List) -> Iterator[tuple[int, int]]:
    protected = protect(text[names.start : names.stop])
    at = 0
    for match in [*_LIST.finditer(protected), None]:
        stop = match.start() if match else len(protected)
        if protected[at:stop].strip():
            yield names.start + at, names.start + stop
        at = match.end() if match else stop


def _class_of(last: str) -> str:
    """What the last of a list shares with those before it: 荷花、幸福、柳园|水库."""
    last = "".join(last.split())
    for pattern in (_NAMES_WORKS, _NAMES_FACILITY, _NAMES_PROJECT):
        match = pattern.search(last)
        if match:
            return last[match.start() :]
    return ""


def _name(item: str, kind: str, shared: str, built: bool, firm: bool) -> tuple[str | None, bool]:
    """A project's name, complete enough to be found again, and whether words were distributed to it.

    None where the item names no project.
    """
    name = _INVESTED.sub("", re.sub(r"[\s*]+", "", item)).removesuffix("的")
    if len(name) < 2 or _NOT_A_NAME.search(name) or (kind and _NOT_A_NAME.search(kind)):
        return None, False
    if kind:
        if not (firm or _specific(name)):
            return None, False
        return (name if _PLAIN_KIND.match(kind) else _with(name, kind), True) if _class_of(kind) else (None, False)
    if _class_of(name):
        return (name, False) if _counts_as_project(name, built, firm) else (None, False)
    return (_with(name, shared), True) if shared and built else (None, False)


def _with(name: str, kind: str) -> str:
    return name if name.endswith(kind) else name + kind


def _counts_as_project(name: str, built: bool, firm: bool) -> bool:
    """Whether a name of a facility or of works is a project's, `firm` where it was begun or finished."""
    if not _specific(name):
        return False
    if _NAMES_PROJECT.search(name) or _NAMES_WORKS.search(name):
        return bool(
            name.endswith("项目") or (firm and name.endswith("工程")) or _PLACED.search(_GENERIC_WORDS.sub("", name))
        )
    return built or bool(_ALWAYS_BUILT.search(name))


def _specific(name: str) -> bool:
    """Whether a name says more than its class: not 老旧小区改造, 污水管网."""
    rest = re.sub(rf"(?:{_FACILITY}|{_WORKS})?[”’』」]?(?:项目|工程|建设)?$", "", name)
    return len(_GENERIC_WORDS.sub("", rest)) >= 2 or bool(re.search(r"[A-Z]\d", rest))
