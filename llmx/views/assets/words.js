"use strict";
// What the page itself says, in Chinese and English. Words of types, fields and values come with the run.

const WORDS = {
  zh: {
    other_language: "EN", language: "Switch to English", theme: "浅色 / 深色", help: "键盘操作（?）",
    report: "报告", all_reports: "全部报告", previous_report: "上一份报告（[）", next_report: "下一份报告（]）",
    text: "正文", overview: "概览", outline: "目录", records: "记录", skip: "跳到记录表",
    search: "搜索内容、原文", year: "年份", section: "章节", type: "类型",
    any_year: "所有年份", any_section: "所有章节", any: name => `${name}：全部`,
    clear: "清除筛选", download: "下载 CSV", download_what: "下载表中所示各行",
    shown: (n, all) => n === all ? `共 ${all} 条` : `${n} / ${all} 条`,
    name: "内容", value: "数值", place: "位置", yes: "是", no: "否",
    none_found: "没有符合条件的记录。", no_records: "这份报告中没有找到记录。", no_reports: "这次运行没有读到任何报告。",
    no_text: "原文不在，只能显示记录所引的文字。", interrupted: "这次运行中途停止，结果不完整。",
    failures: n => `有 ${n} 处未能提取，见 failures.jsonl。`, loading: "正在读入……",
    unclaimed: "未认领", explained: "无须认领", unclaimed_long: "没有记录认领的数字", explained_long: "不计量任何事物的数字",
    base: "折合", offsets: "字符位置", reason: "原因", no_reason: "没有记录认领，也看不出原因",
    date: "日期", duration: "时长", ordinal: "序数", rank: "位次", name_reason: "名称的一部分", "document number": "文号",
    "list marker": "序号", contact: "联系电话", reference: "指代", threshold: "界定标准", base_reason: "对比基数", structure: "篇章计数",
    "no unit": "没有单位", of_year: y => `${y} 年`, copy: "复制引文", link: "复制链接", copied: "已复制", close: "关闭（Esc）",
    same_place: (k, n) => `此处 ${n} 条之 ${k}`, characters: n => `${n.toLocaleString("zh")} 字`,
    totals: "记录", coverage: "数字", claimed: "已成记录", headline: "要点", headline_name: "名称", of_head: (w, y) => y ? `${y} 年${w}` : w,
    by_section: "各章节的记录", by_role: "各部分的记录", by_year: "各年份的记录", by: name => `按${name}`,
    by_value: name => `${name}最大的记录`, reports: "报告", front: "标题与开头", opening: "开头", other_role: "其他",
    keys: (digits, types, next) => [["j / k · ↓ / ↑", "下一条、上一条记录"], ["/", "搜索"], ["Esc", "关闭详情、清空搜索"],
      [digits, `只看${types.join("、")}`], ...(next ? [[next, "只看未认领的数字"]] : []), ["0", "清除筛选"],
      ["[ / ]", "上一份、下一份报告"], ["o", "正文 / 概览"],
      ...(ACROSS.length ? [[ACROSS.map(pane => pane[0]).join(" "), ACROSS.map(pane => say(pane)).join("、")]] : []), ["d", "下载所示各行"], ["t", "浅色 / 深色"], ["?", "这张表"]],
    to_index: "‹ 全部报告", find: "检索", compare: "对比", filter_reports: "筛选报告：标题、地区、年份", reports_shown: (n, all) => n === all ? `共 ${all} 份报告` : `${n} / ${all} 份报告`,
    failed: "失败", length: "字数", without_text: "无原文", find_all: "在全部报告中检索，可用空格分开几个词", find_what: "输入要找的词：在所有报告的记录和原文里查找。",
    in_records: "记录", in_texts: "全文", searching: (n, all) => `已查 ${n} / ${all} 份报告……`, found_in: (n, reports) => `${reports.toLocaleString("zh")} 份报告中 ${n.toLocaleString("zh")} 处`,
    more_here: n => `其余 ${n} 处`, compared: "对比什么", nothing_compared: "所选报告中没有这一项的数字。", not_said: "未说明", place_of: "地区",
    places: n => `${n} 个地区`, light_up: "在图中突出显示", by_logarithm: "对数刻度", too_many: "地区较多，图中不画限定词；筛选报告后可见。",
    at_least: "不低于", more_than: "超过", at_most: "不高于", less_than: "低于", around: "左右", between: "区间",
    keys_title: "键盘操作", about: (m, v, d) => `${m} · llmx ${v} · ${d}`, cite: (q, r, s) => `“${q}”（${r}${s ? "，" + s : ""}）`,
    // What every record and every figure has; and, given, the values of these that the library itself gives.
    own: { id: "编号", report: "报告", type: "类型", quote: "原文", section: "章节", grounding: "出处核对", model: "来源", place: "位置",
      unit: "单位", measure: "口径", comparator: "比较", modifier: "限定词", margin: "把握", year: "年份" },
    given: { level: "总量", growth: "增速", change: "变化量", exact: "逐字一致", normalized: "略去空白和标记后一致", missing: "原文中找不到" },
  },
  en: {
    other_language: "中", language: "改用中文", theme: "Light / dark", help: "Keyboard (?)",
    report: "Report", all_reports: "All reports", previous_report: "Previous report ([)", next_report: "Next report (])",
    text: "Text", overview: "Overview", outline: "Contents", records: "Records", skip: "Skip to the records",
    search: "Search records and quotes", year: "Year", section: "Section", type: "Type",
    any_year: "Any year", any_section: "Any section", any: name => `${name}: any`,
    clear: "Clear filters", download: "Download CSV", download_what: "Download the rows shown",
    shown: (n, all) => n === all ? `${all} record${all === 1 ? "" : "s"}` : `${n} of ${all}`,
    name: "What", value: "Value", place: "Place", yes: "yes", no: "no",
    none_found: "No record matches.", no_records: "No records were found in this report.", no_reports: "This run read no report.",
    no_text: "The text is not at hand; records show the words they quote.", interrupted: "This run was interrupted; it is not complete.",
    failures: n => `${n} part${n === 1 ? "" : "s"} failed, see failures.jsonl.`, loading: "Reading…",
    unclaimed: "Unclaimed", explained: "No measure", unclaimed_long: "A figure that no record holds", explained_long: "A figure that measures nothing",
    base: "In base unit", offsets: "Characters", reason: "Reason", no_reason: "no record holds it, nothing explains it",
    date: "date", duration: "duration", ordinal: "ordinal", rank: "rank", name_reason: "part of a name", "document number": "document number",
    "list marker": "list marker", contact: "telephone number", reference: "reference", threshold: "threshold", base_reason: "base of a comparison", structure: "counts parts of the text",
    "no unit": "no unit", of_year: y => String(y), copy: "Copy citation", link: "Copy link", copied: "Copied", close: "Close (Esc)",
    same_place: (k, n) => `${k} of ${n} here`, characters: n => `${n.toLocaleString("en")} characters`,
    totals: "Records", coverage: "Figures", claimed: "In records", headline: "Headlines", headline_name: "Name", of_head: (w, y) => y ? `${w} ${y}` : w,
    by_section: "Records by section", by_role: "Records by part", by_year: "Records by year", by: name => `By ${name}`,
    by_value: name => `Largest: ${name}`, reports: "Reports", front: "Title and opening", opening: "Opening", other_role: "Other",
    keys: (digits, types, next) => [["j / k · ↓ / ↑", "next, previous record"], ["/", "search"], ["Esc", "close the details, empty the search"],
      [digits, `${types.join(", ")} alone`], ...(next ? [[next, "unclaimed figures alone"]] : []), ["0", "clear filters"],
      ["[ / ]", "previous, next report"], ["o", "text / overview"],
      ...(ACROSS.length ? [[ACROSS.map(pane => pane[0]).join(" "), ACROSS.map(pane => say(pane).toLowerCase()).join(", ")]] : []), ["d", "download the rows shown"], ["t", "light / dark"], ["?", "this table"]],
    to_index: "‹ All reports", find: "Search", compare: "Compare", filter_reports: "Filter reports: title, place, year", reports_shown: (n, all) => n === all ? `${all} reports` : `${n} of ${all} reports`,
    failed: "Failed", length: "Length", without_text: "no text", find_all: "Search all reports; blanks part words", find_what: "Type words to find them in the records and texts of all reports.",
    in_records: "Records", in_texts: "Full text", searching: (n, all) => `${n} of ${all} reports searched…`, found_in: (n, reports) => `${n.toLocaleString("en")} in ${reports.toLocaleString("en")} report${reports === 1 ? "" : "s"}`,
    more_here: n => `${n} more`, compared: "What is compared", nothing_compared: "The reports chosen have no figure of this.", not_said: "not said", place_of: "Place",
    places: n => `${n} place${n === 1 ? "" : "s"}`, light_up: "Set off in the chart", by_logarithm: "logarithmic", too_many: "Too many places for modifiers to be drawn; filter the reports to see them.",
    at_least: "at least", more_than: "more than", at_most: "at most", less_than: "less than", around: "about", between: "range",
    keys_title: "Keyboard", about: (m, v, d) => `${m} · llmx ${v} · ${d}`, cite: (q, r, s) => `“${q}” (${r}${s ? ", " + s : ""})`,
    own: { id: "Id", report: "Report", type: "Type", quote: "Quote", section: "Section", grounding: "Grounding", model: "Model", place: "Place",
      unit: "Unit", measure: "Measure", comparator: "Comparator", modifier: "Modifier", margin: "Margin", year: "Year" },
    given: { level: "level", growth: "growth", change: "change", exact: "verbatim", normalized: "but for blanks and marks", missing: "not found in the text" },
  },
};

let language = remembered("language") || (navigator.language.startsWith("zh") ? "zh" : "en");

/** A word of the page, or the task's own for it; a function among the words is called with what follows. */
function say(key, ...args) {
  const word = told(`page.${key}`) ?? WORDS[language][key] ?? key;
  return typeof word === "function" ? word(...args) : word;
}

/** A word that came with the run, if there is one. */
function told(key) {
  const words = RUN.words[language];
  return Object.hasOwn(words, key) ? words[key] : undefined;
}

/** What a type or field is called. */
function word(name) {
  const own = WORDS[language].own;
  if (Object.hasOwn(own, name)) return told(name) ?? own[name];
  return told(name) ?? (name.charAt(0).toUpperCase() + name.slice(1)).replaceAll("_", " ");
}

/** What a choice is called. */
function choiceWord(value) {
  const given = WORDS[language].given;
  return told(value) ?? (Object.hasOwn(given, value) ? given[value] : value.replaceAll("_", " "));
}

/** A type, or a kind of figure without a record, in words. */
function typeWord(type) {
  return OF[type] ? word(OF[type].name) : say(type);
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
  // The column of types is as wide as its longest word: 12 px a Chinese character, 7 a letter.
  const widths = [...TYPES, ...LOOSE].map(type => [...typeWord(type)].reduce((sum, char) => sum + (char > "\u2e80" ? 12 : 6.9), 22));
  document.documentElement.style.setProperty("--wide", `${Math.round(Math.min(130, Math.max(...widths)))}px`);
}

/** A choice kept between visits, where the browser keeps any for a file. */
function remembered(name) {
  try { return localStorage.getItem("llmx-" + name); } catch { return null; }
}

function remember(name, value) {
  try { localStorage.setItem("llmx-" + name, value); } catch { /* the choice lasts as long as the page */ }
}
