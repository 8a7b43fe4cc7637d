"""Whether a sentence of a plan commits its government, and if not, what else it is.

A sentence is weighed by its clauses: one that begins with what is to be done commits the whole. What looks like that
and is none (an appeal, a quotation, what guides all work) is known by rows that come first.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from llmx.alternation import any_of
from llmx.tasks.government.rules.lexicon import ACTION, ADVERB
from llmx.tasks.government.rules.sentences import clauses
from llmx.tasks.government.structure.evidence import ANYWHERE

Other = Literal[
    "heading", "guide", "lead", "situation", "evaluation", "quotation", "definition", "appeal", "closing", "remark"
]
"""What a sentence is that promises nothing."""


class Not(NamedTuple):
    """A shape of sentences that promise nothing, whatever verbs they have."""

    kind: Other
    pattern: str
    """Searched for in the sentence without blanks and marks of emphasis."""
    example: str
    reason: str


NOT: tuple[Not, ...] = (
    Not("closing", r"^(?:各位代表|同志们)[！!，,：:。]?$|请予审议|谢谢大家", "各位代表！", "an address, or thanks"),
    Not("definition", r"是指|指的是|^(?:注|附|名词解释)[：:]", "“双碳”是指碳达峰与碳中和。", "a word is explained"),
    Not(
        "guide",
        r"(?:总体要求|总体思路|指导思想|基本思路|总的要求|工作思路)[^。：:，]{0,8}(?:是|为|[：:])",
        "今年政府工作的总体要求是：坚持稳中求进，推动高质量发展。",
        "what guides all work is no piece of it",
    ),
    Not(
        "lead",
        r"^(?:各位代表[！!，,])?[^，]{0,30}[，,]?[^，]{0,24}(?:抓好|做好|做实|办好|推进|完成|实施|突出|聚焦|落实)[^，。：]{0,12}"
        r"(?:以下|[一二三四五六七八九十\d]+(?:个|大|项)?方面)"
        r"[^，。：]{0,12}[。：:]?$",
        "今年，我们将重点抓好以下八个方面工作：",
        "it announces the list that follows",
    ),
    Not(
        "situation",
        r"^(?:各位代表[！!，])?(?:今年|明年|\d{4}年|本年)[^，]{0,2}是[^。]{0,120}(?:年|节点|阶段|时期)[。，！]?",
        "今年是“十四五”规划的收官之年。",
        "what kind of year it is",
    ),
    Not(
        "situation",
        r"^(?:各位代表[！!，])?当前[^。]{0,80}(?:依然|仍然?|面临|变局|机遇|挑战|形势|繁重)",
        "当前，发展中的不平衡问题依然存在，要求我们做大总量。",
        "how things stand, from which work follows",
    ),
    Not(
        "quotation",
        r"^[^，。]{0,12}(?:总书记|常言|古语|古人|俗话)[^，。]{0,10}(?:强调|指出|说|道|云|讲)[：:，]|^“[^”]*”[。！]?$",
        "习近平总书记强调，让人民过上幸福生活是头等大事。",
        "somebody else's words",
    ),
    Not(
        "appeal",
        "让我们|不懈奋斗|而(?:努力|不懈|团结)?奋斗[！!。]|奋勇前进",
        "让我们团结一心，奋勇前进！",
        "the audience is called",
    ),
    Not(
        "evaluation",
        r"^(?:提出|确定|设定|安排|这些|以上|上述)[^，。]{0,6}目标[^，。]{0,6}，[^。]{0,200}(?:考虑|贯彻|兼顾|体现|衔接|分析|研判)",
        "提出以上目标，贯彻了稳中求进的要求，兼顾了当前与长远。",
        "why goals are what they are",
    ),
    Not(
        "evaluation",
        r"(?:意义|责任|使命|任务|影响|挑战|前景|信心)[^，、。]{0,6}(?:重大|深远|光荣|艰巨|繁重|在肩|严峻|广阔)[^，。]{0,10}[。！!]?$|不容低估|来之不易|任重道远",
        "做好今年的工作，责任重大、意义深远。",
        "it is said how weighty something is",
    ),
    Not(
        "evaluation",
        r"^[^，。]{2,24}(?:是|关乎|事关|关系)[^。]{2,60}(?:大事|之本|基础|根本|关键|之基|所在|所系|底色|保障|底线|命脉|福祉|要义|源泉|生命线)[。！!，]?$",
        "就业是民生之本。",
        "a general truth: what something is for something",
    ),
)


class Sign(NamedTuple):
    """Words that commit where a clause begins with them."""

    words: str
    example: str
    reason: str


SIGNS: tuple[Sign, ...] = (
    Sign(
        next(row.words for row in ANYWHERE if row.name == "intended"),
        "积极融入国家战略。",
        "what tells a plan from a review",
    ),
    Sign(ACTION, "开通城区公交线路。", "verbs whose object is counted say what is done also where nothing is"),
    Sign(
        "搭建 搭牢 挖掘 实行 试行 施行 推行 提 深挖 深耕 深度 深推 妥善 认真 广泛 攻坚 动态 重点 必须 务必 应当 始终 严格 严守 严禁 严防 严厉 严肃 严控 坚定 绝不 决不 杜绝 着眼 一律 带头 自觉 从严 依法 勇于 敢于 善于",
        "严格落实重大行政决策程序。",
        "a duty that the government puts on itself",
    ),
    Sign(
        "抓好 抓紧 抓牢 抓实 抓住 做好 做大 做实 做优 做精 办好 管好 用好 用活 用足 守好 守住 守牢 守护 建强 建优 唱响 叫响 打响 打好 打赢 打牢 打击 擦亮 "
        "扛牢 扛稳 织密 织牢 筑牢 夯实 压实 压紧 兜牢 兜住 念好 答好 当好 下好 走好 走深 讲好 站稳 稳住 护航 紧盯 紧扣 紧抓 紧紧 瞄准 锚定 突出 围绕 立足",
        "守住不发生系统性风险的底线。",
        "to do and to do well in one word",
    ),
    Sign(
        "严明 加大 加力 加密 增强 提高 拓宽 畅通 激发 激活 释放 厚植 弘扬 传承 保护 保持 保证 保护 保供 维护 防范 防止 防治 遏制 打造 塑造 重塑 营建 融入 "
        "对接 承办 衔接 联动 协同 协调 配合 合理 规范 理顺 明确 细化 迭代 丰富 繁荣 鼓励 倡导 宣传 普及 动员 发动 发挥 发扬 贯彻 执行 践行 履行 遵守 接受 "
        "听取 回应 关爱 关心 关注 尊重 树立 树牢 形成 构筑 探索 研究 制订 完工 竣工 续建 疏解 疏通 抢抓 抢占 借助 借力 依托 利用 运用 用 以 把 将 对 "
        "让 使 为 在 继续 接续 常态 常态化 强力 精心 精细 精准 科学 分类 分级 分步 分批 全域 全程 全过程 全方位 全链条 多渠道 多措并举 更大力度 统一 合力 联合 "
        "共同 共享 放大 放宽 放活 做活 盘活 延长 延链 补链 强链 补齐 补强 建好 建管 建精 精简 简化 取消 降低 减轻 缓解 破除 破解 杜绝 根治 整顿 惩治 "
        "查处 追究 问责 考核 督促 督导 监督 监管 管控 管理 检修 评估 总结 培强 育强 招大 招强 招才 引才 留住 留才 吸引 汇集 整理 挖掘 活化 开工 投入 举行 "
        "申创 争当 争做 争取 勇当 力促 助推 助力 赋能 催生 提档 提速 提振 提效 提增 扎牢 立足 坚守 恪守 敬畏 牢记 牢固 牢牢 持之以恒 锲而不舍 驰而不息 一体 "
        "一体化 一体推进 高位 高起点 高效能 高标准 不折不扣 真正 真抓 大兴 大抓 狠抓 力戒 反对 克服 改进 改变 转变 转换 转型 升级 推深 推广 抓 促 稳 保 强 扩 优 惠 兴 创 争 育 引 拓 防 治 护",
        "弘扬企业家精神。",
        "verbs and adverbs of doing that stand first only in what is to be done; in a plan, a clause without a subject is work",
    ),
)
_DAY = r"(?:到|至)?(?:[\d一二三四五六七八九十]{1,3}月(?:底|末|份)?|[一二三四]季度末?|上半年|下半年|年底|年末|年内|年中)(?:之前|以前|前)?[，,]?"
_LEAD = (
    r"(?:各位代表[！!，]?|[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|[①-⑳●■◆★•►◇○▪※—-]|我们|今年|\d{4}年|明年|新的一年里?|同时|此外|为此|并|也|还|再|更加|更好|全年|"
    rf"进一步|不断|{_DAY}|[全各]?[省市州县区乡镇]?(?:政府系统|人民政府|政府))*"
)
_BEGINS = re.compile(_LEAD + "(?:" + any_of(" ".join([*(sign.words for sign in SIGNS), ADVERB]).split()) + ")")
_MODAL = re.compile(
    r"^[一二三四五六七八九十]是|^[^“”]{0,24}?(?:要|将|必须|务必|力争|确保|争取|应|坚决|全部|达到?|提高到|控制在|稳定在|超过?|突破|增长|下降|建成|开工|投用|完工|竣工|投产)(?!求)"
)
"""What a subject may be followed by: 政府工作人员要…, 主体工程年底前完工."""
_ENDS = re.compile(
    r"(?:建设|创建|工作|改革|行动|工程|项目|整治|全覆盖|通车|落地|以上|左右|以内|见效|投用|投产|开工|完工|提升|增长)$"
)
"""What is named by its noun alone, or ends with its verb: 城乡供水一体化工程."""
_LABEL = 6
"""What is no longer than this and begins with no verb is a label of a table: 重点项目."""


def no_promise(sentence: str) -> Other | None:
    """What a sentence of a plan is if it promises nothing; None if it commits.

    Args:
        sentence: the whole sentence, as written.
    """
    plain = "".join(sentence.split()).replace("*", "")
    kind = next((row.kind for row in NOT if re.search(row.pattern, plain)), None)
    if kind:
        return kind
    parts = [plain[start:end].strip("，,；;。！？!?：:、") for start, end in clauses(plain, 0, len(plain))]
    return None if any(map(_commits, parts or [plain])) else "remark"


def _commits(clause: str) -> bool:
    return bool(_BEGINS.match(clause) or _MODAL.search(clause) or (len(clause) > _LABEL and _ENDS.search(clause)))
