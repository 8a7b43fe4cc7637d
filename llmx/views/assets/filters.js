// Which rows are shown, in which order.

const state = { scope: 0, types: new Set(), query: "", year: "", section: "", field: "", sort: "place", down: false, row: null };
let rows = [];

/** The reports in scope that the browser has read. */
function inScope() {
  const numbers = state.scope === "all" ? RUN.reports.keys() : [state.scope];
  return [...numbers].map(report).filter(Boolean);
}

/** Work out the rows anew and show them everywhere. */
function refresh() {
  const pool = inScope().flatMap(one => (LOOSE.some(type => state.types.has(type)) ? one.all : one.rows));
  const words = plain(state.query).split(" ").filter(Boolean);
  rows = pool.filter(row => takes(row) && words.every(word => row.haystack.includes(word)));
  sortRows();
  showFilters();
  drawTable();
  dimText();
}

function takes(row) {
  return (!state.types.size || state.types.has(row.type))
    && (!state.year || row.get("year") === +state.year)
    && (!state.field || row.field === state.field)
    && (!state.section || under(row.path, state.section));
}

function under(path, section) {
  return (path.join("\n") + "\n").startsWith(section + "\n");
}

const SORTS = {
  type: row => [...TYPES, ...LOOSE].indexOf(row.type),
  name: row => row.name,
  value: row => row.get("value") ?? row.get("amount"),
  year: row => row.get("year"),
};
const collator = new Intl.Collator("zh-Hans", { numeric: true });

/** Sort by a column, what has no value last; the place in the text decides between equals. */
function sortRows() {
  const by = SORTS[state.sort];
  const place = (a, b) => a.report.number - b.report.number || (a.get("start") ?? Infinity) - (b.get("start") ?? Infinity) || a.number - b.number;
  if (!by) return void rows.sort(place);
  const keys = new Map(rows.map(row => [row, by(row)]));
  const sign = state.down ? -1 : 1;
  rows.sort((a, b) => {
    const [x, y] = [keys.get(a), keys.get(b)];
    if (x === null || y === null) return (x === null) - (y === null) || place(a, b);
    return sign * (typeof x === "string" ? collator.compare(x, y) : x - y) || place(a, b);
  });
}

/** Chips, selects and the count as they stand. */
function showFilters() {
  const reports = inScope();
  const all = reports.reduce((sum, one) => sum + one.rows.length, 0);
  $("count").textContent = say("shown", rows.length, state.types.size && [...state.types].every(type => LOOSE.includes(type)) ? rows.length : all);
  $("clear").hidden = !(state.types.size || state.query || state.year || state.section || state.field);
  $("types").replaceChildren(...[...TYPES, ...LOOSE].map(type => chip(type, reports)));
}

function chip(type, reports) {
  const count = reports.reduce((sum, one) => sum + one.all.filter(row => row.type === type).length, 0);
  const node = make("button", { className: `chip ${type}`, title: say(`${type}_long`) === `${type}_long` ? "" : say(`${type}_long`) }, say(type), make("b", {}, String(count)));
  node.dataset.type = type;
  node.setAttribute("aria-pressed", state.types.has(type));
  return node;
}

/** Fill the selects with what the reports in scope have. */
function fillSelects() {
  const reports = inScope();
  const years = new Set(reports.flatMap(one => one.rows.map(row => row.get("year")).filter(Boolean)));
  const fields = new Set(reports.flatMap(one => one.fields));
  const known = Object.keys(WORDS.zh).filter(key => fields.has(key));
  options("year", [...years].sort().reverse().map(year => [String(year), say("of_year", year)]));
  options("field", known.map(field => [field, say(field)]));
  options("section", state.scope === "all" ? [] : prefixes(reports[0]));
}

/** The outer two levels of a report's headings that have records. */
function prefixes(one) {
  const found = new Map();
  for (const path of one?.paths || []) {
    for (const depth of [1, 2]) {
      const words = path.slice(0, depth);
      if (words.length === depth) found.set(words.join("\n"), "\u3000".repeat(depth - 1) + words.at(-1));
    }
  }
  return [...found];
}

function options(id, values) {
  const select = $(id);
  const any = make("option", { value: "" }, say(`any_${id}`));
  select.replaceChildren(any, ...values.map(([value, words]) => make("option", { value }, words)));
  if (state[id] && !values.some(([value]) => value === state[id])) {
    if (id === "section") values.push([state.section, state.section.split("\n").pop()]);
    else state[id] = "";
    if (id === "section") select.append(make("option", { value: state.section }, values.at(-1)[1]));
  }
  select.value = state[id];
  select.hidden = !values.length;
}

function clearFilters() {
  Object.assign(state, { query: "", year: "", section: "", field: "" });
  state.types.clear();
  $("query").value = "";
  for (const id of ["year", "section", "field"]) $(id).value = "";
  refresh();
}

/** Show one type alone, or take the filter back if it is. */
function onlyType(type) {
  const alone = state.types.size === 1 && state.types.has(type);
  state.types = new Set(alone ? [] : [type]);
  refresh();
}
