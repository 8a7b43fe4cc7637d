// The rows shown as a csv file that spreadsheets open as it is.

const CSV_FIELDS = [RUN.fields[0], "report", ...RUN.fields.slice(1)];
// What a spreadsheet runs as a formula; the same rule as in the csv files of a run.
const FORMULA = /^'*(?:[=+\-@＝＋－＠].|[\t\r\n])/s;

function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return csvCell(value.map(item => (typeof item === "string" ? item : JSON.stringify(item))).join(" / "));
  return `"${(FORMULA.test(value) ? "'" : "") + value.replaceAll('"', '""')}"`;
}

function csv() {
  const heads = [...CSV_FIELDS, ...(rows.some(row => LOOSE.includes(row.type)) ? [REASON] : [])];
  const known = { report: row => row.report.info.id, quote: row => row.quote, section: row => row.path.join(" / ") };
  const lines = rows.map(row => heads.map(head => csvCell(Object.hasOwn(known, head) ? known[head](row) : row.get(head))).join(","));
  return "\ufeff" + [heads.map(csvCell).join(","), ...lines].join("\r\n") + "\r\n";
}

function download() {
  const name = state.scope === "all" ? RUN.name : RUN.reports[state.scope]?.id || RUN.name;
  const url = URL.createObjectURL(new Blob([csv()], { type: "text/csv;charset=utf-8" }));
  make("a", { href: url, download: `${name}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
