// What a click does, and the beginning.

/** Show one report, or all of them. */
function open(scope, { keep = false } = {}) {
  Object.assign(state, { scope, section: "" });
  if (!keep) state.row = null;
  $("report").value = String(scope);
  const one = scope === "all" ? state.row?.report || report(0) : report(scope);
  if (one) drawText(one);
  else $("text").replaceChildren(make("p", { className: "empty" }, say(RUN.reports.length ? "loading" : "no_reports")));
  fillSelects();
  refresh();
  drawDetails();
  if (document.body.dataset.pane === "charts") drawCharts();
  setHash();
}

/** The report before or after. */
function turn(by) {
  const [info] = RUN.reports, page = RUN.index && (by > 0 ? info.after : info.before);
  if (page) location.href = `${encodeURIComponent(page)}.html`;
  const at = state.scope === "all" ? (by > 0 ? -1 : RUN.reports.length) : state.scope;
  if (!INDEX && RUN.reports[at + by]) open(at + by);
}

/** Show a pane; a wide window shows the others beside it. */
function showPane(pane) {
  if (ACROSS.includes(pane)) drawAcross(pane);
  else if (pane === "charts") drawCharts();
  document.body.dataset.pane = pane;
  for (const button of document.querySelectorAll(".panes button, .panes-wide button")) {
    const own = button.dataset.pane || button.dataset.show;
    button.setAttribute("aria-pressed", own === pane || (button.dataset.show === "text" && ["outline", "records"].includes(pane)));
  }
  if (pane === "records") drawRows();
  if (pane === "text") followText();
}

/** Theme, language: asked for, kept, shown. */
function toggleTheme() {
  const dark = document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  document.documentElement.dataset.theme = dark === "dark" ? "light" : "dark";
  remember("theme", document.documentElement.dataset.theme);
}

function toggleLanguage() {
  language = language === "zh" ? "en" : "zh";
  remember("language", language);
  const row = state.row;
  const { pane } = document.body.dataset;
  drawn = null;
  begin();
  if (INDEX) return;
  open(state.scope, { keep: true });
  if (row) select(row);
  showPane(pane);
}

/** The address of what is shown: #report/record. */
function setHash() {
  const { pane } = document.body.dataset;
  const over = { find: finding.query, compare: comparing.thing }[pane] ?? "";
  if (ACROSS.includes(pane)) return putHash(`#:${pane}${over ? "/" + encodeURIComponent(over) : ""}`);
  const own = state.row ? state.row.report.info.id : state.scope === "all" ? "*" : RUN.reports[state.scope]?.id;
  if (own === undefined) return;
  putHash(`#${encodeURIComponent(own)}${state.row ? "/" + encodeURIComponent(state.row.key) : ""}`);
}

function putHash(hash) {
  try { history.replaceState(null, "", hash); } catch { /* some browsers keep a file's address as it is */ }
}

function followHash(hash) {
  const [id, key] = hash.slice(1).split("/").map(decodeURIComponent);
  if (ACROSS.includes(id.slice(1)) && id[0] === ":") return void showAcross(id.slice(1), key ?? "");
  if (INDEX) return void showPane("reports");
  if (ACROSS.includes(document.body.dataset.pane)) showPane("text");
  const number = RUN.reports.findIndex(info => info.id === id);
  if (id === "*" && RUN.reports.length > 1) return void open("all");
  open(Math.max(0, number));
  const row = key && report(number)?.all.find(one => one.key === key);
  if (row) select(row);
  else if (key?.[0] === "@") showPlace(+key.slice(1));
}

/** A pane over all reports, with what was asked of it. */
function showAcross(pane, asked) {
  if (pane === "find") finding.query = asked;
  if (pane === "compare" && COMPARED.things.some(([thing]) => thing === asked)) Object.assign(comparing, { thing: asked });
  showPane(pane);
}

/** The frame in today's language. */
function begin() {
  makePanes();
  speak();
  makeSelects();
  $("run-name").textContent = RUN.name;
  const all = RUN.reports.length > 1 ? [make("option", { value: "all" }, `${say("all_reports")} · ${RUN.reports.length}`)] : [];
  $("report").replaceChildren(...all, ...RUN.reports.map((info, at) => make("option", { value: String(at) }, info.title)));
  document.querySelector(".picker").hidden = INDEX || (RUN.reports.length < 2 && !RUN.index);
  $("report").hidden = Boolean(RUN.index);
  if (RUN.index) {
    Object.assign($("index"), { hidden: false, href: RUN.index });
    $("previous").disabled = !RUN.reports[0].before;
    $("next").disabled = !RUN.reports[0].after;
  }
  showPane(document.body.dataset.pane);
}

/** The buttons of the panes that this page has: a wide window shows text, headings and records in one. */
function makePanes() {
  const words = { text: "text", charts: "overview", outline: "outline", records: "records", reports: "reports", find: "find", compare: "compare" };
  const button = (kind, pane) => { const node = make("button"); Object.assign(node.dataset, { [kind]: pane, t: words[pane] }); return node; };
  const own = INDEX ? [] : ["text", "charts"], narrow = INDEX ? [] : ["outline", "text", "records", "charts"];
  document.querySelector(".panes-wide").replaceChildren(...[...own, ...ACROSS].map(pane => button("show", pane)));
  document.querySelector(".panes").replaceChildren(...[...narrow, ...ACROSS].map(pane => button("pane", pane)));
}

/** What a click on a mark selects: the first of its rows or, clicked again, the next. */
function pick(mark) {
  const own = mark.rows.filter(row => !mark.classList.contains("off") ? rows.includes(row) || LOOSE.includes(row.type) : true);
  const among = own.length ? own : mark.rows;
  select(among[(among.indexOf(state.row) + 1) % among.length], { scroll: false });
}

document.addEventListener("click", event => {
  const at = selector => event.target.closest(selector);
  let node;
  if ((node = at("#text .m")) && getSelection().isCollapsed) return pick(node);
  if ((node = at("#rows .row"))) return select(rows[+node.dataset.at]);
  if ((node = at("[data-section]"))) { showPane("text"); return bringUp(spots[+node.dataset.section], 0.04); }
  if ((node = at("[data-sort]"))) return sortBy(node.dataset.sort);
  if ((node = at("[data-type]"))) { state.types.delete(node.dataset.type) || state.types.add(node.dataset.type); return refresh(); }
  if ((node = at("[data-only]"))) { onlyType(node.dataset.only); return narrow(); }
  if ((node = at("[data-filter]"))) return filterBy(node.dataset.filter, node.dataset.key);
  if ((node = at("[data-show], .panes [data-pane]"))) return showPane(node.dataset.show || node.dataset.pane);
});

/** A click on a bar: filter by it, or no more if it was. */
function filterBy(name, key) {
  if (name === "report") { open(+key); return showPane("charts"); }
  const held = name in state ? state : state.facets;
  const own = name in state ? name : name.slice("facet-".length);
  held[own] = held[own] === key ? "" : key;
  fillSelects();
  refresh();
  drawCharts();
  narrow();
}

/** In a narrow window the table is a pane of its own. */
function narrow() {
  if (matchMedia("(max-width: 760px)").matches) showPane("records");
}

$("query").addEventListener("input", () => { state.query = $("query").value; refresh(); });
$("report").addEventListener("change", () => open($("report").value === "all" ? "all" : +$("report").value));
for (const [id, call] of Object.entries({ previous: () => turn(-1), next: () => turn(1), language: toggleLanguage, theme: toggleTheme, help, clear: clearFilters, download })) {
  $(id).addEventListener("click", call);
}
$("rows").addEventListener("scroll", drawRows, { passive: true });
let following = 0;
$("text").addEventListener("scroll", () => { following ||= requestAnimationFrame(() => { following = 0; followText(); }); }, { passive: true });
$("text").addEventListener("mouseover", event => {
  const mark = event.target.closest(".m");
  if (mark && !mark.title) mark.title = mark.rows.map(row => [typeWord(row.type), LOOSE.includes(row.type) ? sayReason(row.get(REASON)) : `${row.name} ${row.shown}`].join(" · ")).join("\n");
});
addEventListener("keydown", pressed);
addEventListener("resize", () => {
  measure();
  drawRows();
  if (document.body.dataset.pane === "compare") drawCompare(false);
});
addEventListener("hashchange", () => followHash(location.hash));

/** The height of a row is the style's to say. */
function measure() {
  const height = parseFloat(getComputedStyle($("rows")).getPropertyValue("--row"));
  if (height && height !== rowHeight) { rowHeight = height; drawTable(); }
}

if (remembered("theme")) document.documentElement.dataset.theme = remembered("theme");
const asked = location.hash;
document.body.classList.toggle("over-all", INDEX);
if (INDEX) document.body.dataset.pane = "reports";
begin();
measure();
followHash(asked);
// The script runs behind the first report: what was asked for may stand in one that is read only now.
document.addEventListener("DOMContentLoaded", () => {
  if (ACROSS.includes(document.body.dataset.pane)) return showPane(document.body.dataset.pane);
  if (state.scope === "all" || drawn?.number !== state.scope) followHash(asked);
});
