"""Shortcomings, difficulties and risks that a report admits, one record a statement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from llmx.alternation import any_of
from llmx.tasks.government.claims import ProblemClaim
from llmx.tasks.government.rules.domains import domain_of
from llmx.tasks.government.rules.mark import Mark
from llmx.tasks.government.rules.sentences import items, protect

# The list begins after these; before them a report speaks of its shortcomings in general.
_LIST_OPENS = re.compile(
    r"(?:主要(?:是|有|表现(?:为|在)?|体现(?:为|在)?|表现)|突出表现(?:为|在)|集中表现(?:为|在)|具体(?:是|表现)|一是)[:：，,]?|(?:(?:认识|看)到|问题|困难|挑战|不足|短板)[:：]"
)
_MARKS = re.compile(r"[，,；;。！？\n:：](?:(?!\d)|(?<![:：]))")
_NUMBERING = re.compile(
    r"^[\s*]*(?:[一二三四五六七八九十]+是|[（(]?[一二三四五六七八九十\d]+[）)、.．])?[\s*]*(?:主要是|特别是|尤其是|同时|此外|另外|而且|加之|再加上)?"
)

DEFICIT = any_of(
    "不足 不够 不高 不强 不优 不大 不多 不快 不稳 不牢 不畅 不平衡 不充分 不均衡 不协调 不到位 不完善 不健全 不深 不实 不敢 不善 "
    "不彻底 不明显 不及 不力 不清 不适应 不匹配 不合理 不容乐观 不容忽视 薄弱 较弱 偏弱 滞后 缓慢 放缓 趋缓 困难 突出 严峻 复杂 短板 "
    "差距 压力 有待 亟待 亟需 亟须 尚未 未能 未达 未完成 没有 还需 仍需 需要 需进一步 缺乏 缺少 欠缺 紧缺 短缺 下降 下滑 下行 低于 "
    "矛盾 隐患 风险 偏低 较低 偏小 较小 偏少 较少 偏紧 偏重 偏慢 较慢 单一 制约 艰巨 繁重 收窄 乏力 疲软 低迷 低下 低端 低层次 层次低 "
    "能力弱 质量低 效率低 难题 堵点 痛点 较大 较重 较多 较差 频发 多发 时有发生 屡禁不止 流失 散乱 粗放 脆弱 难度 难以 收紧 趋紧 "
    "落后 弱项 欠账 缺口 瓶颈 问题 不振 不作为 慢作为 乱作为 形式主义 官僚主义 增收难 融资难 用工难 看病难 弱化 减弱 承压 负担 过剩 "
    "还要 还有 仍然 仍有 仍存 担当不足 意识不强 作风不实 明显不够 较快 尚需 尚待 仍待 仍须 任重道远 爬坡过坎 攻坚期 新课题 加深 不能 沉重 任务重 任务较重 压力大 难度大 偏弱 趋弱 不扎实 不理想 不适应"
)
_DEFICIT = re.compile(DEFICIT)
# Words for what is wrong that say by themselves what is so; a noun says it only with its verb: 风险防控 states nothing.
_NOUNS = any_of("风险 隐患 问题 矛盾 压力 差距 短板 弱项 瓶颈 缺口 欠账 负担 难度 形式主义 官僚主义")
_STATES = re.compile(rf"(?!{_NOUNS}|复杂)(?:{DEFICIT})[^、]{{0,4}}$|(?:有|存在|面临)[^、]{{0,6}}{_NOUNS}$")
_OPENING = re.compile(
    r"认识到|清醒(?:地)?看到|也(?:要|应)?看到|深知|各位代表|总体(?:平稳|向好)|在看到|肯定成绩|成绩(?:的)?(?:同时|面前)"
)
_VAGUE = any_of(
    "我国 我省 我市 我县 我区 我州 全省 全市 全县 全区 全州 经济 社会 改革 振兴 转型 高质量 发展 前进 道路 路上 政府 各项 工作 运行 当前 过程 方面 "
    "中 上 和 与 、 还 也 仍 仍然 依然 面临 存在 遇到 有 不少 一些 许多 诸多 各种 多重 较多 很多 困难 问题 挑战 不足 短板 矛盾 风险 弱项 "
    "在 今年 去年 上半年 下半年 国民经济 计划 执行 情况 我们 必须 正视 重视 高度 及 老 新 结构性 深层次 并存 的 着 是 严峻 复杂 形势 亟待 破解 解决 不容忽视"
)
_IN_GENERAL = re.compile(rf"{_VAGUE}+")
"""A statement of nothing but these words says that there are problems, not which."""
_CLOSING = re.compile(
    r"对(?:于)?(?:这些|上述|以上)|对此|掉以轻心|我们(?:将|一定|要|必须|会)|高度重视|加以(?:解决|改进)|认真(?:解决|对待)|直面|采取[^，。]{0,8}措施|决不辜负|绝不辜负|不负|切实解决|逐步解决|努力(?:解决|破解|改进)|积极应对|推动解决|必将|坚信|痛下决心|能够解决|(?:有效|有力)(?:举措|措施)"
)
_LEAD_IN = re.compile(
    r"(?:面临|存在|遇到|有)着?(?:一些|不少|许多|诸多|多重|各种|较多|很多|若干)[^，]{0,12}?(?:困难|问题|挑战|不足|矛盾|风险|短板|差距|压力|地方)[^，]{0,12}$"
)
"""Before the list has begun, 某市发展还面临不少困难和挑战 says only that it comes."""
_PLAIN = re.compile("[少弱低慢差小重大难窄多高远紧]$")
"""A short statement by its predicate: 龙头企业少."""
_TELLING = 6
"""A stretch of the list so long is a statement, whatever its words."""
_OVER = re.compile(
    r"总体要求|预期目标|工作安排|指导思想|20\d\d ?年是|今年是|(?:面临|迎来|历史|战略)[^，]{0,6}机遇|^(?:我们)?(?:必须|要(?!素)|将|着力|坚持|努力|切实|全力|坚决|奋力)"
)
"""What a plan says, where it follows the admissions without a heading."""
_LEANS = "不仍还也较"
"""A part that begins so leans on the one before: 发展不平衡、不充分."""
_SETTING = re.compile(
    r"^(?:对标|对照|面对|围绕|受|由于|随着|与此同时|对此|在[^，,]{0,40}(?:方面|背景下|情况下|形势下|同时)$|从[^，]{0,10}(?:看|来看)$|当前|目前|针对|这|以上|上述|只要|必须|[同与][^，]{2,12}相比$)"
)


def problems(
    text: str, begin: int, end: int, figures: Sequence[Mark], listing: bool
) -> tuple[list[ProblemClaim], bool]:
    """The problems that one sentence of a problems section states.

    Args:
        text: the chunk's text.
        begin, end: the sentence's bounds.
        figures: its figures that measure something; a statement with a figure is the figure's record.
        listing: whether an earlier sentence has opened the list (主要是).

    Returns:
        The claims in text order, and whether the list is open after this sentence.
    """
    opened = list(_LIST_OPENS.finditer(text, begin, end))
    claims: list[ProblemClaim] = []
    for start, stop in _statements(text, begin, end):
        inside = listing or any(match.start() <= start for match in opened)
        if _CLOSING.search(text, start, stop) or _OVER.search(text[start:stop]):
            return claims, False  # 我们将…: the rest is promises
        if any(start <= figure.start < stop for figure in figures):
            continue
        if _admits(text[start:stop], inside):
            claims += [ProblemClaim(quote=text[a:b], domain=domain_of(text[a:b])) for a, b in _parts(text, start, stop)]
    return claims, listing or bool(opened) or bool(_OPENING.search(text, begin, end))


def _statements(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches between marks, without numbering and words that only lead in."""
    sentence = protect(text[begin:end])
    at = 0
    for match in [*_MARKS.finditer(sentence), None]:
        stop = match.start() if match else len(sentence)
        raw = sentence[at:stop]
        lead = _NUMBERING.match(raw)
        skipped = lead.end() if lead else 0
        trailing = len(raw) - len(raw.rstrip(" \t*　"))
        if len(raw) - skipped - trailing >= 4:
            yield begin + at + skipped, begin + stop - trailing
        at = match.end() if match else stop


def _admits(statement: str, inside: bool) -> bool:
    """Whether a stretch is an admission: inside the list all but settings and promises, before it only plain ones."""
    if _OPENING.search(statement) or _SETTING.match(statement) or _IN_GENERAL.fullmatch(statement):
        return False
    if not inside:
        return bool(_DEFICIT.search(statement)) and not _LEAD_IN.search(statement)
    return bool(_DEFICIT.search(statement) or len(statement) >= _TELLING or _PLAIN.search(statement))


def _parts(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """Split at 、 where each part is a full statement of its own; else one statement."""
    bounds = items(text, start, stop)
    full = all(b - a >= 4 and _STATES.search(text[a:b]) and text[a] not in _LEANS for a, b in bounds)
    return bounds if full and len(bounds) > 1 else [(start, stop)]
