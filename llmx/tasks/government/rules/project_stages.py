"""How far a project is, by the words before its name and after it.

Each row is a class of words with one reason and one example; each word stands in the example's {}, and the example is
the row's test: it names 龙口水库 at the row's stage.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from llmx.alternation import any_of
from llmx.tasks.government.records import Stage
from llmx.tasks.government.rules.project_classes import class_of

Place = Literal["before", "after"]


class Row(NamedTuple):
    """Words that say how far a project is."""

    words: str
    stage: Stage
    place: Place
    example: str
    weak: bool = False
    """Before a name: governs also what exists already. After it: tells only what no other word of the row does."""


ROWS = (
    Row("开工 新开工 开建 动工 破土动工 奠基 启动 新启动 引进落地", "started", "before", "{}龙口水库。"),
    Row(
        "建成 竣工 完工 投产 投用 投运 通车 交付 落成 完成 投入使用 投入运营 开通 启用 开放 投入试运行 投入运行 贯通 拉通 建成使用",
        "completed",
        "before",
        "{}龙口水库。",
    ),
    Row("谋划 策划 谋划研究 研究 储备 论证 规划 签约 新签约 招引 争取", "preparation", "before", "{}龙口水库。"),
    Row(
        "建设 新建 修建 兴建 改建 扩建 续建 改扩建 新改建 迁建 重建 改造 扩容 扩能改造 电气化改造 维修改造 共建 修缮 提档升级 开发 改造提升 改造升级 升级改造 "
        "提质改造 优化提升",
        "ongoing",
        "before",
        "{}龙口水库。",
    ),
    Row(
        "加快 推进 推动 助推 支持 实施 抓好 抓实 做好 做深 做实 提速 加速 加力 加大 开展 整治 治理 升级 布局 确保 构建 打造 新打造 力促 "
        "力推 引进 吸引 带动",
        "ongoing",
        "before",
        "{}龙口水库建设。",
        weak=True,
    ),
    Row("开工 动工 奠基 破土动工 落户 实质性开工 开建", "started", "after", "龙口水库{}。"),
    Row("启动 引进落地 建设落地 落地建设", "started", "after", "龙口水库{}。", weak=True),
    Row("落地", "preparation", "after", "推动龙口水库{}。", weak=True),
    Row(
        "建成 竣工 完工 投产 投用 投运 通车 通航 通水 通气 试运营 运营 交付 交付使用 投入使用 投入运营 投入运行 建成使用 启用 拉通 开园 开馆 "
        "开业 开学 开港 开街 开市 开院 开诊 开通 开放 落成 揭牌 达产 达效 稳产 满产 并网 并网发电 投产发电 贯通 交工 交房 竣工验收 投放市场 "
        "开门迎客 对外开放 迎客 投产达产 见效 放量 见行见效",
        "completed",
        "after",
        "龙口水库{}。",
    ),
    Row("完成 到位", "completed", "after", "龙口水库{}。", weak=True),
    Row(
        "前期 前期工作 可研 可行性研究 立项 核准 报批 批复 获批 选址 招商 招标 方案设计 勘察设计 初步设计 规划编制 规划修编 用地报批 签约 纳规 "
        "论证 谋划 储备 前期研究 招引力度 招商力度",
        "preparation",
        "after",
        "加快龙口水库{}。",
    ),
    Row(
        "封顶 合龙 收尾 扫尾 试运行 试生产 试产 下闸蓄水 蓄水 截流 铺轨 复工 主体完工 主体封顶 主体建设 主体工程 主体结构 主体施工 初通",
        "ongoing",
        "after",
        "龙口水库{}。",
    ),
)

_NEUTRAL = "建设 实施 推进 推动 施工 进展 开展 加快 加速 提速 提质 开发建设 规划建设 进度 步伐 建设进度 建设步伐 建设运营 运行 培育 打造"
"""Words around the telling ones; with an adverb they say that works go on (有序推进)."""
_STEADY = (
    "加快 加速 快速 提速 有序 稳步 持续 顺利 全面 扎实 正式 如期 按期 成功 全线 基本 集中 全部 有力 迅速 相继 陆续 先后 同步 序时 全速 "
    "高效 正 进展 强力 大力 全力 强势 高标准 高质量 积极 深入 统筹 整体 紧锣密鼓 早日 尽快 尽早 提前 加力 盛大 隆重 火爆 按时 率先"
)
_AROUND = (
    "已 均 都 又 也 并 新 正在 正式 分别 实现 进入 取得 年内 年底 年底前 年初 今年 当年 上半年 下半年 力争 争取 确保 主体 分段 双双 逐步 首批 有效 "
    "一次性 圆满 完成 挂牌 封关 双线 双洞 实体化 或 即将 有望 预计 预期 计划 拟 将 已经 具备 待 尚未 未 前 已全部 全幅 双幅 试 其中 与 和 及 早 尽 引进"
)
_COMING = re.compile("即将|有望|预计|预期|计划|拟|将|具备|力争|争取|确保")
_NOT_YET = re.compile("尚未|未|待")
_ASIDE = re.compile(r"(?:在[一-龥]{2,4}|20\d\d年(?:[底初]|上半年)?前?|(?:今年|明年|力争)?\d{1,2}月(?:底|份)?前?|的)$")
"""When and where, between the names and how far they are: 古木展览馆|在柳州|建成."""
_ASIDE_LENGTH = 8
_VAGUELY = re.compile("取得|推进|进展")
_NAMING = frozenset("改造 升级 提升 并 与 和 及 新 前 主体 待 未 正 早 尽 首批 预期 计划 试".split())
"""Words that also end a name: at the front of what follows the name they are given back (步行街改造|全面完成)."""
_COMPLETING = frozenset("运营 设计 勘察设计 规划编制 规划建设 开发建设 招商 储备 培育 打造".split())
"""Such words where the name before them is not whole: 物流服务运营|启动, but 龙口水库|运营."""

_TELLING = {
    place: {word: row for row in reversed(ROWS) if row.place == place for word in row.words.split()}
    for place in ("before", "after")
}
_LEAD_WORDS = (
    "今年 明年 先后 相继 全年 分别 努力 奋力 倾力 年内 全力 积极 持续 有序 扎实 深入 稳步 大力 高质高效 高质量 高标准 高水平 高效 统筹 全面 市场化 "
    "力争 成功 顺利 全速 全方位 同步 重点 继续 切实 抢抓 机遇 按期 如期 其中 并 同时 全线 精心 强力 强化 系统 整体 协同 协调 已 将 新 抓紧 加力 陆续 分期 分批 "
    "集中 快速 有力 着力 强势 及时 尽快 科学 序时 一体 一体化 加强 主动 早日 超前 前瞻 深化 再 要 我们将 聚力 合力 扩容 年底前 上半年 下半年 迭代 提前 "
    "基本 正式 滚动 稳妥 因地制宜 分类 逐步 争取 布局 率先 首次 累计 共 均 也 完善 有效 牵引 提质 序时 挂图 高位 提级 力度"
)
_NUMBERED = r"[\s*—]*(?:[（(]?[一二三四五六七八九十\d]{1,3}(?:是|[）)、]))?"
_DATED = r"(?:(?:19|20)\d\d年(?:底|内|前)?、?)?"
# 建设路综合整治 begins with a name, 改造… with a verb: a verb is none before the class that makes it a name.
_NO_VERB = r"(?![路街桥村镇厂区局]|大道|工程|项目|中的|内容|展[览示]馆)"
_VERBS = any_of({**_TELLING["before"], "落地": 1, "运营": 1})
_WORD = re.compile(rf"(?P<verb>{_VERBS}{_NO_VERB})|{any_of(_LEAD_WORDS)}|好|了|、(?={_VERBS})")
_FIRSTS = {word[0] for word in (*_TELLING["before"], *_LEAD_WORDS.split(), *"落运推好了、")}
_LEAD = re.compile(
    rf"{_NUMBERED}{_DATED}(?:(?:依托|利用|通过|借助)[^，、]{{2,16}}?(?=加快|推进|建设|开工|新建|打造|启动)|(?:总投资|投资|投入)[\d.]+[万亿]元(?=实施|建设|新建)|(?:与|联合|携手)[^，、]{{2,14}}?(?=共建|签约))?(?:(?!{_VERBS})[一-龥]{{2}}(?=推进|推动|实施))?"
)
_OPENING = re.compile(rf"(?:{any_of(word for word in (_LEAD_WORDS + ' 确保').split() if len(word) > 1)}|其中[，,]?)*")


_OPENS = _FIRSTS | frozenset(" \t\n\u3000*—（(0123456789一二三四五六七八九十第依利通借总投与联携")
_ADVERB_VERBS = ("推进", "推动", "实施")


class Verbs(NamedTuple):
    """Verbs before names."""

    start: int
    end: int
    stage: Stage
    weak: bool
    """Whether they also govern what exists already."""


def verbs_before(clause: str, at: int = 0) -> Verbs | None:
    """The verb group that opens a clause from `at`, behind its numbering and adverbs; None where it opens with a name."""
    if clause[at : at + 1] not in _OPENS and not clause.startswith(_ADVERB_VERBS, at + 2):
        return None
    lead = _LEAD.match(clause, at)
    begin = end = lead.end() if lead else at
    start, found = -1, []
    while clause[end : end + 1] in _FIRSTS and (match := _WORD.match(clause, end)):
        if match["verb"]:
            start = begin if start < 0 else start
            found.append(match["verb"])
            stop = match.end()
        elif match.group() in "好了":
            stop = match.end() if found else end
        end = match.end()
        if start < 0:
            begin = end
    if not found:
        return None
    return Verbs(start, stop, *_stage_before(found))


def _stage_before(found: list[str]) -> tuple[Stage, bool]:
    """What a verb group says: the last word that tells more than that something goes on."""
    rows = [_TELLING["before"][word] for word in found if word in _TELLING["before"]]
    telling = [row.stage for row in rows if row.stage != "ongoing"]
    return telling[-1] if telling else "ongoing", all(row.weak for row in rows) or found[-1] == "争取"


def opening(clause: str, at: int) -> int:
    """Where a name begins after adverbs that open a clause."""
    lead = _LEAD.match(clause, at)
    match = _OPENING.match(clause, lead.end() if lead else at)
    return match.end() if match else at


class Ending(NamedTuple):
    """Words after names."""

    start: int
    stage: Stage | None
    """None where they only close the list (建设, 实施)."""
    firm: bool
    """Whether they say that works began or came to an end."""


PHRASES: tuple[tuple[str, Stage, str], ...] = (
    (r"(?:完成|进入)[^、，]{0,6}(?:可研|设计|招标|招商|审批|报批|立项|前期|选址|征拆|规划)[^、，]{0,8}", "preparation", "龙口水库完成可研批复"),
    (r"(?:争取|成功)?[纳列]入[^、，]{0,16}(?:规划|盘子|计划|清单|试点|调整|(?:重[大点]|类)项目|范围|[库笼])(?:建设|管理|中期调整)?", "preparation", "龙口水库纳入国家水网规划"),
    (r"(?:成功)?(?:(?:获得?|取得|完成|得到)[^、，]{0,12}(?:批复|核准|批准|审批|立项|支持|同意|许可)|通过[^、，]{0,12}(?:审查|审批|核准))", "preparation", "龙口水库获国家批复"),
    (r"(?:前期|可研|规划|立项|报批|签约)(?:论证|研究|编制)?(?:工作)?(?:取得|加快|有序|扎实|全面|稳步|基本|正在|持续|积极)[^、，]{0,8}", "preparation", "龙口水库前期工作取得突破"),
    (r"(?=[^、，]{0,6}(?:完成|建设|投资|进度|工程|施工|形象))(?:累计|分别|已|均|完成|建设|施工|主体|工程|形象|总体|整体|实施|总|投资|量|进度|的|达|到|至|过|超|近|约)+(?:[\d.%％〇]+(?:[亿万]?元)?(?:以上|左右)?|过半)", "ongoing", "龙口水库完成投资60%"),
    (r"(?:正式|全面|即将|已)?进入[^、，]{0,10}(?:施工|扫尾|收尾|验收|阶段|安装|调试|冲刺|建设|倒计时)[^、，]{0,3}", "ongoing", "龙口水库进入收尾阶段"),
    (r"完成(?:[一二三四五六七八九]成|过半|(?:年度)?投资(?:任务|计划|目标))", "ongoing", "龙口水库完成七成"),
    (r"(?:建设|施工|工程)进度(?:全线|持续|大幅)?(?:领先|领跑|过半)", "ongoing", "龙口水库施工进度全线领跑"),
    (r"(?:实现)?(?:首[台辆套件]|整车|产品)[^、，]{0,6}下线", "completed", "龙口水库实现产品下线"),
    (r"(?:基本|已)?具备[^、，]{1,8}(?:条件|能力)", "ongoing", "龙口水库具备蓄水条件"),
    (r"完成[^、，]{0,6}(?:铺设|浇筑|安装|吊装|铺轨|主体[^、，]{0,6}|封顶|\d+米?)", "ongoing", "龙口水库完成大坝浇筑"),
    (r"(?:建设)?(?:取得|实现)[^、，]{0,6}(?:进展|突破|成效)", "ongoing", "龙口水库建设取得突破性进展"),
    (r"主体[^、，]{0,6}(?:过半|完成|完工|竣工|封顶)", "ongoing", "龙口水库主体结构全部完成"),
    (r"(?:建设|实施|工作)?(?:推进|进展)(?:顺利|有力|有序|迅速|良好|明显)", "ongoing", "龙口水库建设推进顺利"),
    (r"(?:全面|已|均|分别)*(?:实现|完成)(?:整体)?(?:提档升级|改扩建|改造|升级改造|改造提升|扩容|扩建|搬迁|迁建|整治|修缮|加固|技改)", "completed", "龙口水库完成改扩建"),
    (r"(?:成功|顺利|正式|已)?落户[一-龥]{2,3}", "started", "龙口水库落户柳州"),
    (r"(?:成功|顺利|正式|已)?落地(?![能见生转实建开达投运项])[一-龥]{2,3}", "preparation", "龙口水库落地柳州"),
    (r"(?:如期|加快|全面|快速|有序)?(?:改造|升级改造|提质升级|提档升级|扩容升级|扩建|改扩建)(?<=[快速面序期].{2})", "ongoing", "龙口水库加快改造"),
)  # fmt: skip
"""What follows the names and holds words of its own: a pattern, the stage, and an example that is its test."""
# How far before a clause's end its stage is looked for.
REACH = 34
SHORTEST = 2
_PHRASES_BEGIN = re.compile(
    "[完进争成纳列入通获取得前可规立报签主累分已均建施工形总整实投正全即基具推如加快有改升提扩顺落达首产]"
)
_PHRASE = re.compile("(?:" + "|".join(f"(?P<p{n}>{pattern})" for n, (pattern, _, _) in enumerate(PHRASES)) + ")$")
_MAY_PHRASE = re.compile(
    "完成.|[进纳列]入|通过|[获取]得?|得到|前期|可研|规划.|立项.|报批.|签约.|具备|落[地户]|进度.|下线"
)
_PHRASE_ENDS = frozenset("0123456789%％〇半元上右展破效成工竣顶利力序迅速好显造级容建成半务划标先跑线")
"""A clause holds the one or ends in the other where a phrase closes it: a cheap look before."""
_AFTER = {*_TELLING["after"], *_NEUTRAL.split(), *_STEADY.split(), *_AROUND.split(), "改造", "升级", "提升", "验收"}
BEGINS_AFTER = frozenset([*(word[0] for word in _AFTER), *_PHRASES_BEGIN.pattern[1:-1]])
"""With what the words begin that stand behind a name."""
_REVERSED = any_of(word[::-1] for word in _AFTER)
_RUN = re.compile(f"(?:{_REVERSED})+")
_ONE = re.compile(_REVERSED)
_ENDS = frozenset(word[-1] for word in _AFTER)
_STEADIES = frozenset(_STEADY.split())
_GOING = frozenset(_NEUTRAL.split())


_CLOSES = _ENDS | _PHRASE_ENDS | frozenset(" \t\n\u3000*%％个项")


def may_tell(clause: str) -> bool:
    """Whether a clause may hold verbs of building or words of a stage, by its first and last characters.

    A fifth of all clauses do not, and are left alone: looking closer at each took a fifth more time.
    """
    return (
        clause[0] in _OPENS
        or clause[-1] in _CLOSES
        or clause.startswith(_ADVERB_VERBS, 2)
        or _MAY_PHRASE.search(clause, max(0, len(clause) - REACH)) is not None
    )


def ending(clause: str, after: int, planned: bool) -> Ending | None:
    """What closes a clause and says how far the names before it are; None where nothing does.

    Args:
        clause: the clause, or a part of it up to the end of an item.
        after: where the names begin.
        planned: whether the section speaks of what is to come; in a review 即将通车 is not completed.
    """
    at = stop = len(clause)
    stage: Stage | None = None
    if stop - after <= SHORTEST:
        return None
    least = max(after + SHORTEST, stop - REACH)
    if clause[-1] in _PHRASE_ENDS or _MAY_PHRASE.search(clause, least):
        starts = (begin.start() for begin in _PHRASES_BEGIN.finditer(clause, least))
        match = next(filter(None, (_PHRASE.match(clause, start) for start in starts)), None)
        if match:
            at, stage = match.start(), PHRASES[int(str(match.lastgroup)[1:])][1]
    if stage is None and clause[-1] not in _ENDS:
        return None
    words = _words_before(clause, at, after + SHORTEST)
    at -= sum(map(len, words))
    while words and (words[0] in _NAMING or (words[0] in _COMPLETING and not class_of(clause[after:at]))):
        at += len(words.pop(0))
    if aside := _ASIDE.search(clause, max(after + SHORTEST, at - _ASIDE_LENGTH), at):
        at = aside.start()
    said = clause[at:stop]
    if _NOT_YET.search(said):
        return None
    if stage is None:
        return _told(words, at, said, planned)
    return Ending(at, stage, stage != "preparation" and not _VAGUELY.search(said))


def _words_before(clause: str, stop: int, least: int) -> list[str]:
    """The words of a stage that run up to `stop`, in text order."""
    tail = clause[max(least, stop - REACH) : stop][::-1]
    match = _RUN.match(tail)
    return [word[::-1] for word in reversed(_ONE.findall(match.group()))] if match else []


def _told(words: list[str], at: int, said: str, planned: bool) -> Ending | None:
    """The stage that plain words tell, the last telling one first."""
    rows = [_TELLING["after"][word] for word in words if word in _TELLING["after"]]
    telling = [row.stage for row in rows if not row.weak] or [row.stage for row in rows]
    if not telling:
        if not _GOING.intersection(words):
            return None
        goes = bool(_STEADIES.intersection(words)) and (len(words) > 1 or words[0] in ("加快", "提速", "加速"))
        return Ending(at, "ongoing" if goes else None, False)
    prepared = "preparation" in telling and telling[-1] != "started"
    stage: Stage = "preparation" if prepared else telling[-1]
    if stage == "completed" and ("ongoing" in telling or "主体" in words):
        stage = "ongoing"
    firm = stage in ("started", "completed")
    if firm and not planned and _COMING.search(said):
        stage = "ongoing" if stage == "completed" else "preparation"
    return Ending(at, stage, firm)
