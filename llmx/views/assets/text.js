// The report's text with its marks, and the heading tree.

let marks = new Map(); // row → its elements
let spots = []; // an element for each section
let drawn = null; // the report whose text is shown

/** Show a report's text, unless it is there already. */
function drawText(one) {
  if (drawn === one) return;
  drawn = one;
  marks = new Map(one.all.map(row => [row, []]));
  spots = [];
  const body = make("div", { className: "body" }, ...paragraphs(one));
  $("text").replaceChildren(front(one), body);
  $("text").scrollTop = 0;
  drawOutline(one);
}

/** Title and facts, and what is amiss. */
function front({ info }) {
  const facts = [...info.front, say("characters", info.characters)];
  const faults = [info.fault && `${say("no_text")} ${info.fault}`, info.failures && say("failures", info.failures), RUN.interrupted && say("interrupted")];
  return make("header", { className: "front" },
    make("h1", {}, info.title),
    make("p", { className: "facts" }, ...facts.map(fact => make("span", {}, fact))),
    ...faults.filter(Boolean).map(fault => make("p", { className: "fault" }, fault)));
}

/** Everything that covers a stretch: [start, end, what], in UTF-16 units. */
function covers(one) {
  const found = [];
  const add = (start, end, what) => start !== null && end > start && found.push([one.unit(start), one.unit(end), what]);
  for (const row of one.rows) {
    add(row.get("start"), row.get("end"), { row, length: row.get("end") - row.get("start") });
    for (const figure of row.figures) add(figure.start, figure.end, { figure: true });
  }
  for (const row of one.loose) add(row.get("start"), row.get("end"), { row, loose: true, length: 0 });
  // Emphasis marks that a conversion left behind; they are the text's, and step back.
  for (const match of one.text.matchAll(/\*{2,}/g)) found.push([match.index, match.index + match[0].length, { markup: true }]);
  one.sections.forEach(([start, level, , end], at) => {
    add(start, end, { heading: level, at });
    if (end === start) found.push([one.unit(start), one.unit(start), { anchor: at }]);
  });
  return found;
}

/** The lines of a text as elements. Blanks around a line are layout of another page and are left out. */
function* paragraphs(one) {
  const cover = covers(one);
  const begins = new Map(), ends = new Map();
  const cuts = new Set();
  for (const item of cover) {
    cuts.add(item[0]).add(item[1]);
    begins.set(item[0], [...(begins.get(item[0]) || []), item]);
    ends.set(item[1], [...(ends.get(item[1]) || []), item]);
  }
  const headings = cover.filter(item => item[2].heading !== undefined);
  const sorted = [...cuts].sort((a, b) => a - b);
  const active = new Set();
  const opening = one.sections.length > 1 && one.sections[0][1] === 0 ? one.unit(one.sections[1][0]) : 0;
  let next = 0;
  const advance = to => {
    for (; next < sorted.length && sorted[next] <= to; next++) {
      for (const item of ends.get(sorted[next]) || []) active.delete(item);
      for (const item of begins.get(sorted[next]) || []) if (item[1] > item[0] || item[2].anchor !== undefined) active.add(item);
    }
  };
  for (const line of one.text.matchAll(/[^\n]+/g)) {
    const words = line[0].trim();
    if (!words) continue;
    const start = line.index + line[0].indexOf(words), end = start + words.length;
    // What stands before the first heading is the title page, but for its salutation and sentences.
    const title = end <= opening && end - start < 40 && !/[。：:！]$/.test(words);
    const block = make("p", { className: title ? "front-line" : "" });
    block.stretch = [start, end];
    for (let at = start; at < end;) {
      advance(at);
      const stop = Math.min(end, sorted[next] ?? end);
      block.append(piece(one, at, stop, active, block, start === at));
      at = stop;
    }
    yield heading(block, headings, start, end);
  }
}

/** One stretch that the same things cover. */
function piece(one, start, stop, active, block, first) {
  const text = one.text.slice(start, stop);
  const over = [], styles = [];
  let node = null;
  for (const item of active) {
    const what = item[2];
    if (what.anchor !== undefined) {
      node ??= make("span");
      spots[what.anchor] = first ? block : node;
      active.delete(item);
    } else if (what.heading !== undefined) {
      styles.push("lead");
      if (!spots[what.at]) spots[what.at] = first ? block : (node ??= make("span"));
    } else if (what.figure) styles.push("fig");
    else if (what.markup) styles.push("markup");
    else over.push(what);
  }
  if (!over.length && !styles.length && !node) return document.createTextNode(text);
  node ??= make("span");
  node.textContent = text;
  // The shortest record gives the colour; a figure without a record gives it only where no record lies over it.
  over.sort((a, b) => Boolean(a.loose) - Boolean(b.loose) || a.length - b.length || a.row.number - b.row.number);
  const types = [...new Set(over.map(what => what.row.type))];
  if (types.length) styles.push("m", types[0], ...(types[1] ? [`and-${types[1]}`] : []));
  node.className = styles.join(" ");
  node.rows = over.map(what => what.row);
  for (const row of node.rows) marks.get(row).push(node);
  return node;
}

/** A line that is a heading from end to end as a heading, any other as it is. */
function heading(block, headings, start, end) {
  const own = headings.find(([from, to]) => from <= start && to >= end && to - start <= 90);
  if (!own) return block;
  const level = Math.min(4, Math.max(1, own[2].heading)) + 1;
  const node = Object.assign(make(`h${level}`, {}, ...block.childNodes), { stretch: block.stretch });
  spots = spots.map(spot => (spot === block ? node : spot));
  spots[own[2].at] = node;
  return node;
}

/** The heading tree, with a bar of the records under each heading. */
function drawOutline(one) {
  const starts = one.sections.map(([start]) => start);
  const counts = starts.map(() => Object.fromEntries(TYPES.map(type => [type, 0])));
  for (const row of one.rows) {
    const at = row.get("start") === null ? -1 : starts.findLastIndex(start => start <= row.get("start"));
    if (at >= 0) counts[at][row.type]++;
  }
  const most = Math.max(1, ...counts.map(count => total(count)));
  $("outline").replaceChildren(make("h2", {}, say("outline")), ...one.sections.map((section, at) => entry(section, counts[at], most, at)));
  followText();
}

const total = count => TYPES.reduce((sum, type) => sum + count[type], 0);

function entry([, level, words, end, role], count, most, at) {
  const headed = end > drawn.sections[at][0];
  const name = at === 0 && !headed && level === 0 ? say("front") : words + (headed ? "" : "…");
  const node = make("button", { className: `entry level-${Math.min(level, 4)}${headed ? "" : " unheaded"}` },
    make("span", { className: "words" }, name),
    told(`role.${role}`) && !headed ? make("em", {}, told(`role.${role}`)) : null,
    bar(count, most, "spark"));
  node.dataset.section = at;
  node.title = TYPES.filter(type => count[type]).map(type => `${typeWord(type)} ${count[type]}`).join(" · ");
  return node;
}

/** A bar of counts by type; its length says how many of the most there are. */
function bar(count, most, className) {
  const node = make("span", { className: `bar ${className}` });
  for (const type of TYPES.filter(type => count[type])) {
    const part = make("i", { className: type });
    part.style.width = `${(100 * count[type]) / most}%`;
    node.append(part);
  }
  return node;
}

/** Mark the heading that the text stands at. */
function followText() {
  const top = $("text").getBoundingClientRect().top + 90;
  let at = 0;
  spots.forEach((spot, number) => { if (spot && spot.getBoundingClientRect().top <= top) at = number; });
  const entries = $("outline").querySelectorAll(".entry");
  $("outline").querySelector(".here")?.classList.remove("here");
  entries[at]?.classList.add("here");
  if (entries[at]) nearest($("outline"), entries[at]);
}

/** Scroll a box, and nothing around it, so far that a node in it is seen. */
function nearest(box, node) {
  const [outer, inner] = [box.getBoundingClientRect(), node.getBoundingClientRect()];
  if (inner.top < outer.top) box.scrollTop -= outer.top - inner.top + 40;
  else if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom + 40;
}

/** Bring a node of the text up: to the upper third, or so far down its box as is said. */
function bringUp(node, down = 0.3) {
  if (!node) return;
  const box = $("text");
  box.scrollTop += node.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight * down;
}

/** Bring up the line of the text that a place stands in. */
function showPlace(at) {
  const block = [...document.querySelectorAll("#text .body > *")].find(({ stretch: [, end] }) => at < end);
  showPane("text");
  bringUp(block);
  block?.classList.add("found");
}

/** Mark what the table shows, and leave the rest of the text plain. */
function dimText() {
  const shown = new Set(rows);
  const filtered = state.types.size || filtering();
  for (const node of new Set([...marks.values()].flat())) {
    node.classList.toggle("off", Boolean(filtered) && !node.rows.some(row => shown.has(row)));
  }
}
