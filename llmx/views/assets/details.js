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
      make("span", { className: "tag" }, make("i", { className: row.type }), say(row.type)),
      same.length > 1 ? make("span", { className: "same" }, say("same_place", same.indexOf(row) + 1, same.length)) : null,
      make("button", { className: "icon", title: say("close"), ariaLabel: say("close"), onclick: () => select(null) }, "×")),
    make("h3", {}, row.name.replace(/\s+/g, " "), row.shown && !LOOSE.includes(row.type) ? make("strong", {}, row.shown) : null),
    quotation(row),
    make("dl", {}, ...facts(row).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)])),
    make("div", { className: "acts" },
      make("button", { className: "quiet", onclick: event => copy(citation(row), event.target) }, say("copy")),
      make("button", { className: "quiet", onclick: event => copy(location.href, event.target) }, say("link"))));
  box.scrollTop = 0;
}

/** The quote, its figure set off. */
function quotation(row) {
  const quote = LOOSE.includes(row.type) ? row.get("quote") : row.quote;
  const at = row.get("figure_start") === null ? -1 : quote.indexOf(row.figure, LOOSE.includes(row.type) ? 0 : row.report.unit(row.get("figure_start")) - row.report.unit(row.get("start") ?? 0));
  if (at < 0) return make("blockquote", {}, quote);
  return make("blockquote", {}, quote.slice(0, at), make("b", {}, row.figure), quote.slice(at + row.figure.length));
}

const NAMED = ["measure", "kind", "stage", "status", "domain", "grounding"];

/** Names and values of the fields that apply. */
function facts(row) {
  const found = [];
  const add = (name, value) => value !== null && value !== undefined && value !== "" && found.push([say(name), String(value)]);
  if (LOOSE.includes(row.type)) add("reason", sayReason(row.get("reason")));
  add("year", row.get("year"));
  for (const name of NAMED) if (row.get(name) !== "quantified") add(name, row.get(name) && say(row.get(name)));
  if (row.get("base_unit") && row.get("base_unit") !== row.get("unit")) add("base", row.get("base_value")?.toLocaleString(language) + " " + row.get("base_unit"));
  add("modifier", row.get("modifier"));
  add("scope", row.get("scope"));
  if (row.get("amount") !== null) add("amount", row.get("amount") + (row.get("amount_unit") || ""));
  add("section", row.path.join(" › "));
  if (state.scope === "all") add("report", row.report.info.title);
  if (row.get("start") !== null) add("offsets", `${row.get("start")}–${row.get("end")}`);
  add("model", row.get("model"));
  add("id", row.get("id"));
  return found;
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
