// The overview: counts, headline indicators, sections and fields.

function drawCharts() {
  const reports = inScope();
  const all = reports.flatMap(one => one.all);
  const cards = [counts(all), coverage(all), headlineCard(reports)];
  if (state.scope !== "all" && reports.length) cards.push(card("by_section", bars(bySection(reports[0]), "section")));
  if (state.scope === "all") cards.push(card("by_role", bars(byRole(reports))), card("reports", bars(byReport(reports), "report")));
  cards.push(card("by_field", bars(byField(all), "field"), say("field_note")));
  $("charts").replaceChildren(
    make("h1", {}, state.scope === "all" ? say("all_reports") : reports[0]?.info.title || say("no_reports")),
    make("p", { className: "facts" }, say("about", RUN.model, RUN.version, RUN.started.slice(0, 10))),
    make("div", { className: "cards" }, ...cards.filter(Boolean)));
}

function card(title, content, note) {
  return make("section", { className: `card ${title}` }, make("h2", {}, say(title)), content, note ? make("p", { className: "note" }, note) : null);
}

function counts(all) {
  return card("totals", make("div", { className: "tiles" }, ...TYPES.map(type => tile(type, all.filter(row => row.type === type)))));
}

function tile(type, own) {
  const figures = own.filter(row => row.figure).length;
  const aside = type === "target" || type === "achievement" ? `${say("quantified")} ${figures} · ${say("recognition")} ${own.length - figures}` : commonest(own, type === "project" ? "stage" : "domain");
  const node = make("button", { className: `tile ${type}` }, make("span", {}, make("i", { className: type }), say(type)), make("b", {}, String(own.length)), make("small", {}, aside));
  node.dataset.only = type;
  return node;
}

/** The three commonest values of a field, with how often they come. */
function commonest(own, name) {
  const count = new Map();
  for (const row of own) count.set(row.get(name), (count.get(row.get(name)) || 0) + 1);
  return [...count].sort((a, b) => b[1] - a[1]).slice(0, 3).map(([value, times]) => `${say(value)} ${times}`).join(" · ");
}

/** What became of the figures of the texts: in records, no measure, unclaimed. */
function coverage(all) {
  const claimed = new Set(all.filter(row => !LOOSE.includes(row.type) && row.get("figure_start") !== null).map(row => `${row.report.number}/${row.get("figure_start")}`)).size;
  const parts = [["claimed", claimed], ...LOOSE.map(type => [type, all.filter(row => row.type === type).length])];
  const sum = parts.reduce((total, [, count]) => total + count, 0);
  const track = make("div", { className: "track" }, ...parts.map(([name, count]) => {
    const part = make("i", { className: name });
    part.style.width = `${sum ? (100 * count) / sum : 0}%`;
    return part;
  }));
  const key = make("div", { className: "key" }, ...parts.map(([name, count]) => {
    const node = make(name === "claimed" ? "span" : "button", {}, make("i", { className: name }), `${say(name)} `, make("b", {}, String(count)));
    if (name !== "claimed") Object.assign(node, { title: say(`${name}_long`) }).dataset.only = name;
    return node;
  }));
  return card("coverage", make("div", {}, track, key));
}

/** Headline indicators: one report's with bars, several reports' as a table. */
function headlineCard(reports) {
  const any = reports.some(one => one.headlines.length);
  const content = !any ? make("p", { className: "empty" }, say("no_headline")) : state.scope === "all" ? headlineMatrix(reports) : headlineTable(reports[0]);
  return card("headline", content, any ? say("headline_note") : "");
}

function headlineTable(one) {
  const year = one.info.facts.year;
  const most = Math.max(1, ...one.headlines.flatMap(([, done, aim]) => [done.growth, aim.growth]).filter(at => at !== undefined).map(at => Math.abs(one.rows[at].get("value"))));
  const scale = Math.min(most, 20); // one jump of 70 % must not make specks of all others
  return make("table", {},
    make("thead", {}, make("tr", {}, make("th", {}, say("indicator")), make("th", { colSpan: 2 }, say("result", year && year - 1)), make("th", { colSpan: 2 }, say("aim", year)))),
    make("tbody", {}, ...one.headlines.map(([name, done, aim]) => make("tr", {},
      make("th", {}, name), amount(one, done), growth(one, done, scale, "achievement"), amount(one, aim), growth(one, aim, scale, "target")))));
}

function amount(one, found) {
  return make("td", { className: "amount" }, found.level === undefined ? "" : jump(one, found.level));
}

function growth(one, found, scale, type) {
  const at = found.growth ?? found.change;
  if (at === undefined) return make("td", { className: "growth" });
  const value = one.rows[at].get("value");
  const fill = make("i", { className: `${type}${value < 0 ? " fall" : ""}${Math.abs(value) > scale ? " over" : ""}` });
  fill.style.width = `calc(${Math.min(1, Math.abs(value) / scale)} * (100% - 64px))`;
  return make("td", { className: "growth" }, make("div", { className: "grow" }, found.growth === undefined ? null : fill, jump(one, at)));
}

/** A figure that leads to its record. */
function jump(one, at) {
  const row = one.rows[at];
  const sign = row.get("measure") === "level" || row.get("value") < 0 ? "" : "+";
  return make("button", { className: "jump", title: row.quote, onclick: () => select(row) }, row.shown.replace(/(?=[\d−])/, sign && !row.shown.includes("−") ? sign : ""));
}

function headlineMatrix(reports) {
  const names = [...new Set(reports.flatMap(one => one.headlines.map(([name]) => name)))];
  const body = reports.map(one => make("tr", {}, make("th", {}, one.info.facts.place || one.info.title),
    ...names.map(name => {
      const [, done, aim] = one.headlines.find(([other]) => other === name) || [name, {}, {}];
      const [aimed, reached] = [aim, done].map(found => found.growth ?? found.level ?? found.change);
      return make("td", {}, aimed === undefined ? "–" : jump(one, aimed), make("small", {}, reached === undefined ? "" : jump(one, reached)));
    })));
  const heads = names.map(name => make("th", {}, name));
  return make("div", { className: "wide" }, make("p", { className: "key" },
    make("span", {}, make("i", { className: "target" }), say("aim", null)), make("span", {}, make("i", { className: "achievement" }), say("result", null))),
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
  return [...grouped(reports.flatMap(one => one.rows), role)].map(([key, count]) => ({ key, name: say(key), count }));
}

function byReport(reports) {
  return reports.map(one => ({ key: String(one.number), name: one.info.title, count: Object.fromEntries(TYPES.map(type => [type, one.rows.filter(row => row.type === type).length])) }));
}

function byField(all) {
  const groups = grouped(all, row => row.field);
  return [...groups].map(([key, count]) => ({ key, name: say(key), count })).sort((a, b) => (a.key === "other") - (b.key === "other") || total(b.count) - total(a.count));
}

/** Bars of counts; a click filters the table by what a bar stands for. */
function bars(groups, filter) {
  const most = Math.max(1, ...groups.map(group => (group.count ? total(group.count) : 0)));
  const lines = groups.map(({ key, name, depth, sum, count }) => {
    if (!count) return lead(filter, key, name, sum);
    const words = TYPES.filter(type => count[type]).map(type => `${say(type)} ${count[type]}`).join(" · ");
    const node = make(filter && key !== null ? "button" : "div", { className: `line${depth ? " inner" : ""}`, title: words },
      make("span", { className: "words" }, name), bar(count, most, "long"), make("b", {}, String(total(count))));
    node.setAttribute("aria-label", `${name}: ${words}`);
    if (filter && key !== null) leads(node, filter, key);
    return node;
  });
  const key = make("p", { className: "key" }, ...TYPES.map(type => make("span", {}, make("i", { className: type }), say(type))));
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
  if (state[filter] === key) node.classList.add("here");
}
