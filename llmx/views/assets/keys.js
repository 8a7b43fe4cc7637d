// The keyboard.

const KEYS = {
  j: () => step(1), k: () => step(-1), ArrowDown: () => step(1), ArrowUp: () => step(-1),
  PageDown: () => step(10), PageUp: () => step(-10), Home: () => step(-rows.length), End: () => step(rows.length),
  "/": seek,
  ...Object.fromEntries(ACROSS.map(pane => [pane[0], () => showPane(pane)])),
  Escape: escape, 0: clearFilters,
  "[": () => turn(-1), "]": () => turn(1), o: () => showPane(INDEX ? "reports" : document.body.dataset.pane === "charts" ? "text" : "charts"),
  d: () => INDEX || download(), t: toggleTheme, "?": help,
};
// 1 to 9: the types, and behind them the figures that no record holds.
const DIGITS = [...TYPES, "unclaimed"].slice(0, 9);
DIGITS.forEach((type, at) => { KEYS[at + 1] = () => onlyType(type); });
/** Keys that mean something where all reports are shown. */
const OVER_KEYS = ["/", "[", "]", "o", "t", "?"];
const SCROLLING = ["PageDown", "PageUp", "Home", "End", "ArrowDown", "ArrowUp"];

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || $("keys").open) return;
  const within = event.target.closest("input, select, #text, #charts, #outline, #across");
  if (within?.matches("input, select")) {
    if (event.key === "Escape") { escape(); event.target.blur(); }
    if (event.target.id === "query" && ["Enter", "ArrowDown"].includes(event.key)) { event.target.blur(); step(1); event.preventDefault(); }
    return;
  }
  // Where a text has the focus, it is the text that arrows and pages scroll.
  const over = ACROSS.includes(document.body.dataset.pane);
  if ((within || over) && SCROLLING.includes(event.key)) return;
  if (over && !(OVER_KEYS.includes(event.key) || ACROSS.some(pane => pane[0] === event.key))) return;
  if (!(event.key in KEYS)) return;
  KEYS[event.key]();
  event.preventDefault();
}

/** Where the search of what is shown stands. */
function seek() {
  const { pane } = document.body.dataset;
  if (!ACROSS.includes(pane)) showPane("records");
  const field = $({ find: "find-query", reports: "wanted", compare: "wanted" }[pane] ?? "query");
  field.focus();
  field.select();
}

function escape() {
  if (state.row) select(null);
  else if (state.query) { state.query = $("query").value = ""; refresh(); }
}

function keyWords() {
  const own = DIGITS.filter(type => type !== "unclaimed");
  const types = own.map(type => (language === "zh" ? typeWord(type) : OF[type].many));
  return say("keys", own.map((_, at) => at + 1).join(" "), types, own.length < DIGITS.length ? String(DIGITS.length) : "");
}

function help() {
  const box = $("keys");
  box.replaceChildren(make("h2", {}, say("keys_title")),
    make("dl", {}, ...keyWords().flatMap(([key, words]) => [make("dt", {}, ...key.split(" ").map(part => (/^[·/]$/.test(part) && key !== "/" ? ` ${part} ` : make("kbd", {}, part)))), make("dd", {}, words)])),
    make("button", { className: "quiet", onclick: () => box.close() }, say("close")));
  box.showModal();
}
