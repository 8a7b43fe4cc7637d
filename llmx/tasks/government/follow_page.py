"""What was followed as one page: filters by place, outcome and kind, a search, and the words of both reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from llmx.tasks.government.follow_rows import OUTCOMES, Followed
from llmx.tasks.government.follow_sheets import goal, got, remark

GENERATOR = '<meta name="generator" content="llmx follow">'
"""What marks a page of ours."""
_KINDS = {"quantified": "数量指标", "recognition": "称号", "project": "项目"}
_HEADS = (
    "地区",
    "年份",
    "目标任务",
    "目标值",
    "完成值",
    "完成率",
    "完成情况",
    "报告原文（目标）",
    "报告原文（结果）",
    "备注",
)
_STYLE = """
body{font:15px/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;margin:1.5rem;color:#1d2733;background:#fff}
form{display:flex;flex-wrap:wrap;gap:.75rem;margin:1rem 0;position:sticky;top:0;background:inherit;padding:.5rem 0}
label{display:flex;gap:.35rem;align-items:center}select,input{font:inherit;padding:.2rem .4rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #d9dfe6;padding:.35rem .5rem;text-align:left;vertical-align:top}
th,td:nth-child(-n+2){white-space:nowrap}td:nth-child(3){min-width:9rem}small{display:block}
.counts{display:flex;flex-wrap:wrap;gap:.5rem;padding:0;margin:0;list-style:none}.counts button{font:inherit;color:inherit;background:none;border:1px solid #d9dfe6;border-radius:.4rem;padding:.25rem .75rem;cursor:pointer}
.counts b{display:block;font-size:1.4rem}.counts button[aria-pressed=true]{border-color:currentColor;box-shadow:0 0 0 1px currentColor}
td:nth-child(4),td:nth-child(5),td:nth-child(6){white-space:nowrap;text-align:right}
td:nth-child(8),td:nth-child(9){min-width:14rem}td:nth-child(10){min-width:9rem}tr[hidden]{display:none}
.met,.exceeded{color:#116633}.missed{color:#a11a1a;font-weight:600}.not_comparable,.doubtful{color:#7a5200}.not_mentioned{color:#5a6673}
small{color:#5a6673}@media(prefers-color-scheme:dark){body{color:#e4e9ee;background:#161b21}th,td,.counts button{border-color:#333c46}
.met,.exceeded{color:#6fd08c}.missed{color:#ff8f8f}.not_comparable,.doubtful{color:#e5b85c}.not_mentioned,small{color:#9aa6b2}}
@media print{form{display:none}}
"""
_SCRIPT = """
const form=document.querySelector('form'),rows=[...document.querySelectorAll('tbody tr')],count=document.querySelector('output'),
chips=[...document.querySelectorAll('.counts button')];
function show(){const d=new FormData(form),words=d.get('words').trim().toLowerCase(),of={};let n=0;
for(const r of rows){const own=['place','kind'].every(k=>!d.get(k)||r.dataset[k]===d.get(k))&&(!words||r.textContent.toLowerCase().includes(words)),
o=r.dataset.outcome,ok=own&&(!d.get('outcome')||o===d.get('outcome'));if(own)of[o]=(of[o]||0)+1;
if(r.hidden===ok)r.hidden=!ok;n+=ok}count.textContent=n+' / '+rows.length;
for(const c of chips){c.firstElementChild.textContent=of[c.value]||0;c.setAttribute('aria-pressed',d.get('outcome')===c.value)}}
for(const c of chips)c.addEventListener('click',()=>{const s=form.elements.outcome;s.value=s.value===c.value?'':c.value;show()});
form.addEventListener('input',show);form.addEventListener('submit',e=>e.preventDefault());show();
"""


def write_page(rows: Iterable[Followed], path: Path) -> None:
    """Write one HTML file that asks nothing of any network.

    Raises:
        OSError: the file cannot be written.
    """
    listed = list(rows)
    places = {row.region or row.report: row.region or row.report for row in listed}
    kinds = {kind: said for kind, said in _KINDS.items() if any(row.kind == kind for row in listed)}
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">{GENERATOR}')
        file.write('<meta name="viewport" content="width=device-width,initial-scale=1"><title>目标任务落实情况</title>')
        file.write(f"<style>{_STYLE}</style></head><body><h1>目标任务落实情况</h1>{_counts(listed)}<form>")
        file.write(
            _choice("place", "地区", places) + _choice("outcome", "完成情况", OUTCOMES) + _choice("kind", "类别", kinds)
        )
        file.write(
            '<label>检索<input type="search" name="words"></label><output></output></form><div class="wide"><table>'
        )
        file.write("<thead><tr>" + "".join(f"<th>{head}</th>" for head in _HEADS) + "</tr></thead><tbody>\n")
        file.writelines(map(_row, listed))
        file.write(f"</tbody></table></div><script>{_SCRIPT}</script></body></html>\n")


def _counts(rows: Sequence[Followed]) -> str:
    """How many promises have each outcome; each is a button that shows these alone."""
    counts: Counter[str] = Counter(row.outcome for row in rows)
    chips = "".join(
        f'<li><button type="button" value="{name}" class="{name}"><b>{counts[name]}</b>{said}</button></li>'
        for name, said in OUTCOMES.items()
    )
    return f'<ul class="counts">{chips}</ul>'


def _choice(name: str, label: str, values: dict[str, str]) -> str:
    options = "".join(f'<option value="{escape(value)}">{escape(said)}</option>' for value, said in values.items())
    return f'<label>{label}<select name="{name}"><option value="">全部</option>{options}</select></label>'


def _row(row: Followed) -> str:
    completion = "" if row.completion is None else f"{row.completion:.1%}"
    place = escape(row.region or row.report)
    cells = [
        place,
        row.year or "",
        escape(row.indicator),
        escape(goal(row)),
        escape(got(row)),
        completion,
        f'<span class="{row.outcome}">{OUTCOMES[row.outcome]}</span>',
        _words(row.quote, row.report, row.start, row.end),
        _words(row.result_quote, row.later_report, row.result_start, row.result_end),
        escape(remark(row)),
    ]
    body = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr data-place="{place}" data-outcome="{row.outcome}" data-kind="{row.kind}">{body}</tr>\n'


def _words(quote: str | None, report: str, start: int | None, end: int | None) -> str:
    """Words with where they stand."""
    if quote is None:
        return ""
    where = f" <small>{escape(report)} {start}–{end}</small>" if start is not None else ""
    return escape(quote) + where
