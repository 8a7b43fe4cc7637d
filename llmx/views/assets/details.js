// All that is known of the row selected.

function drawDetails() {
  const box = $("details"), row = state.row;
  box.hidden = !row;
  document.body.classList.toggle("detailed", Boolean(row));
  if (!row) return box.replaceChildren();
  const same = marks.get(row)?.[0]?.rows || [row];
  box.className = row.type;
  box.replaceChildren(
    make("div", { className: "top" },
      make("span", { className: "tag" }, make("i", { className: row.type }), typeWord(row.type)),
      same.length > 1 ? make("span", { className: "same" }, say("same_place", same.indexOf(row) + 1, same.length)) : null,
      make("button", { className: "icon", title: say("close"), ariaLabel: say("close"), onclick: () => select(null) }, "×")),
    make("h3", {}, row.name.replace(/\s+/g, " "), row.shown && !LOOSE.includes(row.type) ? make("strong", {}, row.shown) : null),
    quotation(row),
    onScan(row),
    make("dl", {}, ...facts(row).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)])),
    make("div", { className: "acts" },
      make("button", { className: "quiet", onclick: event => copy(citation(row), event.target) }, say("copy")),
      make("button", { className: "quiet", onclick: event => copy(location.href, event.target) }, say("link"))));
  box.scrollTop = 0;
}

/** The quote, its figure set off. */
function quotation(row) {
  const quote = row.loose ? row.get("quote") : row.quote;
  const [figure] = row.figures;
  if (!figure) return make("blockquote", {}, quote);
  const words = row.report.cut(figure.start, figure.end) || row.get(row.amount?.text) || "";
  const at = words ? quote.indexOf(words, row.loose ? 0 : Math.max(0, row.report.unit(figure.start) - row.report.unit(row.get("start") ?? 0))) : -1;
  if (at < 0) return make("blockquote", {}, quote);
  return make("blockquote", {}, quote.slice(0, at), make("b", {}, words), quote.slice(at + words.length));
}

/** Names and values of the fields that apply. */
function facts(row) {
  const found = [];
  const add = (name, value) => value !== null && value !== undefined && value !== "" && found.push([name, String(value)]);
  if (row.loose) add(say("reason"), sayReason(row.get(REASON)));
  else for (const [form, name] of row.shows.details) add(form === "base" ? say("base") : word(name), FORMS[form](row, name));
  const listed = row.shows.details.some(([, name]) => name === "grounding");
  if (!row.loose && !listed) for (const name of ["grounding", "place"]) add(word(name), row.get(name) && choiceWord(row.get(name)));
  add(say("section"), row.path.join(" › "));
  if (state.scope === "all") add(say("report"), row.report.info.title);
  if (row.get("start") !== null) add(say("offsets"), `${row.get("start")}–${row.get("end")}`);
  add(word("model"), row.get("model"));
  add(word("id"), row.get("id"));
  return found;
}

/** How a value is written, by its form. */
const FORMS = {
  text: (row, name) => row.get(name),
  choice: (row, name) => row.get(name) && !row.shows.usual.includes(row.get(name)) ? choiceWord(row.get(name)) : null,
  flag: (row, name) => row.get(name) === null ? null : say(row.get(name) ? "yes" : "no"),
  list: (row, name) => (row.get(name) || []).map(item => itemWords(item)).join(" · "),
  figure: (row, name) => {
    const amount = row.shows.amounts.find(one => one.name === name);
    const measure = row.get(amount.measure);
    const asides = [inBase(row, amount), measure && measure !== "level" ? choiceWord(measure) : null].filter(Boolean);
    return row.said(amount) + (asides.length ? ` (${asides.join(" · ")})` : "");
  },
  base: (row, name) => inBase(row, row.shows.amounts.find(one => one.name === name)),
};

/** A number in its base unit, where that is another than the text's. */
function inBase(row, amount) {
  const unit = row.get(amount.base_unit);
  return unit && unit !== row.get(amount.unit) ? `${row.get(amount.base_value)?.toLocaleString(language)} ${unit}` : null;
}

/** An item of a list: words as they are, of what has parts their words. */
function itemWords(item) {
  if (item === null || typeof item !== "object") return told(item) ?? String(item);
  return item.text ?? Object.entries(item).map(([name, value]) => `${word(name)}: ${itemWords(value)}`).join(", ");
}

/** The quote with where it stands, for an article or a file note. */
function citation(row) {
  return say("cite", row.quote.replace(/\s+/g, " "), `《${row.report.info.title}》`, row.path.at(-1) || "");
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // a page from a file may not be let to the clipboard
    const field = make("textarea", { value: text });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  const words = button.textContent;
  button.textContent = say("copied");
  setTimeout(() => { button.textContent = words; }, 1200);
}
