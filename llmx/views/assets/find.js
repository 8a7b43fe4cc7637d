// The search over all reports: in their records, and in their texts.

const finding = { query: "", full: false, types: new Set(), turn: 0, groups: [], records: 0, passages: 0 };
const FEW = 5;

/** A record as the files beside the page have it for the search; the text gives its quote back. */
class Hit {
  constructor(shelf, [id, type, start, end, name, shown, year, quote]) {
    Object.assign(this, { key: id, type: TYPES[type], start, end, shown: shown || "", year, quote: quote ?? shelf.report.cut(start, end) });
    this.name = name ?? this.quote;
  }
}

/** A report as the search reads it. */
class Shelf {
  constructor(number, report, records) { Object.assign(this, { number, report, records }); }

  hit(at) { return this.records ? new Hit(this, this.records[at]) : this.report.rows[at]; }
  get size() { return (this.records ?? this.report.rows).length; }
  /** The words of every record, a line each, as they are compared. */
  get lines() {
    return this.joined ??= Array.from({ length: this.size }, (_, at) => this.hit(at)).map(hit => plain(`${hit.name} ${hit.quote} ${hit.shown}`)).join("\n");
  }
  get even() { return this.evened ??= even(this.report.text); }
  span(at) { return this.records ? [this.records[at][2], this.records[at][3]] : [this.report.rows[at].get("start"), this.report.rows[at].get("end")]; }
}

const shelves = new Map();

/** A report's shelf: of this page, or of the file that holds it; null where that is not there. */
async function shelf(number) {
  if (shelves.has(number)) return shelves.get(number);
  if (!INDEX) {
    const one = report(number);
    if (one) shelves.set(number, new Shelf(number, one));
    return shelves.get(number) ?? null;
  }
  const file = RUN.shares.findLastIndex(first => first <= number);
  const held = await beside(`reports-${file}`);
  held?.forEach(({ text, records }, at) => {
    const own = RUN.shares[file] + at;
    if (!shelves.has(own)) shelves.set(own, new Shelf(own, new Text(text), records));
  });
  arrivals.set(`reports-${file}`, Promise.resolve(null));
  return shelves.get(number) ?? null;
}

/** Letters of one width and case, each where it was: what is found in it stands there in the text. */
function even(text) {
  const folded = text.replace(/[\uff01-\uff5e]/g, char => String.fromCharCode(char.charCodeAt(0) - 0xfee0)).replace(/[\s\u3000]/g, char => (char === "\n" ? "\n" : " "));
  const lower = folded.toLowerCase();
  return lower.length === text.length ? lower : folded;
}

function drawFind(anew) {
  if (anew || !$("find-query")) {
    const field = make("input", { id: "find-query", type: "search", value: finding.query, placeholder: say("find_all"), ariaLabel: say("find_all"), autocomplete: "off", spellcheck: false });
    field.addEventListener("input", () => { finding.query = field.value; findAll(); });
    const either = [[false, "in_records"], [true, "in_texts"]].map(([full, name]) => make("button", { id: `find-${name}`, onclick: () => { finding.full = full; findAll(); } }, say(name), make("b")));
    $("sheet").replaceChildren(
      make("div", { className: "search" }, field, make("kbd", {}, "/")),
      make("div", { className: "either" }, make("div", { className: "switch", role: "group" }, ...either), make("div", { id: "find-types", className: "types", role: "group", ariaLabel: say("type") }), make("span", { id: "find-count", role: "status" })),
      make("progress", { id: "find-progress", max: 1, value: 0, ariaLabel: say("loading") }),
      make("div", { id: "found" }));
    if (anew) field.focus({ preventScroll: true });
    shelf(0); // the first file is at hand when the first word has been typed
  }
  findAll();
}

/** Look through the reports, one after the other; what is found is shown as it comes. */
async function findAll() {
  const turn = ++finding.turn, numbers = wantedReports();
  const words = even(finding.query.trim()).split(" ").filter(Boolean);
  Object.assign(finding, { groups: [], records: 0, passages: 0 });
  setHash();
  $("found").replaceChildren();
  showFound(words, 0, numbers.length);
  if (!words.length) return;
  let pause = performance.now() + 30;
  for (const [at, number] of numbers.entries()) {
    const one = shelves.get(number) ?? await shelf(number);
    if (turn !== finding.turn || document.body.dataset.pane !== "find") return;
    if (one) look(one, words);
    if (performance.now() < pause) continue;
    showFound(words, at + 1, numbers.length);
    await new Promise(done => setTimeout(done));
    if (turn !== finding.turn || document.body.dataset.pane !== "find") return;
    pause = performance.now() + 30;
  }
  showFound(words, numbers.length, numbers.length);
}

/** What a report has of the words. */
function look(one, words) {
  const records = recordsWith(one, words.map(plain)), passages = passagesWith(one, words);
  finding.records += records.length;
  finding.passages += passages.length;
  const own = finding.full ? passages : records;
  if (own.length) finding.groups.push({ one, own });
}

/** The numbers of the records that hold all words. */
function recordsWith(one, words) {
  const lines = one.lines, found = [];
  const first = words.reduce((a, b) => (b.length > a.length ? b : a));
  for (let at = lines.indexOf(first), line = 0, counted = 0; at >= 0; at = lines.indexOf(first, at)) {
    for (let next = lines.indexOf("\n", counted); next >= 0 && next < at; next = lines.indexOf("\n", counted)) { line++; counted = next + 1; }
    const end = lines.indexOf("\n", at), own = lines.slice(counted, end < 0 ? undefined : end);
    if (words.every(part => own.includes(part)) && (!finding.types.size || finding.types.has(one.hit(line).type))) found.push(line);
    if (end < 0) break;
    at = end;
  }
  return found;
}

const STOPS = /[。！？!?\n]/g;

/** The sentences that hold all words, by their bounds. */
function passagesWith(one, words) {
  const text = one.even, found = [];
  const first = words.reduce((a, b) => (b.length > a.length ? b : a));
  for (let at = text.indexOf(first); at >= 0; at = text.indexOf(first, at)) {
    const start = Math.max(...["。", "！", "？", "!", "?", "\n", ". "].map(stop => (at ? text.lastIndexOf(stop, at - 1) : -1))) + 1;
    STOPS.lastIndex = at;
    const end = STOPS.exec(text)?.index ?? text.length;
    if (words.every(part => text.slice(start, end).includes(part))) found.push([start, end + (text[end] === "\n" ? 0 : 1), at]);
    at = Math.max(end, at + first.length);
  }
  return found;
}

/** Counts, progress, and the groups that are not shown yet. */
function showFound(words, done, all) {
  const box = $("found");
  if (!box) return;
  const waiting = words.length && done < all;
  $("find-progress").hidden = !waiting;
  $("find-progress").value = all ? done / all : 0;
  $("find-count").textContent = !words.length ? "" : waiting ? say("searching", done, all) : say("found_in", finding.full ? finding.passages : finding.records, finding.groups.length);
  for (const [full, name, count] of [[false, "in_records", finding.records], [true, "in_texts", finding.passages]]) {
    $(`find-${name}`).setAttribute("aria-pressed", finding.full === full);
    $(`find-${name}`).lastChild.textContent = words.length ? count.toLocaleString(language) : "";
  }
  $("find-types").replaceChildren(...(finding.full ? [] : TYPES.map(findChip)));
  if (!words.length) box.replaceChildren(make("p", { className: "empty" }, say("find_what")));
  else if (!waiting && !finding.groups.length) box.replaceChildren(make("p", { className: "empty" }, say("none_found")));
  else {
    box.querySelector(".empty")?.remove();
    if (box.childElementCount < 40) box.append(...finding.groups.slice(box.childElementCount, 40).map(group => foundGroup(group, words)));
    if (!waiting && finding.groups.length > 40) {
      const rest = make("div");
      box.append(rest);
      drip(rest, finding.groups.slice(40), group => foundGroup(group, words), 40);
    }
  }
}

function findChip(type) {
  const node = make("button", { className: `chip ${type}`, onclick: () => { finding.types.delete(type) || finding.types.add(type); findAll(); } }, typeWord(type));
  node.setAttribute("aria-pressed", finding.types.has(type));
  return node;
}

/** What was found in one report: a few, and the others when asked for. */
function foundGroup({ one, own }, words) {
  const info = RUN.reports[one.number], list = make("div");
  const render = finding.full ? span => passage(one, span, words) : at => foundRecord(one, one.hit(at), words);
  list.append(...own.slice(0, FEW).map(render));
  if (own.length > FEW) list.append(make("button", { className: "quiet", onclick: event => { event.target.remove(); list.append(...own.slice(FEW).map(render)); } }, say("more_here", own.length - FEW)));
  return make("section", { className: "group" },
    make("h2", {}, make("a", { href: linkTo(one.number) }, info.title), idBeside(info), make("small", {}, String(own.length))), list);
}

function foundRecord(one, hit, words) {
  return make("a", { className: `hit ${hit.type}`, href: linkTo(one.number, hit.key) },
    make("span", { className: "type" }, make("i", { className: hit.type }), typeWord(hit.type)),
    make("span", { className: "name" }, make("b", {}, ...lit(hit.name.replace(/\s+/g, " "), words)), make("small", {}, ...lit(hit.quote.replace(/\s+/g, " "), words))),
    make("span", { className: "value" }, make("b", {}, ...lit(hit.shown, words)), make("small", {}, String(hit.year ?? ""))));
}

/** A sentence; it leads to the record that the words stand in, or to its place in the text. */
function passage(one, [start, end, at], words) {
  const from = Math.max(start, at - 60), to = Math.min(end, at + 140);
  const text = one.report.text.slice(from, to).trim().replace(/\s+/g, " ");
  let key = `@${at}`;
  for (let number = 0; number < one.size; number++) {
    const [first, last] = one.span(number);
    if (first !== null && one.report.unit(first) <= at && at < one.report.unit(last)) { key = one.hit(number).key; break; }
  }
  return make("a", { className: "hit passage", href: linkTo(one.number, key) }, make("span", {}, from > start ? "…" : "", ...lit(text, words), to < end ? "…" : ""));
}

/** Text with the words set off. */
function lit(text, words) {
  const evened = even(text), parts = [];
  let at = 0;
  while (at < text.length) {
    const [next, length] = words.map(part => [evened.indexOf(part, at), part.length]).filter(([place]) => place >= 0).sort((a, b) => a[0] - b[0] || b[1] - a[1])[0] ?? [-1, 0];
    if (next < 0) break;
    parts.push(text.slice(at, next), make("mark", {}, text.slice(next, next + length)));
    at = next + length;
  }
  return [...parts, text.slice(at)];
}
