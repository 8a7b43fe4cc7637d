// Which rows are shown, in which order.

const state = { scope: 0, types: new Set(), query: "", year: "", section: "", facets: {}, sort: "place", down: false, row: null };
let rows = [];
const FACETS = RUN.facets.map(([name]) => name);
/** Whether anything but the type narrows the rows. */
const filtering = () => Boolean(state.query || state.year || state.section || FACETS.some(name => state.facets[name]));

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
    && (!state.year || row.year === +state.year)
    && FACETS.every(name => !state.facets[name] || row.facet(name) === state.facets[name])
    && (!state.section || under(row.path, state.section));
}

function under(path, section) {
  return (path.join("\n") + "\n").startsWith(section + "\n");
}

const SORTS = {
  type: row => [...TYPES, ...LOOSE].indexOf(row.type),
  name: row => row.name,
  value: row => row.rank,
  year: row => row.year,
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
  $("clear").hidden = !(state.types.size || filtering());
  $("types").replaceChildren(...[...TYPES, ...LOOSE].map(type => chip(type, reports)));
}

function chip(type, reports) {
  const count = reports.reduce((sum, one) => sum + one.all.filter(row => row.type === type).length, 0);
  const node = make("button", { className: `chip ${type}`, title: LOOSE.includes(type) ? say(`${type}_long`) : "" }, typeWord(type), make("b", {}, String(count)));
  node.dataset.type = type;
  node.setAttribute("aria-pressed", state.types.has(type));
  return node;
}

/** A select for the year, the section and each facet. */
function makeSelects() {
  const select = (id, label, changed) => {
    const node = make("select", { id, ariaLabel: label });
    node.addEventListener("change", () => { changed(node.value); refresh(); });
    return node;
  };
  $("selects").replaceChildren(
    ...["year", "section"].map(id => select(id, say(id), value => { state[id] = value; })),
    ...FACETS.map(name => select(`facet-${name}`, word(name), value => { state.facets[name] = value; })));
}

/** Fill the selects with what the reports in scope have. */
function fillSelects() {
  const reports = inScope();
  const years = new Set(reports.flatMap(one => one.rows.map(row => row.year).filter(Boolean)));
  options($("year"), state, "year", say("any_year"), [...years].sort().reverse().map(year => [String(year), say("of_year", year)]));
  options($("section"), state, "section", say("any_section"), state.scope === "all" ? [] : prefixes(reports[0]));
  for (const [name, values] of RUN.facets) {
    const held = new Set(reports.flatMap(one => one.rows.map(row => row.facet(name))));
    options($(`facet-${name}`), state.facets, name, told(`page.any_${name}`) ?? say("any", word(name)), values.filter(value => held.has(value)).map(value => [value, choiceWord(value)]));
  }
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

function options(select, held, name, any, values) {
  select.replaceChildren(make("option", { value: "" }, any), ...values.map(([value, words]) => make("option", { value }, words)));
  if (held[name] && !values.some(([value]) => value === held[name])) {
    if (name !== "section" || held !== state) held[name] = "";
    else select.append(make("option", { value: held[name] }, held[name].split("\n").pop()));
  }
  select.value = held[name] || "";
  select.hidden = select.options.length < 2;
}

function clearFilters() {
  Object.assign(state, { query: "", year: "", section: "", facets: {} });
  state.types.clear();
  $("query").value = "";
  for (const node of $("selects").children) node.value = "";
  refresh();
}

/** Show one type alone, or take the filter back if it is. */
function onlyType(type) {
  const alone = state.types.size === 1 && state.types.has(type);
  state.types = new Set(alone ? [] : [type]);
  refresh();
}
