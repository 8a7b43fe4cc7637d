"""What speaks for what a stretch of a report is for: rows that are weak alone and add up.

A row is worth its weight once in a sentence. The unit of weights is about what one plain sign is worth; a heading of
the upper level that says what it is has four, and to turn in the middle of a line costs as much. Each row's example is
a test, and `python benchmarks/structure.py` prints what each row is worth.
"""

from __future__ import annotations

from typing import NamedTuple

FRONT, REVIEW, PROBLEMS, OUTLOOK, PLAN, CLOSING, GLOSSARY = range(7)
STATES = ("front", "review", "problems", "outlook", "plan", "closing", "glossary")
"""What a stretch may be: title and address; what was done; what is admitted; the next five years; the next year; the
appeal at the end; notes on words."""
AHEAD = frozenset((OUTLOOK, PLAN, CLOSING))
"""The states that speak of what is to come."""


class Row(NamedTuple):
    """Words of a heading."""

    name: str
    pattern: str
    """What they match; no groups."""
    weights: dict[int, float]
    """What they are worth for each state they speak for."""
    example: str
    """A heading that has them."""
    reason: str
    opens: int | None = None
    """The state that they announce: a turn to a plan, an outlook or problems that nothing announces is dear."""


class Sign(NamedTuple):
    """Words of a sentence."""

    name: str
    words: str
    """Between blanks; a text is searched for those of all signs at once."""
    weights: dict[int, float]
    example: str
    reason: str
    before: str = ""
    """What must stand before them, a look back."""
    after: str = ""
    """What must follow them."""
    opens: int | None = None


OPENING: tuple[Sign, ...] = (
    Sign(
        "so far",
        "今年以来 今年上半年 今年前 上半年 前三季度 年初以来",
        {REVIEW: 1.5},
        "今年以来，全县经济平稳运行。",
        "an analysis within the year reports",
    ),
    Sign(
        "back",
        "过去一年 过去的一年 过去五年 过去的五年 过去几年 去年 一年来 两年来 三年来 四年来 五年来 几年来 本届政府",
        {REVIEW: 1.5},
        "一年来，我们抓项目、促投资。",
        "a sentence that opens so looks back",
    ),
    Sign(
        "five years on",
        "今后五年 今后三年 未来五年 未来三年",
        {OUTLOOK: 2.0},
        "今后五年，地区生产总值年均增长6%。",
        "the horizon of a new government or plan",
        opens=OUTLOOK,
    ),
    Sign(
        "this year",
        "今年 明年 下半年 下一步 下一阶段 新的一年 新一年 年内",
        {PLAN: 1.5},
        "今年新建农村公路50公里。",
        "said from where the report stands, before the year's work",
        opens=PLAN,
    ),
)
"""Signs that count where a sentence begins, after numbering and 各位代表; the first one there counts."""

_FIGURE = r"[^，。]{0,14}[\d０-９]"
_TROUBLE = "(?:问题|困难|挑战|不足|短板|矛盾|差距|薄弱)"

ANYWHERE: tuple[Sign, ...] = (
    Sign(
        "compared",
        "同比 比上年 较上年 比去年 较去年",
        {REVIEW: 0.8},
        "财政收入同比增长8%。",
        "results are set against the year before",
    ),
    Sign(
        "honoured",
        "荣获 获评 入选 位居 跻身 列全国 列全省 列全市 获批",
        {REVIEW: 0.8},
        "我市获评国家卫生城市。",
        "an honour has been won",
    ),
    Sign("reached", "实现 完成 达 突破", {REVIEW: 0.8}, "生产总值突破100亿元。", "a figure was reached", after=_FIGURE),
    Sign(
        "carried out",
        "建成 开工 新增 发放 改造 引进 培育",
        {REVIEW: 0.5},
        "新增市场主体5000户。",
        "what is counted was mostly done",
        after=_FIGURE,
    ),
    Sign(
        "done",
        "了",
        {REVIEW: 0.3},
        "我们办成了许多大事。",
        "the particle of what is completed",
        before="(?<![为除])",
        after="(?![解如])",
    ),
    Sign(
        "intended",
        "要 将 力争 确保 争取 努力 着力 奋力 大力 切实 坚持 坚决 持续 深入 加快 全力 积极 统筹 推动 推进 实施 加强 强化 深化 完善 健全 优化 "
        "提升 支持",
        {PLAN: 0.5, OUTLOOK: 0.5},
        "新的征程上，要坚持稳字当头。",
        "a clause that begins with what is to be done",
        before=r"(?<=[，；、。！：\s])",
    ),
    Sign(
        "about",
        "左右 以上 以内",
        {PLAN: 0.7, OUTLOOK: 0.7},
        "生产总值增长6%左右。",
        "results are exact, aims are about",
        before="(?<=[%％元人个万亿家里吨户亩件项])",
    ),
    Sign(
        "goals",
        "预期 主要 发展 奋斗 总体 增长 具体 约束性",
        {PLAN: 2.0, OUTLOOK: 1.5},
        "经济社会发展主要预期目标是：生产总值增长6%。",
        "the goals of a plan are announced so",
        after=r"[^，。：:\n]{0,8}目标(?:任务|指标)?(?:建议)?[*\s]{0,3}"
        r"(?:(?:初步|暂|拟)?(?:是|为|如下|安排(?:为|如下)|设定为|确定为)[:：]?|[:：])",
        opens=PLAN,
    ),
    Sign(
        "guided",
        "总体要求 总体思路 指导思想 基本思路",
        {PLAN: 4.0, OUTLOOK: 3.5},
        "做好政府工作的总体要求是：以人民为中心。",
        "a plan begins with what guides it",
        after="[^。]{0,8}(?:是|为|：|:)",
        opens=PLAN,
    ),
    Sign(
        "listed work",
        "抓好 做好 做实 聚焦",
        {PLAN: 2.5, OUTLOOK: 2.0},
        "重点抓好以下八个方面工作。",
        "the list of a plan's parts is announced",
        after=r"[^。]{0,14}(?:以下|[三四五六七八九十\d])[^。]{0,6}(?:工作|方面|任务|实事)",
        opens=PLAN,
    ),
    Sign(
        "soberly",
        "清醒",
        {PROBLEMS: 4.5},
        "我们也清醒地认识到，民生事业还有欠账。",
        "what is seen soberly is what is wrong",
        after="[地的]?[^，。]{0,4}[到识]",
        opens=PROBLEMS,
    ),
    Sign(
        "admitted",
        "清楚 认识到 看到 意识到 深知 正视 感到",
        {PROBLEMS: 4.5},
        "我们也要看到，发展中还有不少短板。",
        "who admits something notices it",
        after=rf"[^。\n]{{0,100}}{_TROUBLE}",
        opens=PROBLEMS,
    ),
    Sign(
        "still there",
        "仍 还 依然 尚 也",
        {PROBLEMS: 4.5},
        "发展中还存在不少困难和问题。",
        "what is wrong is still there",
        after=rf"[^，。\n]{{0,6}}(?:存在|面临|有)[^。\n]{{0,60}}{_TROUBLE}",
        opens=PROBLEMS,
    ),
    Sign(
        "not overlooked",
        "不容忽视 不容回避 不容乐观 不可忽视 依然突出 仍然突出 仍较突出 还比较突出",
        {PROBLEMS: 4.0},
        "成绩固然可喜，问题也不容忽视。",
        "what is wrong is said to weigh",
        opens=PROBLEMS,
    ),
    Sign(
        "listed troubles",
        "问题 困难 挑战 不足 短板",
        {PROBLEMS: 3.0},
        "当前还存在一些问题：产业结构不优。",
        "a list of what is wrong begins",
        after=r"[^。\n]{0,10}(?:主要(?:是|表现|体现|有|集中)|突出表现|具体表现|[：:])",
        opens=PROBLEMS,
    ),
    Sign(
        "addressed",
        "我代表 请予审议 列席",
        {FRONT: 4.0},
        "现在，我代表市人民政府报告工作，请予审议。",
        "the address",
    ),
    Sign(
        "appeal",
        "让我们 谢谢大家 奋勇前进 不懈奋斗 而奋斗 携手奋进",
        {CLOSING: 2.5},
        "让我们团结一心，奋勇前进！",
        "the last words of a report",
    ),
    Sign(
        "addressed again",
        "各位代表",
        {CLOSING: 1.0},
        "各位代表！蓝图已经绘就。",
        "the appeal turns to those who sit there",
    ),
    Sign("explained", "是指 指的是 ：指 :指", {GLOSSARY: 2.0}, "“双碳”是指碳达峰与碳中和。", "a note on a word"),
)
"""Signs that count anywhere in a sentence."""

WEAK_WORDS = (
    "不足 不够 不高 不强 不优 不大 不多 不快 不稳 不牢 不畅 不平衡 不充分 不到位 不完善 不健全 薄弱 较弱 偏弱 滞后 缓慢 短板 差距 压力 有待 "
    "亟待 亟需 尚未 缺乏 缺少 欠缺 紧缺 短缺 矛盾 隐患 风险 偏低 较低 偏小 较小 偏少 偏紧 单一 制约 艰巨 乏力 低端 较大 较多 频发 多发 粗放 "
    "脆弱 瓶颈 缺口 欠账 不作为 慢作为 形式主义 官僚主义 困难 难度 突出"
)
"""Words for what is wrong; up to eight different ones of a sentence after an admission count."""
WEAK, UNTROUBLED = 0.5, -0.9
"""What each of them is worth for problems; and what any sentence is, but under a heading that announces them."""

HEADING: tuple[Row, ...] = (
    Row(
        "problems",
        r"(?:存在|面临)的?[^，。]{0,8}(?:问题|困难|挑战|不足|短板)|问题和(?:困难|不足)|困难和问题|主要问题|差距和不足",
        {PROBLEMS: 2.5},
        "三、存在的困难和问题",
        "says it",
        opens=PROBLEMS,
    ),
    Row(
        "goals reached",
        r"(?:目标|指标|任务)[^，。]{0,4}(?:完成|实现|执行)",
        {REVIEW: 1.0},
        "（一）主要目标完成情况",
        "goals of the year before",
    ),
    Row(
        "goals set",
        r"(?:预期|发展|主要|总体|奋斗|约束性)目标|目标(?:和|与)?指标|主要指标",
        {PLAN: 0.8, OUTLOOK: 0.4},
        "（二）主要预期目标",
        "goals are a plan's",
        opens=PLAN,
    ),
    Row(
        "reviews",
        r"回顾|总结|(?:完成|执行|进展|运行|发展|建设|落实)情况|取得的?(?:成绩|成就|成效)|过去[一二三四五六]年|(?:一|五|四|三|几|两)年来"
        r"|工作(?:情况|完成|成效|成绩)|时期[^，。]{0,6}(?:成就|成绩|成效)",
        {REVIEW: 1.0},
        "一、过去五年工作回顾",
        "says it",
    ),
    Row(
        "setting",
        r"形势(?:判断|分析|$)|面临的?(?:形势|环境|机遇|条件)",
        {REVIEW: 0.5},
        "二、面临的形势",
        "how things stand is told before what is to be done",
    ),
    Row(
        "horizon",
        r"今后[三五]年|未来[三五]年",
        {OUTLOOK: 1.2},
        "二、今后五年的总体思路",
        "the horizon of a new government",
        opens=OUTLOOK,
    ),
    Row(
        "own building",
        r"政府(?:自身|系统|机关)?(?:自身)?(?:改革)?建设|自身建设",
        {PLAN: 0.5},
        "四、加强政府自身建设",
        "a part of its own at the end of most plans, and the last point of some reviews",
        opens=PLAN,
    ),
    Row(
        "plans",
        r"(?:今年|明年|下半年|下一步|下一阶段|本届|新一届)[^，。]{0,24}"
        r"(?:工作|任务|安排|建议|部署|打算|思路|考虑|重点|举措|措施|计划|实事|要求)"
        r"|工作(?:安排|部署|建议|任务|重点|思路|打算|要求)|重点(?:工作|任务)|主要(?:任务|举措|措施)|总体(?:要求|思路|考虑|部署)|目标任务"
        r"|指导思想|任务和措施|计划(?:草案|安排)|民生(?:实事|工程)|为民办?实事",
        {PLAN: 1.0},
        "二、今年重点工作任务",
        "says it",
        opens=PLAN,
    ),
)
"""What the words of a heading say, as shares of what a heading of its depth is worth."""
