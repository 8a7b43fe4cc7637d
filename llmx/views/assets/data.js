// The run and its reports: each is read from its script element when first shown.

const RUN = JSON.parse(document.getElementById("run").textContent);
const AT = Object.fromEntries(RUN.fields.map((name, at) => [name, at]));
const OF = Object.fromEntries(RUN.types.map(type => [type.class, type]));
const TYPES = RUN.types.map(type => type.class);
const CLASSES = new Map(RUN.types.map(type => [type.name, type.class]));
const LOOSE = ["unclaimed", "explained"];
const SIGNS = { ">=": "≥ ", ">": "> ", "<=": "≤ ", "<": "< ", "~": "≈ ", "=": "", range: "" };
/** Columns of words that the text gives back from their offsets. */
const SPANS = new Map(RUN.fields.filter(name => `${name}_start` in AT && `${name}_end` in AT).map(name => [name, [AT[`${name}_start`], AT[`${name}_end`]]]));
const loaded = new Map();

/** One line of the table: a record, or a figure that no record holds. */
class Row {
  constructor(report, number, values) {
    this.report = report;
    this.number = number;
    this.values = values;
    const type = values[AT.type] ?? report.common.type;
    this.type = CLASSES.get(type) ?? type;
  }

  get(name) {
    const value = this.values[AT[name]] ?? this.report.common[name] ?? null;
    if (value !== null || !SPANS.has(name)) return value;
    const [start, end] = SPANS.get(name).map(at => this.values[at] ?? null);
    return start === null ? null : this.report.cut(start, end);
  }

  /** What is shown of its type. */
  get shows() { return OF[this.type] || RUN.types[0]; }
  first(names) { return names.map(name => this.get(name)).find(value => value !== null && value !== "") ?? null; }

  get key() { return this.get("id") || `${this.type}-${this.get("start")}`; }
  get quote() { return this.get("quote") ?? this.report.cut(this.get("start"), this.get("end")); }
  get path() { return this.report.paths[this.get("section")] || []; }
  get name() { return this.loose ?? (this.first(this.shows.names) || this.quote); }

  /** The figures of the text that it holds, each with where it stands. */
  get figures() {
    if (this.loose) return [{ start: this.get("start"), end: this.get("end") }];
    const own = this.shows.amounts.filter(one => one.start).map(one => ({ start: this.get(one.start), end: this.get(one.end) }));
    const listed = RUN.lists.flatMap(name => this.get(name) || []).flatMap(item => [item, ...Object.values(item ?? {})]).filter(item => item?.start !== undefined && item.value !== undefined);
    return [...own, ...listed].filter(one => one.start !== null && one.start !== undefined);
  }

  /** The number that stands for it. */
  get amount() { return this.shows.amounts.find(one => this.get(one.text || one.value) !== null); }
  get value() { return this.amount ? this.get(this.amount.value) : null; }
  get rank() { return (this.amount?.rank ? this.get(this.amount.rank) : null) ?? this.value; }
  get shown() { return this.amount ? this.said(this.amount) : ""; }

  /** A number with its comparator's sign, and a fall's: ≥ 6.5%, −20%. */
  said(amount) {
    const value = this.get(amount.value);
    if (!amount.text) return value === null ? "" : value + (this.get(amount.unit) || "");
    const text = this.get(amount.text) || "";
    const fall = value < 0 && !/^[-−－]/.test(text) ? "−" : "";
    return text && (SIGNS[this.get(amount.comparator)] ?? "") + fall + spaced(text);
  }

  /** What is said beside the value: the first choice that is made and worth saying. */
  get aside() {
    if (LOOSE.includes(this.type)) return this.type === "explained" ? sayReason(this.get(REASON)) : "";
    const aside = this.first(this.shows.asides);
    return aside && !this.shows.usual.includes(aside) ? choiceWord(aside) : "";
  }

  /** The year that it speaks of. */
  get year() { return this.shows.year && !this.loose ? parseInt(this.get(this.shows.year), 10) || null : null; }

  /** What it is filtered and counted by. */
  facet(name) { return this.report.groups[name] ? this.report.groups[name][this.number] || "" : this.get(name) ?? ""; }

  /** What the search looks through. */
  get haystack() {
    return this.plain ??= plain([this.loose, ...this.shows.names.map(name => this.get(name)), this.quote, this.shown, ...this.path].join(" "));
  }
}

/** A text with offsets that count code points where strings count UTF-16 units: they differ behind characters beyond U+FFFF. */
class Text {
  constructor(text) {
    this.text = text;
    this.units = /[\ud800-\udbff]/.test(text) ? [...text].reduce((all, char) => (all.push(all.at(-1) + char.length), all), [0]) : null;
  }

  unit(offset) { return this.units ? this.units[offset] : offset; }
  cut(start, end) { return start === null ? "" : this.text.slice(this.unit(start), this.unit(end)); }
}

/** One report, with its rows in text order. */
class Report extends Text {
  constructor(number, data) {
    super(data.text);
    Object.assign(this, { number, info: RUN.reports[number], ...data });
    this.rows = data.records.map((values, at) => new Row(this, at, values));
    this.loose = data.unclaimed.map((figure, at) => new Loose(this, this.rows.length + at, figure));
    this.all = [...this.rows, ...this.loose];
  }
}

/** Beside the columns: why a figure has no record. */
const REASON = "reason" in AT ? "unclaimed_reason" : "reason";
AT[REASON] = RUN.fields.length;

/** A figure without a record in the order of a record's values, with the words around it for a quote. */
class Loose extends Row {
  constructor(report, number, [start, end, reason]) {
    const values = Array(RUN.fields.length + 1).fill(null);
    const units = [report.unit(start), report.unit(end)];
    const [named] = RUN.types[0]?.names || [], figure = RUN.types[0]?.amounts.find(one => one.start);
    const words = report.text.slice(...units);
    const set = { type: reason === null ? "unclaimed" : "explained", start, end, [REASON]: reason, quote: around(report.text, ...units) };
    if (figure) Object.assign(set, { [figure.start]: start, [figure.end]: end });
    if (named) set[named] = words;
    for (const [name, value] of Object.entries(set)) values[AT[name]] = value;
    super(report, number, values);
    this.loose = words;
  }

  get(name) { return this.values[AT[name]] ?? null; }
}

/** Blanks within a number go, where no letters would run together. */
function spaced(text) {
  return /[a-z]/i.test(text) ? text.replace(/\s+/g, " ") : text.replace(/\s+/g, "");
}

/** A few words around a stretch of a text, within its line. */
function around(text, start, end) {
  const left = text.slice(Math.max(0, start - 18), start).split("\n").pop();
  return left + text.slice(start, end) + text.slice(end, end + 14).split("\n")[0];
}

/** A report by its number; undefined while the browser has not read so far. */
function report(number) {
  if (!loaded.has(number)) {
    const source = document.getElementById(`report-${number}`);
    // An element that is still being read has no sibling behind it.
    if (!source || (document.readyState === "loading" && !source.nextSibling)) return undefined;
    loaded.set(number, new Report(number, JSON.parse(source.textContent)));
    source.remove();
  }
  return loaded.get(number);
}

/** Text as it is compared: width and case of letters, and blanks, make no difference. */
function plain(text) {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ");
}

/** An element. Text goes in as text, so nothing of a report is ever markup. */
function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}

const $ = id => document.getElementById(id);
