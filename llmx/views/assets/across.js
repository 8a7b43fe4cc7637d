// What lies over several reports: which are wanted, where each one's page is, and files that are read when asked for.

/** Whether reports have pages of their own, and this page is the one over them. */
const INDEX = "folder" in RUN;
const ACROSS = RUN.reports.length > 1 ? ["reports", "find", ...(RUN.compared ? ["compare"] : [])] : [];
const wanted = { words: "", listed: RUN.listed.map(() => "") };
const DRAW = { reports: drawReports, find: drawFind, compare: drawCompare };

/** The address of a report, or of a record or place in it. */
function linkTo(number, key) {
  const info = RUN.reports[number], hash = `#${encodeURIComponent(info.id)}${key === undefined ? "" : "/" + encodeURIComponent(key)}`;
  return INDEX ? `${encodeURIComponent(RUN.folder)}/reports/${encodeURIComponent(info.page)}.html${hash}` : hash;
}

/** What a fact of a report is called, and what its value is. */
const factWord = name => told(`fact.${name}`) ?? word(name);
const valueWord = (name, value) => value === null ? "" : typeof value === "number" ? String(value) : told(`${name}.${value}`) ?? choiceWord(value);

/** The numbers of the reports that pass the filters. */
function wantedReports() {
  const words = plain(wanted.words).split(" ").filter(Boolean);
  return [...RUN.reports.keys()].filter(number => {
    const info = RUN.reports[number];
    return wanted.listed.every((value, at) => !value || String(info.listed[at]) === value)
      && words.every(part => (info.plain ??= plain([info.title, info.id, ...RUN.listed.map((name, at) => valueWord(name, info.listed[at]))].join(" "))).includes(part));
  });
}

/** The frame of a pane over all reports: filters of reports, and its own sheet under them. */
function drawAcross(pane) {
  document.body.dataset.pane = pane;
  const field = make("input", { id: "wanted", type: "search", value: wanted.words, placeholder: say("filter_reports"), ariaLabel: say("filter_reports"), autocomplete: "off", spellcheck: false });
  field.addEventListener("input", () => { wanted.words = field.value; changed(pane); });
  const selects = RUN.listed.map((name, at) => factSelect(pane, name, at)).filter(Boolean);
  $("across").replaceChildren(make("div", { className: "over" },
    make("div", { className: "wanted" }, field, ...selects, make("span", { id: "wanted-count", role: "status" }),
      make("button", { id: "wanted-clear", className: "quiet", onclick: () => { Object.assign(wanted, { words: "", listed: RUN.listed.map(() => "") }); drawAcross(pane); } }, say("clear"))),
    make("div", { id: "sheet", className: pane })));
  DRAW[pane](true);
  countWanted();
  setHash();
}

/** A select for a fact that few values are told of. */
function factSelect(pane, name, at) {
  const counts = new Map();
  for (const { listed } of RUN.reports) if (listed[at] !== null) counts.set(String(listed[at]), listed[at]);
  if (counts.size < 2 || counts.size > 40) return null;
  const select = make("select", { ariaLabel: factWord(name) });
  const values = [...counts].sort(([a], [b]) => collator.compare(a, b)).map(([key, value]) => [key, valueWord(name, value)]);
  options(select, wanted.listed, at, say("any", factWord(name)), values);
  select.addEventListener("change", () => { wanted.listed[at] = select.value; changed(pane); });
  return select;
}

function changed(pane) {
  countWanted();
  DRAW[pane](false);
}

function countWanted() {
  const count = wantedReports().length;
  $("wanted-count").textContent = say("reports_shown", count, RUN.reports.length);
  $("wanted-clear").hidden = count === RUN.reports.length;
}

/** Put many items into a box: some at once, more as it is scrolled to its end. */
function drip(box, items, render, some = 120) {
  let at = 0;
  const more = () => {
    box.append(...items.slice(at, at += some).map(render));
    if (at >= items.length) return;
    const seen = new IntersectionObserver(([entry]) => { if (entry.isIntersecting) { seen.disconnect(); more(); } }, { rootMargin: "800px" });
    seen.observe(box.lastElementChild);
  };
  box.replaceChildren();
  more();
}

const arrivals = new Map(); // name → the promise of a file's data
let arrived = null; // the data of the file that was read last
window.llmx = text => { arrived = JSON.parse(text); };

/** The data of a file beside the page; null where it is not there. */
function beside(name) {
  if (!arrivals.has(name)) {
    arrivals.set(name, new Promise(done => {
      const script = make("script", { src: `${encodeURIComponent(RUN.folder)}/data/${name}.js` });
      // A script's load event comes right behind its run, so that what has arrived is its own.
      script.onload = () => { script.remove(); done(arrived); arrived = null; };
      script.onerror = () => { script.remove(); done(null); };
      document.head.append(script);
    }));
  }
  return arrivals.get(name);
}
