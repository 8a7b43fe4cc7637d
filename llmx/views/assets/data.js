// The run and its reports: each is read from its script element when first shown.

const RUN = JSON.parse(document.getElementById("run").textContent);
const AT = Object.fromEntries(RUN.fields.map((name, at) => [name, at]));
const TYPES = ["target", "achievement", "project", "problem"];
const LOOSE = ["unclaimed", "explained"];
const SIGNS = { ">=": "≥ ", ">": "> ", "<=": "≤ ", "<": "< ", "~": "≈ ", "=": "", range: "" };
const loaded = new Map();

/** One line of the table: a record, or a figure that no record holds. */
class Row {
  constructor(report, number, values) {
    this.report = report;
    this.number = number;
    this.values = values;
    this.type = values[AT.type];
  }

  get(name) {
    return this.values[AT[name]] ?? null;
  }

  get key() { return this.get("id") || `${this.type}-${this.get("start")}`; }
  get quote() { return this.get("quote") ?? this.report.cut(this.get("start"), this.get("end")); }
  get figure() {
    return this.get("figure") ?? (this.get("figure_start") === null ? "" : this.report.cut(this.get("figure_start"), this.get("figure_end")));
  }
  get path() { return this.report.paths[this.get("section")] || []; }
  get field() { return this.report.fields[this.number] || ""; }
  get name() { return this.get("name") || this.get("indicator") || this.quote; }

  /** The figure with its comparator's sign, and a fall's: ≥ 6.5%, −20%. */
  get shown() {
    const amount = this.get("amount");
    if (this.type === "project") return amount === null ? "" : amount + (this.get("amount_unit") || "");
    const fall = this.get("value") < 0 && !/^[-−－]/.test(this.figure) ? "−" : "";
    return this.figure && (SIGNS[this.get("comparator")] ?? "") + fall + this.figure.replace(/\s+/g, "");
  }

  /** What is said beside the value: how it measures, how far a project is, which field a problem belongs to. */
  get aside() {
    if (LOOSE.includes(this.type)) return this.type === "explained" ? sayReason(this.get("reason")) : "";
    const aside = this.get("stage") || this.get("domain") || this.get("measure");
    return aside ? say(aside) : this.get("kind") === "recognition" ? say("recognition") : "";
  }

  /** What the search looks through. */
  get haystack() {
    return this.plain ??= plain([this.get("name"), this.get("indicator"), this.quote, this.figure, ...this.path].join(" "));
  }
}

/** One report, with its rows in text order. */
class Report {
  constructor(number, data) {
    Object.assign(this, { number, info: RUN.reports[number], ...data });
    // Offsets count code points, strings UTF-16 units: they differ only behind characters beyond U+FFFF.
    this.units = /[\ud800-\udbff]/.test(data.text) ? [...data.text].reduce((all, char) => (all.push(all.at(-1) + char.length), all), [0]) : null;
    this.rows = data.records.map((values, at) => new Row(this, at, values));
    this.loose = data.unclaimed.map((figure, at) => new Row(this, this.rows.length + at, looseValues(figure, this)));
    this.all = [...this.rows, ...this.loose];
  }

  unit(offset) { return this.units ? this.units[offset] : offset; }
  cut(start, end) { return start === null ? "" : this.text.slice(this.unit(start), this.unit(end)); }
}

AT.reason = RUN.fields.length;

/** A figure without a record in the order of a record's values, with the words around it for a quote. */
function looseValues([start, end, reason], report) {
  const values = Array(RUN.fields.length + 1).fill(null);
  const set = { type: reason === null ? "unclaimed" : "explained", start, end, figure_start: start, figure_end: end, reason };
  for (const [name, value] of Object.entries(set)) values[AT[name]] = value;
  const units = [report.unit(start), report.unit(end)];
  values[AT.quote] = around(report.text, units[0], units[1]);
  values[AT.indicator] = report.text.slice(...units);
  return values;
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
