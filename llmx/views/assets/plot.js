// The chart of what is compared: a year a band, a place a point in it, and the modifiers of each figure drawn.

const SPACE = { left: 64, right: 20, top: 26, bottom: 30 };
const NAMED = 8; // places whose figures are joined by lines
const APART_BY = 7; // pixels from place to place under which modifiers would lie over each other

function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function drawPlot(box, cells) {
  const width = Math.max(300, box.clientWidth), height = 380;
  const years = [...new Set(cells.map(cell => cell.year))].sort(), places = plotOrder(cells);
  const scale = scaleOf(cells, height), band = (width - SPACE.left - SPACE.right) / years.length;
  const x = cell => SPACE.left + band * (years.indexOf(cell.year) + 0.08 + (0.84 * (places.get(cell.row) + 0.5)) / places.size);
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": thingWord(comparing.thing), class: band * 0.84 / places.size < APART_BY ? "dense" : "" });
  const dense = root.classList.contains("dense");
  root.append(...axis(scale, width), ...years.map((year, at) => yearBand(year, at, band, height)));
  if (places.size <= NAMED) root.append(...threads(cells, x, scale.y));
  root.append(...[...cells].sort((a, b) => a.aimed - b.aimed).map(cell => point(cell, x(cell), scale.y, dense)));
  box.replaceChildren(root, dense ? make("p", { className: "note" }, say("too_many")) : "");
}

/** Places from the lowest to the highest by the last value that each has. */
function plotOrder(cells) {
  const last = new Map();
  for (const cell of cells) {
    const held = last.get(cell.row);
    if (!held || cell.year > held.year || (cell.year === held.year && held.aimed)) last.set(cell.row, cell);
  }
  return new Map([...last].sort((a, b) => a[1].value - b[1].value).map(([row], at) => [row, at]));
}

/** The way from values to the chart's height; where they differ a hundredfold, by their logarithm. */
function scaleOf(cells, height) {
  const values = cells.flatMap(cell => (cell.high === null ? [cell.value] : [cell.value, cell.high]));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const log = low > 0 && high / low > 100;
  const [from, to] = log ? [Math.log10(low), Math.log10(high)] : [low, high];
  const pad = (to - from) * 0.1 || Math.abs(to) * 0.1 || 1;
  const bottom = height - SPACE.bottom, range = bottom - SPACE.top;
  const y = value => bottom - (range * ((log ? Math.log10(value) : value) - from + pad)) / (to - from + 2 * pad);
  return { log, y, ticks: log ? decades(low, high) : ticks(from - pad / 2, to + pad / 2) };
}

function ticks(from, to) {
  const rough = (to - from) / 5, power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find(one => one * power >= rough) ?? 10);
  const first = Math.ceil(from / step), count = Math.floor(to / step) - first + 1;
  return Array.from({ length: count }, (_, at) => +((first + at) * step).toPrecision(12));
}

function decades(low, high) {
  const first = Math.ceil(Math.log10(low)), count = Math.floor(Math.log10(high)) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, at) => 10 ** (first + at));
}

function axis({ y, ticks: marks, log }, width) {
  const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 2 });
  const lines = marks.flatMap(value => [
    svg("line", { class: value === 0 ? "zero" : "grid", x1: SPACE.left, x2: width - SPACE.right, y1: y(value), y2: y(value) }),
    svg("text", { x: SPACE.left - 8, y: y(value) + 4, "text-anchor": "end" }, short.format(value)),
  ]);
  return log ? [...lines, svg("text", { x: SPACE.left - 56, y: 14 }, say("by_logarithm"))] : lines;
}

function yearBand(year, at, band, height) {
  const left = SPACE.left + band * at;
  return svg("g", {}, ...(at ? [svg("line", { class: "grid", x1: left, x2: left, y1: SPACE.top, y2: height - SPACE.bottom })] : []),
    svg("text", { class: "year", x: left + band / 2, y: height - 8, "text-anchor": "middle" }, say("of_year", year)));
}

/** A line through each place's figures, with its name at the end. */
function threads(cells, x, y) {
  return [...tallied(cells.map(cell => cell.row)).keys()].flatMap(row => {
    const own = cells.filter(cell => cell.row === row).sort((a, b) => a.year - b.year || a.aimed - b.aimed);
    const dim = comparing.place && own[0].place !== comparing.place ? " dim" : "", last = own.at(-1);
    return [svg("polyline", { class: `thread${dim}`, points: own.map(cell => `${x(cell)},${y(cell.value)}`).join(" ") }),
      svg("text", { class: `named${dim}`, x: x(last), y: y(last.value) + (last.comparator[0] === "<" ? 30 : 22), "text-anchor": "middle" }, last.place)];
  });
}

/** A figure: it leads to its sentence. */
function point(cell, x, y, dense) {
  const classes = [cell.type, cell.aimed ? "aimed" : "", comparing.place && cell.place !== comparing.place ? "dim" : ""];
  const node = svg("a", { href: linkTo(cell.number, cell.key), class: classes.filter(Boolean).join(" ") }, 
    ...glyph(x, y(cell.value), cell, cell.high === null ? null : y(cell.high), dense));
  node.append(svg("title", {}, cell.title));
  return node;
}

/** A mark: hollow for what is aimed at; an arrow up for at least, down for at most, waves for about, a bar for a range. */
function glyph(x, y, { comparator, aimed }, high = null, dense = false) {
  if (dense) return [svg("circle", { class: "dot", cx: x, cy: y, r: 2.2 })];
  const arrow = (sign, bar) => [
    svg("path", { class: "sign", d: `M${x} ${y - 5 * sign}V${y - 15 * sign}m-3.5 ${4 * sign}l3.5 ${-4 * sign}l3.5 ${4 * sign}` }),
    ...(bar ? [svg("path", { class: "sign", d: `M${x - 4} ${y + 7 * sign}h8` })] : [])];
  const signs = {
    ">=": () => arrow(1, true), ">": () => arrow(1, false), "<=": () => arrow(-1, true), "<": () => arrow(-1, false),
    "~": () => [-9, 9].map(at => svg("path", { class: "sign", d: `M${x - 5} ${y + at}q2.5 -4 5 0t5 0` })),
  }[comparator]?.() ?? [];
  if (high !== null) return [svg("rect", { class: "dot", x: x - 3.5, y: Math.min(y, high), width: 7, height: Math.max(3, Math.abs(y - high)), rx: 2 })];
  return [...signs, svg("circle", { class: "dot", cx: x, cy: y, r: aimed ? 3.8 : 4.2 })];
}

/** What the marks mean, of those that the chart has. */
function chartKey(cells) {
  const types = [...new Map(cells.map(cell => [cell.type, cell])).values()];
  const said = [[">=", "at_least"], [">", "more_than"], ["<=", "at_most"], ["<", "less_than"], ["~", "around"], ["range", "between"]];
  const sample = (cell, className) => svg("svg", { width: 22, height: 34, viewBox: "0 0 22 34", class: className, "aria-hidden": "true" }, ...glyph(11, cell.comparator === "range" ? 26 : 17, cell, cell.comparator === "range" ? 8 : null));
  return make("p", { className: "key" },
    ...types.map(({ type, aimed }) => make("span", {}, sample({ comparator: "=", aimed }, `${type}${aimed ? " aimed" : ""}`), typeWord(type))),
    ...said.filter(([sign]) => cells.some(cell => cell.comparator === sign)).map(([sign, name]) => make("span", {}, sample({ comparator: sign }, "any"), say(name))));
}
