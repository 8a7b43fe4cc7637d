"""Word classes of the language of government reports, and how they are looked for.

These are closed or nearly closed classes of the language (verbs of reaching, words of shortcoming), not phrases of
particular reports.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


def any_of(words: Iterable[str] | str) -> str:
    """A regular expression that matches any of the words, longest first, grouped by first character.

    Grouping lets the engine skip a position by its first character: a flat alternation of 100 words costs over a
    microsecond a character.
    """
    split = words.split() if isinstance(words, str) else list(words)
    groups: dict[str, list[str]] = {}
    for word in sorted(set(split), key=lambda word: (-len(word), word)):
        groups.setdefault(word[0], []).append(re.escape(word[1:]))
    return "(?:" + "|".join(first + "(?:" + "|".join(rest) + ")" for first, rest in groups.items()) + ")"


REACH = (
    "达到 达 超过 超 突破 稳定在 稳定保持在 稳定达到 稳定保持 保持在 维持在 控制在 提高到 提高至 提升到 提升至 "
    "增加到 增加至 增至 增长到 增长至 降到 降至 下降到 下降至 降低到 降低至 缩小到 缩小至 缩短到 缩短至 压减至 压减到 "
    "压缩到 压缩至 压降至 扩大到 扩大至 扩面至 上升到 上升至 升至 跃升至 跃升到 攀升至 回升至 站上 跨上 跨过 迈上 迈过 "
    "跨越 冲刺 接近 逼近 近 约 约为 为 是 均为 均达 均达到 均超 均超过 实现 完成 累计达 累计达到 总量达 不低于 不少于 "
    "不超过 不高于 低于 高于 少于 多于 逾 至少 预计达到 预计达 预计 巩固在 巩固提升到 保持 位于 有 共有 已有 已达 将达 "
    "现有 共 共计 合计 各 居 占 至 到 发展到 扩大 恢复到 恢复至 力争达到 分别为 分别达 分别达到 高达 多达 "
    "完成率达 以 仅 仅为 只有 不足 不到 未超过 首次突破 首破 首次超过 历史性突破 成功突破 率先突破"
)
"""Verbs and adverbs between what is measured and its figure: the figure is a level."""

CHANGE = (
    "增长 同比增长 增加 同比增加 提高 提升 上升 下降 同比下降 减少 同比减少 降低 压减 压缩 压降 缩短 缩减 缩小 回落 "
    "回升 上涨 下跌 下滑 扩大 增 降 升 涨 减 翻 收窄 增幅 降幅 增幅达 降幅达 增速达 增速为 同比 环比 年均增长 年均 "
    "平均增长 累计增长 名义增长 实际增长 实现增长 净增 净增长 递增 较上年增长 比上年增长 分别增长 分别同比增长 "
    "同比分别增长 均增长 逆势增长 快速增长 稳步增长 较快增长 高速增长"
)
"""Verbs of change between what is measured and its figure."""

CAUSE = "实现 推动 带动 拉动 促进 确保 力争 争取 努力 保障 保证 保持 使 促使 推进 全面 持续 有效 稳步 加快 支持 引导 全力 完成"
"""Verbs that govern a clause with its own predicate: 推动民间投资占比超过50% measures 民间投资占比."""

ADVERB = (
    "预计 全年 今年 去年 当年 年内 累计 共计 总计 合计 已经 现已 目前 其中 特别是 尤其是 同时 "
    "力争 争取 确保 努力 全力 全力以赴 切实 扎实 着力 大力 积极 主动 持续 不断 进一步 有序 "
    "有效 稳步 深入 全面 顺利 成功 圆满 高质量 高标准 高效 高水平 先后 首次 连续 平均 每年 "
    "年均 一年来 五年来 近年来 本届政府 我们 分别 全部 率先 初步 逐步 预期 精准 系统 因地制宜 "
    "超额 提前 如期 按期 到年底 年底前 截至年底 上半年 下半年 全程 牢牢 坚决 继续 及时 快速 "
    "迅速 充分 历史性 创造性 聚力 奋力 倾力 合力 强力 强化 重新 即将 以"
)
"""Words before the noun or verb that are no part of what is measured."""

ACTION = (
    "新增 新建 新改建 新改扩建 改扩建 改建 扩建 续建 在建 建成 建成投用 建成投产 建设 建好 共建 构建 创建 创成 打造 培育 "
    "新培育 培养 培训 引进 引育 引入 引导 招引 招商 新引进 签约 新签约 落地 落户 新落地 开工 新开工 开工建设 竣工 完工 投产 投用 "
    "新投产 实施 开展 推进 推动 推行 推广 推出 完成 实现 争取 争创 落实 发放 投放 发行 拨付 安排 投入 筹集 筹措 "
    "整治 治理 修复 改造 提升 升级 改善 更新 维修 维护 修缮 加固 拆除 清理 清退 清收 处置 化解 查处 侦破 破获 办理 办结 解决 "
    "调解 受理 审批 减免 减税 退税 压减 压降 压缩 节约 节支 盘活 收储 供应 出让 流转 转移 安置 帮扶 帮助 救助 资助 惠及 服务 "
    "覆盖 保障 组建 成立 设立 组织 举办 承办 召开 选派 选聘 选树 招聘 招录 聘用 认定 评定 评选 授予 获得 获批 获评 荣获 入选 "
    "申报 申请 注册 登记 制定 出台 修订 发布 编制 谋划 储备 策划 包装 梳理 整合 优化 调整 划定 补划 恢复 补足 种植 栽植 "
    "栽种 播种 收购 出栏 生产 产出 出口 进口 销售 接待 吸引 吸纳 带动 拉动 促成 促进 支持 扶持 扩大 拓展 延伸 开通 开行 开放 "
    "开设 开发 开辟 增开 增设 增加 增设 增添 增殖 安装 新装 铺设 敷设 架设 布设 布局 设置 配备 配套 购置 添置 采购 消除 "
    "减少 关闭 关停 淘汰 退出 搬迁 疏散 撤离 转化 承接 贯通 接入 归集 绘制 上线 运营 研发 攻克 突破 转让 交付 消化 "
    "化债 偿还 归还 兑现 支付 上缴 征收 收缴 挽回 追回 追缴 缴获 清零 创作 演出 放映 巡演 下派 派出 轮训 表彰 奖励 纳入 "
    "识别 监测 排查 检查 巡查 检测 抽检 检验 确认 规划 启动 滚动 加快 提标 扩面 提质 深化 统筹 打通 新改 改 新装 新设 新开 "
    "新认定 新获批 新发放 新招引 新获得 新评定 新注册 新登记 新划 新招 累计发放 联合开展 策划储备 新纳入 净增 扭亏 减亏 试点 "
    "到位 营造 义务植树 造林 绿化 疏浚 清淤 硬化 亮化 贯通 通车 建立 配建 提供 交易 成交 挂牌 上市 孵化 集聚 汇聚 聚集 聚焦 "
    "升规 纳规 净增 发展 壮大 做强 做优 稳定 巩固 示范创建 创作 排名 减排 消纳 替代 开垦 垦造 复垦 增殖放流 放流 压茬推进 "
    "新晋 设 建 办 修 种 植"
)
"""Verbs whose object is counted: the verb is part of what is measured (新增, 改造, 发放)."""
