// The list of reports.

const listing = { sort: null, down: false };

/** The columns of the list: what is sorted by, and what is shown. */
function listColumns() {
  const number = (key, name, get, hint = "") => ({ key, name, hint, get, number: true, show: info => get(info) ? get(info).toLocaleString(language) : "–" });
  return [
    { key: "title", name: say("report"), get: info => info.title },
    ...RUN.listed.map((name, at) => ({ key: `fact-${name}`, name: factWord(name), get: info => info.listed[at], show: info => valueWord(name, info.listed[at]) })),
    ...TYPES.map((type, at) => ({ ...number(type, typeWord(type), info => info.counts[at]), type })),
    number("unclaimed", say("unclaimed"), info => info.figures[1], say("unclaimed_long")),
    number("failures", say("failed"), info => info.failures),
    number("characters", say("length"), info => info.characters),
  ];
}

function drawReports() {
  const numbers = wantedReports(), columns = listColumns();
  const infos = numbers.map(number => RUN.reports[number]);
  const by = columns.find(column => column.key === listing.sort);
  if (by) {
    const sign = listing.down ? -1 : 1, key = number => by.get(RUN.reports[number]);
    numbers.sort((a, b) => (key(a) === null) - (key(b) === null) || sign * (typeof key(a) === "number" ? key(a) - key(b) : collator.compare(key(a) ?? "", key(b) ?? "")) || a - b);
  }
  const body = make("tbody");
  drip(body, numbers, number => listLine(number, columns));
  $("sheet").replaceChildren(
    make("div", { className: "cards" },
      card("totals", make("div", { className: "tiles" }, ...TYPES.map((type, at) => make("div", { className: `tile ${type}` }, make("span", {}, make("i", { className: type }), typeWord(type)), make("b", {}, sumOf(infos, info => info.counts[at]).toLocaleString(language)))))),
      coverageCard([["claimed", 0], ["unclaimed", 1], ["explained", 2]].map(([name, at]) => [name, sumOf(infos, info => info.figures[at])]))),
    make("div", { className: "wide card" }, make("table", { className: "list" }, make("thead", {}, make("tr", {}, ...columns.map(listHead))), body)));
}

/** A report's id, where its title says less. */
const idBeside = ({ id, title }) => (title.includes(id) ? null : make("small", { className: "id" }, id));
const sumOf = (items, get) => items.reduce((sum, item) => sum + (get(item) ?? 0), 0);

function listHead(column) {
  const node = make("button", { title: column.hint ?? "", onclick: () => {
    Object.assign(listing, listing.sort !== column.key ? { sort: column.key, down: Boolean(column.number) } : listing.down === Boolean(column.number) ? { down: !listing.down } : { sort: null });
    drawReports();
  } }, column.type ? make("i", { className: column.type }) : null, column.name, make("span", { className: "arrow" }, listing.sort === column.key ? (listing.down ? "↓" : "↑") : ""));
  const head = make("th", { className: column.number ? "number" : "", scope: "col" }, node);
  if (listing.sort === column.key) head.setAttribute("aria-sort", listing.down ? "descending" : "ascending");
  return head;
}

function listLine(number, columns) {
  const info = RUN.reports[number];
  const [, ...others] = columns;
  return make("tr", {},
    make("th", { scope: "row" }, make("a", { href: linkTo(number) }, info.title), idBeside(info), info.fault ? make("small", { className: "amiss", title: info.fault }, say("without_text")) : null),
    ...others.map(column => make("td", { className: column.number ? "number" : "" }, column.show(info))));
}
