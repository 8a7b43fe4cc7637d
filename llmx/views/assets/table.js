// The table of records. Only the rows in sight are elements, so that forty thousand scroll as forty do.

let rowHeight = 58;
const HEADS = ["type", "name", "value", "year"];

function drawTable() {
  $("heads").replaceChildren(...HEADS.map(head => {
    const node = make("button", { className: head }, say(head), make("span", { className: "arrow" }, state.sort === head ? (state.down ? "↓" : "↑") : ""));
    node.dataset.sort = head;
    node.setAttribute("aria-pressed", state.sort === head);
    return node;
  }));
  const box = $("rows");
  box.replaceChildren(rows.length ? make("div", { className: "all" }) : empty());
  if (rows.length) box.firstChild.style.height = `${rows.length * rowHeight}px`;
  box.scrollTop = 0;
  if (state.row && rows.includes(state.row)) showRow(rows.indexOf(state.row));
  drawRows();
}

/** What stands in a table without rows. */
function empty() {
  const any = inScope().some(one => one.rows.length);
  const node = make("div", { className: "empty" }, make("p", {}, say(any ? "none_found" : RUN.reports.length ? "no_records" : "no_reports")));
  if (any) node.append(make("button", { className: "quiet", onclick: clearFilters }, say("clear")));
  return node;
}

/** Make the rows in sight, with a few above and below them. */
function drawRows() {
  const box = $("rows"), all = box.querySelector(".all");
  if (!all) return;
  const first = Math.max(0, Math.floor(box.scrollTop / rowHeight) - 6);
  const last = Math.min(rows.length, Math.ceil((box.scrollTop + box.clientHeight) / rowHeight) + 6);
  all.replaceChildren(...rows.slice(first, last).map((row, at) => line(row, first + at)));
}

function line(row, at) {
  const loose = LOOSE.includes(row.type);
  const quote = loose ? row.get("quote") : row.quote;
  const place = state.scope === "all" ? make("span", { className: "of" }, row.report.info.short) : null;
  const node = make("div", { className: `row ${row.type}${row === state.row ? " here" : ""}`, id: `row-${at}` },
    make("span", { className: "type" }, make("i", { className: row.type }), typeWord(row.type)),
    make("span", { className: "name" }, make("b", {}, row.name.replace(/\s+/g, " ")), make("small", {}, place, quote.replace(/\s+/g, " "))),
    make("span", { className: "value" }, make("b", {}, loose ? "" : row.shown), make("small", {}, row.aside)),
    make("span", { className: "year" }, String(row.year ?? "")));
  node.style.top = `${at * rowHeight}px`;
  node.dataset.at = at;
  node.setAttribute("role", "option");
  node.setAttribute("aria-selected", row === state.row);
  node.setAttribute("aria-setsize", rows.length);
  node.setAttribute("aria-posinset", at + 1);
  return node;
}

/** Scroll so far that a row is seen whole. */
function showRow(at) {
  const box = $("rows"), top = at * rowHeight;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + rowHeight - box.clientHeight;
}

/** Select a row: its words in the text, its line in the table, its details. */
function select(row, { scroll = true } = {}) {
  for (const node of state.row ? marks.get(state.row) || [] : []) node.classList.remove("here");
  state.row = row;
  if (row && state.scope !== "all" && row.report.number !== state.scope) open(row.report.number, { keep: true });
  if (row) {
    drawText(row.report);
    dimText();
    if (!rows.includes(row)) clearFilters();
    if (!rows.includes(row)) onlyType(row.type);
    const spots = marks.get(row) || [];
    for (const node of spots) node.classList.add("here");
    if (scroll) { showPane("text"); bringUp(spots[0]); }
    showRow(rows.indexOf(row));
    $("rows").setAttribute("aria-activedescendant", `row-${rows.indexOf(row)}`);
  }
  drawDetails();
  if (row) showRow(rows.indexOf(row)); // the details have taken some of the table's height
  drawRows();
  setHash();
}

/** Go so many rows on from the one selected, or from before the first or behind the last. */
function step(by) {
  if (!rows.length) return;
  const at = state.row ? rows.indexOf(state.row) : by > 0 ? -1 : rows.length;
  select(rows[Math.min(rows.length - 1, Math.max(0, at + by))]);
}

function sortBy(head) {
  if (state.sort === head && state.down) Object.assign(state, { sort: "place", down: false });
  else Object.assign(state, { down: state.sort === head, sort: head });
  refresh();
}
