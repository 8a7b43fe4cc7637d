"use strict";
// What the page says, in Chinese and English.

const WORDS = {
  zh: {
    other_language: "EN", language: "Switch to English", theme: "浅色 / 深色", help: "键盘操作（?）",
    report: "报告", all_reports: "全部报告", previous_report: "上一份报告（[）", next_report: "下一份报告（]）",
    text: "正文", overview: "概览", outline: "目录", records: "记录", skip: "跳到记录表",
    search: "搜索指标、项目、原文", year: "年份", section: "章节", field: "领域", type: "类型",
    any_year: "所有年份", any_section: "所有章节", any_field: "所有领域",
    clear: "清除筛选", download: "下载 CSV", download_what: "下载表中所示各行",
    shown: (n, all) => n === all ? `共 ${all} 条` : `${n} / ${all} 条`,
    name: "内容", value: "数值", place: "位置",
    none_found: "没有符合条件的记录。", no_records: "这份报告中没有找到记录。", no_reports: "这次运行没有读到任何报告。",
    no_text: "原文不在，只能显示记录所引的文字。", interrupted: "这次运行中途停止，结果不完整。",
    failures: n => `有 ${n} 处未能提取，见 failures.jsonl。`, loading: "正在读入……",
    target: "目标", achievement: "成果", project: "项目", problem: "问题",
    unclaimed: "未认领", explained: "非指标", unclaimed_long: "没有记录认领的数字", explained_long: "不是指标的数字",
    quote: "原文", figure: "数字", unit: "单位", measure: "口径", comparator: "比较", modifier: "限定词", scope: "范围",
    base: "折合", stage: "阶段", status: "状态", amount: "投资额", domain: "领域", kind: "种类", grounding: "出处核对",
    model: "来源", id: "编号", offsets: "字符位置", reason: "原因", indicator: "指标",
    level: "总量", growth: "增速", change: "变化量", quantified: "有数字", recognition: "荣誉、称号",
    preparation: "前期", started: "开工", ongoing: "在建", completed: "建成", reported: "已报告", planned: "计划",
    exact: "逐字一致", normalized: "略去空白和标记后一致", missing: "原文中找不到", no_reason: "没有记录认领，也看不出不是指标",
    economy: "经济", industry: "产业科技", agriculture: "农业农村", infrastructure: "基础设施", environment: "生态环境",
    livelihood: "民生", finance: "财政金融", safety: "安全稳定", governance: "政府治理", other: "未归类",
    date: "日期", duration: "时长", ordinal: "序数", rank: "位次", name_reason: "名称的一部分", "document number": "文号",
    "list marker": "序号", contact: "联系电话", reference: "指代", threshold: "界定标准", base_reason: "对比基数", structure: "篇章计数",
    "no unit": "没有单位", of_year: y => `${y} 年`, copy: "复制引文", link: "复制链接", copied: "已复制", close: "关闭（Esc）",
    same_place: (k, n) => `此处 ${n} 条之 ${k}`, characters: n => `${n.toLocaleString("zh")} 字`,
    totals: "记录", coverage: "数字", claimed: "已成记录", headline: "主要指标", result: y => y ? `${y} 年完成` : "完成",
    aim: y => y ? `${y} 年目标` : "目标", by_section: "各章节的目标与成果", by_role: "各部分的目标与成果",
    by_field: "各领域的目标与成果", field_note: "问题的领域来自记录；其余按用词归类，仅供参考。点按横条可筛选右侧的记录。",
    headline_note: "取报告自身年份的数字；点按可看原文。", no_headline: "没有找到主要指标的数字。", reports: "报告",
    other_sections: "其他章节", front: "标题与开头", opening: "开头",
    review: "工作回顾", problems: "困难和问题", goals: "预期目标", plan: "工作安排", own_building: "政府自身建设",
    glossary: "名词解释", other_role: "其他",
    keys: [["j / k · ↓ / ↑", "下一条、上一条记录"], ["/", "搜索"], ["Esc", "关闭详情、清空搜索"],
      ["1 2 3 4", "只看目标、成果、项目、问题"], ["5", "只看未认领的数字"], ["0", "清除筛选"],
      ["[ / ]", "上一份、下一份报告"], ["o", "正文 / 概览"], ["d", "下载所示各行"], ["t", "浅色 / 深色"], ["?", "这张表"]],
    keys_title: "键盘操作", about: (m, v, d) => `${m} · llmx ${v} · ${d}`, cite: (q, r, s) => `“${q}”（${r}${s ? "，" + s : ""}）`,
  },
  en: {
    other_language: "中", language: "改用中文", theme: "Light / dark", help: "Keyboard (?)",
    report: "Report", all_reports: "All reports", previous_report: "Previous report ([)", next_report: "Next report (])",
    text: "Text", overview: "Overview", outline: "Contents", records: "Records", skip: "Skip to the records",
    search: "Search indicators, projects, quotes", year: "Year", section: "Section", field: "Field", type: "Type",
    any_year: "Any year", any_section: "Any section", any_field: "Any field",
    clear: "Clear filters", download: "Download CSV", download_what: "Download the rows shown",
    shown: (n, all) => n === all ? `${all} record${all === 1 ? "" : "s"}` : `${n} of ${all}`,
    name: "What", value: "Value", place: "Place",
    none_found: "No record matches.", no_records: "No records were found in this report.", no_reports: "This run read no report.",
    no_text: "The text is not at hand; records show the words they quote.", interrupted: "This run was interrupted; it is not complete.",
    failures: n => `${n} part${n === 1 ? "" : "s"} failed, see failures.jsonl.`, loading: "Reading…",
    target: "Target", achievement: "Achievement", project: "Project", problem: "Problem",
    unclaimed: "Unclaimed", explained: "No measure", unclaimed_long: "A figure that no record holds", explained_long: "A figure that measures nothing",
    quote: "Quote", figure: "Figure", unit: "Unit", measure: "Measure", comparator: "Comparator", modifier: "Modifier", scope: "Scope",
    base: "In base unit", stage: "Stage", status: "Status", amount: "Investment", domain: "Field", kind: "Kind", grounding: "Grounding",
    model: "Model", id: "Id", offsets: "Characters", reason: "Reason", indicator: "Indicator",
    level: "level", growth: "growth", change: "change", quantified: "with a figure", recognition: "honour or status",
    preparation: "preparation", started: "started", ongoing: "ongoing", completed: "completed", reported: "reported", planned: "planned",
    exact: "verbatim", normalized: "but for blanks and marks", missing: "not found in the text", no_reason: "no record holds it, nothing explains it",
    economy: "Economy", industry: "Industry, science", agriculture: "Agriculture", infrastructure: "Infrastructure", environment: "Environment",
    livelihood: "Livelihood", finance: "Finance", safety: "Safety", governance: "Governance", other: "Not classed",
    date: "date", duration: "duration", ordinal: "ordinal", rank: "rank", name_reason: "part of a name", "document number": "document number",
    "list marker": "list marker", contact: "telephone number", reference: "reference", threshold: "threshold", base_reason: "base of a comparison", structure: "counts parts of the text",
    "no unit": "no unit", of_year: y => String(y), copy: "Copy citation", link: "Copy link", copied: "Copied", close: "Close (Esc)",
    same_place: (k, n) => `${k} of ${n} here`, characters: n => `${n.toLocaleString("en")} characters`,
    totals: "Records", coverage: "Figures", claimed: "In records", headline: "Headline indicators", result: y => y ? `Result ${y}` : "Result",
    aim: y => y ? `Target ${y}` : "Target", by_section: "Targets and achievements by section", by_role: "Targets and achievements by part",
    by_field: "Targets and achievements by field", field_note: "A problem's field is its record's; others are classed by their words, as a guide. Click a bar to filter the records.",
    headline_note: "Figures of the report's own years; click one for its words.", no_headline: "No figures of headline indicators were found.", reports: "Reports",
    other_sections: "Other sections", front: "Title and opening", opening: "Opening",
    review: "Review", problems: "Problems", goals: "Goals", plan: "Plan", own_building: "The government itself",
    glossary: "Glossary", other_role: "Other",
    keys: [["j / k · ↓ / ↑", "next, previous record"], ["/", "search"], ["Esc", "close the details, empty the search"],
      ["1 2 3 4", "targets, achievements, projects, problems alone"], ["5", "unclaimed figures alone"], ["0", "clear filters"],
      ["[ / ]", "previous, next report"], ["o", "text / overview"], ["d", "download the rows shown"], ["t", "light / dark"], ["?", "this table"]],
    keys_title: "Keyboard", about: (m, v, d) => `${m} · llmx ${v} · ${d}`, cite: (q, r, s) => `“${q}” (${r}${s ? ", " + s : ""})`,
  },
};

let language = remembered("language") || (navigator.language.startsWith("zh") ? "zh" : "en");

/** A word of the page; a function among the words is called with what follows. */
function say(key, ...args) {
  const word = WORDS[language][key] ?? key;
  return typeof word === "function" ? word(...args) : word;
}

/** Why a figure measures nothing, in words; two reasons share their key with other words. */
function sayReason(reason) {
  return reason === null ? say("no_reason") : say({ name: "name_reason", base: "base_reason" }[reason] || reason);
}

/** Put the words of the language into the frame of the page. */
function speak() {
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = say(node.dataset.t);
  for (const node of document.querySelectorAll("[data-t-title]")) node.title = say(node.dataset.tTitle);
  for (const node of document.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", say(node.dataset.tLabel));
  for (const node of document.querySelectorAll("[data-t-placeholder]")) {
    node.placeholder = say(node.dataset.tPlaceholder);
    node.setAttribute("aria-label", node.placeholder);
  }
  for (const node of document.querySelectorAll("button.icon")) node.setAttribute("aria-label", node.title);
}

/** A choice kept between visits, where the browser keeps any for a file. */
function remembered(name) {
  try { return localStorage.getItem("llmx-" + name); } catch { return null; }
}

function remember(name, value) {
  try { localStorage.setItem("llmx-" + name, value); } catch { /* the choice lasts as long as the page */ }
}
