// One thing of many reports side by side: a place a row, a year a column, and a chart of the same figures.

const COMPARED = RUN.compared;
const APART = COMPARED?.apart ?? [];
const comparing = { thing: COMPARED?.things[0]?.[0] ?? "", apart: {}, unit: "", sort: null, place: null, cells: [] };

/** One figure of one report. */
class Cell {
  constructor([number, key, type, place, year, value, high, unit, said, comparator, quote, ...apart]) {
    const info = RUN.reports[number];
    Object.assign(this, { number, key, year, value, high, unit, said, comparator, quote, type: CLASSES.get(type) ?? type, aimed: COMPARED.aimed.includes(type) });
    this.place = place ?? info.short;
    this.row = place ?? (info.short === info.id ? info.id : info.short);
    this.apart = apart.map((own, at) => APART[at][1][own] ?? own);
  }

  get title() { return [this.place, this.year, typeWord(this.type), this.said].filter(Boolean).join(" · ") + `\n${this.quote.replace(/\s+/g, " ")}`; }
}

const thingWord = thing => COMPARED.names[language]?.[thing] ?? COMPARED.names.zh?.[thing] ?? told(thing) ?? thing;
const apartWord = (name, value) => told(`${name}.${value || "none"}`) ?? (value ? choiceWord(value) : say("not_said"));

/** The figures of a thing; of this page, or of the file that holds them. */
async function cellsOf(thing) {
  const [, , pack] = COMPARED.things.find(([name]) => name === thing) ?? [];
  if (pack === undefined) return [];
  if (!INDEX && !arrivals.has("cells-0")) arrivals.set("cells-0", Promise.resolve(JSON.parse($("cells-0").textContent)));
  return ((await beside(`cells-${pack}`))?.[thing] ?? []).map(cell => new Cell(cell));
}

async function drawCompare(anew) {
  const { thing } = comparing;
  if (anew) comparing.cells = await cellsOf(thing);
  if (document.body.dataset.pane !== "compare" || comparing.thing !== thing) return;
  const reports = new Set(wantedReports());
  const all = comparing.cells.filter(cell => reports.has(cell.number) && cell.year !== null);
  const selects = APART.map(([name], at) => apartSelect(name, at, all));
  const apart = all.filter(cell => APART.every(([name], at) => cell.apart[at] === comparing.apart[name]));
  const unit = chosen(apart.map(cell => cell.unit), comparing.unit);
  const cells = apart.filter(cell => cell.unit === unit);
  $("sheet").replaceChildren(
    make("div", { className: "things" }, thingSelect(), ...selects, unitSelect(apart, unit)),
    ...(cells.length ? [make("figure", { className: "card plot" }, chartTitle(cells), make("div", { id: "plot" }), chartKey(cells)), cellTable(cells)] : [make("p", { className: "empty" }, say("nothing_compared"))]));
  if (cells.length) drawPlot($("plot"), cells);
  setHash();
}

function thingSelect() {
  const select = make("select", { id: "thing", ariaLabel: say("compared") }, ...COMPARED.things.map(([thing, count]) => make("option", { value: thing }, `${thingWord(thing)} · ${count}`)));
  select.value = comparing.thing;
  select.addEventListener("change", () => { Object.assign(comparing, { thing: select.value, apart: {}, unit: "", sort: null }); drawCompare(true); });
  return select;
}

/** The value that is asked for, if any figure has it; else the commonest. */
function chosen(values, asked) {
  const counts = tallied(values);
  return counts.has(asked) ? asked : [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
}

function tallied(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
  return counts;
}

/** A select for what is never mixed; what stands before it narrows its choice. */
function apartSelect(name, at, all) {
  const own = all.filter(cell => APART.slice(0, at).every(([other], before) => cell.apart[before] === comparing.apart[other])).map(cell => cell.apart[at]);
  comparing.apart[name] = chosen(own, comparing.apart[name]);
  return choice(`apart-${name}`, word(name), tallied(own), comparing.apart[name], value => apartWord(name, value), value => { comparing.apart[name] = value; drawCompare(false); });
}

function unitSelect(cells, unit) {
  return choice("apart-unit", word("unit"), tallied(cells.map(cell => cell.unit)), unit, value => value || say("no_unit"), value => { comparing.unit = value; drawCompare(false); });
}

/** A row of buttons for a few values, a select for more; one value alone is no choice. */
function choice(id, label, counts, held, words, take) {
  const values = [...counts].sort((a, b) => b[1] - a[1]).map(([value]) => value);
  if (values.length < 2) return null;
  if (values.length > 4) {
    const select = make("select", { id, ariaLabel: label }, ...values.map(value => make("option", { value }, words(value))));
    select.value = held;
    select.addEventListener("change", () => take(select.value));
    return select;
  }
  const box = make("div", { id, className: "switch", role: "group", ariaLabel: label }, ...values.map(value => {
    const node = make("button", { onclick: () => take(value) }, words(value));
    node.setAttribute("aria-pressed", value === held);
    return node;
  }));
  return box;
}

function chartTitle(cells) {
  const apart = APART.map(([name]) => [name, comparing.apart[name]]).filter(([, value]) => value).map(([name, value]) => apartWord(name, value));
  const notes = [...apart, cells[0].unit, say("places", new Set(cells.map(cell => cell.row)).size)].filter(Boolean);
  return make("figcaption", {}, make("h2", {}, thingWord(comparing.thing)), make("small", {}, notes.join(" · ")));
}

/** The table: a place a row, a year a column; what was reached is before what was aimed at. */
function cellTable(cells) {
  const years = [...new Set(cells.map(cell => cell.year))].sort();
  const places = new Map();
  for (const cell of cells) {
    if (!places.has(cell.row)) places.set(cell.row, { place: cell.place, years: new Map() });
    const own = places.get(cell.row).years;
    own.set(cell.year, [...(own.get(cell.year) || []), cell]);
  }
  const rows = sortedPlaces([...places.values()]);
  const body = make("tbody");
  drip(body, rows, row => make("tr", { className: row.place === comparing.place ? "here" : "" },
    make("th", { scope: "row" }, make("button", { title: say("light_up"), onclick: () => lightUp(row.place) }, row.place)),
    ...years.map(year => make("td", {}, ...figures(row.years.get(year) || [])))));
  return make("div", { className: "wide card" }, make("table", { className: "list cells" },
    make("thead", {}, make("tr", {}, ...[null, ...years].map(year => cellHead(year)))), body));
}

function cellHead(year) {
  const node = make("button", { onclick: () => { comparing.sort = comparing.sort === year ? null : year; drawCompare(false); } },
    year === null ? say("place_of") : say("of_year", year), make("span", { className: "arrow" }, year !== null && comparing.sort === year ? "↓" : ""));
  return make("th", { scope: "col" }, node);
}

/** Places by name as they come or, asked for a year, by its largest value. */
function sortedPlaces(rows) {
  if (comparing.sort === null) return rows;
  const key = row => Math.max(...(row.years.get(comparing.sort) || []).map(cell => cell.value));
  return rows.sort((a, b) => key(b) - key(a));
}

/** The figures of a place and year, each once; a click leads to its sentence. */
function figures(cells) {
  const found = new Map();
  for (const cell of [...cells].sort((a, b) => a.aimed - b.aimed)) {
    const same = `${cell.type} ${cell.said}`;
    if (!found.has(same)) found.set(same, cell);
  }
  return [...found.values()].map(cell => make("a", { className: `value ${cell.type}${cell.aimed ? " aimed" : ""}`, href: linkTo(cell.number, cell.key), title: cell.title }, make("i"), cell.said));
}

/** Set one place off in the chart, or no more. */
function lightUp(place) {
  comparing.place = comparing.place === place ? null : place;
  drawCompare(false);
}
