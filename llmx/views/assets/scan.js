// The page of a scan that a record stands on, around its box; a click shows all of it.

function onScan(row) {
  const place = /^p\. (\d+), box (\d+) (\d+) (\d+) (\d+)$/.exec(row.get("location") || "");
  const page = place && row.report.pages?.[place[1]];
  if (!page) return null;
  const [left, top, right, bottom] = place.slice(2).map(Number);
  const margin = page.height / 40;
  const whole = `0 0 ${page.width} ${page.height}`;
  const width = Math.min(page.width, Math.max(right - left + 4 * margin, page.width * 0.6));
  const from = Math.min(Math.max(0, (left + right - width) / 2), page.width - width);
  const part = `${from} ${Math.max(0, top - margin)} ${width} ${bottom - top + 2 * margin}`;
  const svg = vector("svg", { viewBox: part, class: "scan", role: "img", tabindex: 0 },
    vector("image", { href: page.url, width: page.width, height: page.height }),
    vector("rect", { x: left, y: top, width: right - left, height: bottom - top, rx: margin / 8 }));
  const turn = () => svg.setAttribute("viewBox", svg.getAttribute("viewBox") === whole ? part : whole);
  svg.addEventListener("click", turn);
  svg.addEventListener("keydown", event => { if (event.key === "Enter") turn(); });
  const sure = row.get("confidence");
  return make("figure", { className: "scan" }, svg,
    make("figcaption", {}, row.get("location"), sure === null ? "" : ` · ${word("confidence")} ${sure}`));
}

function vector(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
