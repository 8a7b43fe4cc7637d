// The overview: counts, headline indicators, sections and fields.

function drawCharts() {
  const reports = inScope();
  const all = reports.flatMap(one => one.all);
  const cards = [counts(all), coverage(reports), ...RUN.charts.flatMap(name => CHARTS[name](reports, all))];
  $("charts").replaceChildren(
    make("h1", {}, state.scope === "all" ? say("all_reports") : reports[0]?.info.title || say("no_reports")),
    make("p", { className: "facts" }, say("about", RUN.model, RUN.version, RUN.started.slice(0, 10))),
    make("div", { className: "cards" }, ...cards.filter(Boolean)));
}

/** The cards of each chart that a task asks for. */
const CHARTS = {
  headlines: reports => [headlineCard(reports)],
  section: reports => state.scope === "all" ? [card("reports", bars(byReport(reports), "report"))]
    : reports.length && reports[0].rows.some(row => row.path.length) ? [card("by_section", bars(bySection(reports[0]), "section"))] : [],
  role: reports => state.scope === "all" ? [card("by_role", bars(byRole(reports)))] : [],
  year: (_, all) => byYear(all).length > 1 ? [card("by_year", bars(byYear(all), "year"))] : [],
  facets: (_, all) => FACETS.map(name => facetCard(all, name)),
  values: (_, all) => TYPES.flatMap(type => OF[type].amounts.map(amount => valuesCard(all.filter(row => row.type === type), amount))),
};

function card(title, content, note, words = say(title)) {
  return make("section", { className: `card ${title}` }, make("h2", {}, words), content, note ? make("p", { className: "note" }, note) : null);
}

function facetCard(all, name) {
  const groups = byFacet(all, name);
  const title = told(`page.by_${name}`) ?? say("by", word(name));
  return groups.length ? card("by_facet", bars(groups, `facet-${name}`), told(`page.by_${name}_note`), title) : null;
}

/** The largest numbers of a field, where all are of one unit. */
function valuesCard(own, amount) {
  const found = own.filter(row => row.get(amount.value) !== null);
  const based = found.every(row => amount.base_unit && row.get(amount.base_unit));
  const [value, unit] = based ? [amount.base_value, amount.base_unit] : [amount.value, amount.unit];
  if (found.length < 2 || new Set(found.map(row => row.get(unit))).size > 1) return null;
  found.sort((a, b) => b.get(value) - a.get(value)).splice(MOST);
  const most = Math.max(...found.map(row => Math.abs(row.get(value)))) || 1;
  const lines = found.map(row => {
    const part = make("i", { className: row.type });
    part.style.width = `${(100 * Math.abs(row.get(value))) / most}%`;
    return make("button", { className: "line amounts", title: row.quote, onclick: () => select(row) },
      make("span", { className: "words" }, row.name), make("span", { className: "bar long" }, part), make("b", {}, row.said(amount)));
  });
  return card("by_value", make("div", { className: "bars" }, ...lines), null, say("by_value", word(amount.name)));
}

const MOST = 15;

function counts(all) {
  return card("totals", make("div", { className: "tiles" }, ...TYPES.map(type => tile(type, all.filter(row => row.type === type)))));
}

function tile(type, own) {
  const node = make("button", { className: `tile ${type}` }, make("span", {}, make("i", { className: type }), typeWord(type)), make("b", {}, String(own.length)), make("small", {}, tally(own, OF[type])));
  node.dataset.only = type;
  return node;
}

/** How often each of two choices is made; of more the three commonest. */
function tally(own, { tally: name, choices }) {
  const count = new Map(choices.length === 2 ? choices.map(value => [value, 0]) : []);
  for (const row of own) if (name && row.get(name) !== null) count.set(row.get(name), (count.get(row.get(name)) || 0) + 1);
  const found = choices.length === 2 ? [...count] : [...count].sort((a, b) => b[1] - a[1]).slice(0, 3);
  return found.map(([value, times]) => `${choiceWord(value)} ${times}`).join(" · ");
}

/** What became of the figures of the texts: in records, no measure, unclaimed. */
function coverage(reports) {
  const all = reports.flatMap(one => one.loose);
  const claimed = reports.reduce((sum, one) => sum + one.claimed, 0);
  return coverageCard([["claimed", claimed], ...LOOSE.map(type => [type, all.filter(row => row.type === type).length])], true);
}

function coverageCard(parts, leads = false) {
  const sum = parts.reduce((total, [, count]) => total + count, 0);
  const track = make("div", { className: "track" }, ...parts.map(([name, count]) => {
    const part = make("i", { className: name });
    part.style.width = `${sum ? (100 * count) / sum : 0}%`;
    return part;
  }));
  const key = make("div", { className: "key" }, ...parts.map(([name, count]) => {
    const node = make(leads && name !== "claimed" ? "button" : "span", {}, make("i", { className: name }), `${say(name)} `, make("b", {}, count.toLocaleString(language)));
    if (leads && name !== "claimed") Object.assign(node, { title: say(`${name}_long`) }).dataset.only = name;
    return node;
  }));
  return card("coverage", make("div", {}, track, key));
}

/** Headlines: one report's with bars, several reports' as a table. */
function headlineCard(reports) {
  const any = reports.some(one => one.headlines?.lines.length);
  const content = !any ? make("p", { className: "empty" }, say("no_headline")) : state.scope === "all" ? headlineMatrix(reports) : headlineTable(reports[0]);
  return card("headline", content, any ? say("headline_note") : "");
}

const headWord = (type, year) => say("of_head", told(`headline.${type}`) ?? word(type), year);

function headlineTable(one) {
  const { types, years, lines } = one.headlines;
  const growths = lines.flatMap(([, ...found]) => found.map(({ growth }) => growth)).filter(at => at !== undefined);
  const most = Math.max(1, ...growths.map(at => Math.abs(one.rows[at].value)));
  const scale = Math.min(most, 20); // one jump of 70 % must not make specks of all others
  return make("table", {},
    make("thead", {}, make("tr", {}, make("th", {}, say("headline_name")), ...types.map((type, at) => make("th", { colSpan: 2 }, headWord(type, years[at]))))),
    make("tbody", {}, ...lines.map(([name, ...found]) => make("tr", {},
      make("th", {}, name), ...found.flatMap((each, at) => [amount(one, each), growth(one, each, scale, CLASSES.get(types[at]))])))));
}

function amount(one, found) {
  return make("td", { className: "amount" }, found.level === undefined ? "" : jump(one, found.level));
}

function growth(one, found, scale, type) {
  const at = found.growth ?? found.change;
  if (at === undefined) return make("td", { className: "growth" });
  const value = one.rows[at].value;
  const fill = make("i", { className: `${type}${value < 0 ? " fall" : ""}${Math.abs(value) > scale ? " over" : ""}` });
  fill.style.width = `calc(${Math.min(1, Math.abs(value) / scale)} * (100% - 64px))`;
  return make("td", { className: "growth" }, make("div", { className: "grow" }, found.growth === undefined ? null : fill, jump(one, at)));
}

/** A figure that leads to its record. */
function jump(one, at) {
  const row = one.rows[at];
  const sign = row.get(row.amount?.measure) === "level" || row.value < 0 ? "" : "+";
  return make("button", { className: "jump", title: row.quote, onclick: () => select(row) }, row.shown.replace(/(?=[\d−])/, sign && !row.shown.includes("−") ? sign : ""));
}

/** What is aimed at over what was reached, for each report and headline. */
function headlineMatrix(reports) {
  const { types } = reports.find(one => one.headlines).headlines;
  const names = [...new Set(reports.flatMap(one => (one.headlines?.lines || []).map(([name]) => name)))];
  const body = reports.map(one => make("tr", {}, make("th", {}, one.info.short === one.info.id ? one.info.title : one.info.short),
    ...names.map(name => {
      const [, ...found] = one.headlines?.lines.find(([other]) => other === name) || [name, {}, {}];
      const [reached, aimed] = found.map(each => each.growth ?? each.level ?? each.change);
      return make("td", {}, aimed === undefined ? "–" : jump(one, aimed), make("small", {}, reached === undefined ? "" : jump(one, reached)));
    })));
  const heads = names.map(name => make("th", {}, name));
  const key = [...types].reverse().map(type => make("span", {}, make("i", { className: CLASSES.get(type) }), headWord(type, null)));
  return make("div", { className: "wide" }, make("p", { className: "key" }, ...key),
    make("table", { className: "matrix" }, make("thead", {}, make("tr", {}, make("th", {}, say("report")), ...heads)), make("tbody", {}, ...body)));
}

/** Counts by type for each group that rows fall into, in the order in which groups come. */
function grouped(all, keyOf) {
  const groups = new Map();
  for (const row of all.filter(row => TYPES.includes(row.type))) {
    const key = keyOf(row);
    if (!groups.has(key)) groups.set(key, Object.fromEntries(TYPES.map(type => [type, 0])));
    groups.get(key)[row.type]++;
  }
  return groups;
}

/** The outer headings with their sums, and a bar for each heading under them. */
function bySection(one) {
  const groups = grouped(one.rows, row => row.path.slice(0, 2).join("\n"));
  const tops = [...new Set([...groups.keys()].map(key => key.split("\n")[0]))];
  return tops.flatMap(top => {
    const own = [...groups].filter(([key]) => key.split("\n")[0] === top);
    if (own.length === 1) return [{ key: own[0][0], name: own[0][0].split("\n").pop() || say("front"), count: own[0][1] }];
    const sum = own.reduce((all, [, count]) => all + total(count), 0);
    const inner = own.map(([key, count]) => ({ key: key === top ? null : key, name: key === top ? say("opening") : key.split("\n").pop(), depth: 1, count }));
    return [{ key: top, name: top, sum }, ...inner];
  });
}

function byRole(reports) {
  const role = row => {
    const sections = row.report.sections;
    const at = row.get("start") === null ? -1 : sections.findLastIndex(([start]) => start <= row.get("start"));
    return at < 0 || sections[at][4] === "other" ? "other_role" : sections[at][4];
  };
  return [...grouped(reports.flatMap(one => one.rows), role)].map(([key, count]) => ({ key, name: key === "other_role" ? say(key) : choiceWord(key), count }));
}

function byReport(reports) {
  return reports.map(one => ({ key: String(one.number), name: one.info.title, count: Object.fromEntries(TYPES.map(type => [type, one.rows.filter(row => row.type === type).length])) }));
}

function byYear(all) {
  const groups = grouped(all.filter(row => row.year), row => String(row.year));
  return [...groups].map(([key, count]) => ({ key, name: say("of_year", +key), count })).sort((a, b) => a.key - b.key);
}

function byFacet(all, name) {
  const groups = grouped(all.filter(row => row.facet(name) !== ""), row => row.facet(name));
  return [...groups].map(([key, count]) => ({ key, name: choiceWord(key), count })).sort((a, b) => (a.key === "other") - (b.key === "other") || total(b.count) - total(a.count));
}

/** Bars of counts; a click filters the table by what a bar stands for. */
function bars(groups, filter) {
  const most = Math.max(1, ...groups.map(group => (group.count ? total(group.count) : 0)));
  const lines = groups.map(({ key, name, depth, sum, count }) => {
    if (!count) return lead(filter, key, name, sum);
    const words = TYPES.filter(type => count[type]).map(type => `${typeWord(type)} ${count[type]}`).join(" · ");
    const node = make(filter && key !== null ? "button" : "div", { className: `line${depth ? " inner" : ""}`, title: words },
      make("span", { className: "words" }, name), bar(count, most, "long"), make("b", {}, String(total(count))));
    node.setAttribute("aria-label", `${name}: ${words}`);
    if (filter && key !== null) leads(node, filter, key);
    return node;
  });
  const key = make("p", { className: "key" }, ...TYPES.map(type => make("span", {}, make("i", { className: type }), typeWord(type))));
  return make("div", { className: "bars" }, key, ...lines);
}

/** The line of an outer heading: its name and sum. */
function lead(filter, key, name, sum) {
  const node = make("button", { className: "line outer" }, make("span", { className: "words" }, name), make("b", {}, String(sum)));
  leads(node, filter, key);
  return node;
}

function leads(node, filter, key) {
  Object.assign(node.dataset, { filter, key });
  if ((state[filter] ?? state.facets[filter.slice("facet-".length)]) === key) node.classList.add("here");
}
