"""The labelling configuration of Label Studio: what is shown beside a passage, and what may be said of a stretch."""

from __future__ import annotations

from itertools import groupby
from xml.etree import ElementTree

from llmx.task import Labelling

TEXT, TYPES = "text", "type"
"""What the text and the control of types are called."""


def control(column: str) -> str:
    """What the control of a column is called."""
    return f"{column}_" if column.rstrip("_") == TEXT else column


def field(control: str) -> str:
    """The column that a control is of."""
    return control[:-1] if control.rstrip("_") == TEXT else control


def config(labelling: Labelling) -> str:
    """The configuration as XML: types to mark stretches with, and for the chosen stretch the fields of its type."""
    view = ElementTree.Element("View")
    ElementTree.SubElement(view, "Style").text = ".htx-text { white-space: pre-wrap; line-height: 1.9; }"
    types = ElementTree.SubElement(view, "Labels", name=TYPES, toName=TEXT)
    for type, colour in labelling.spans.items():
        ElementTree.SubElement(types, "Label", {"value": type, "background": colour, **_hint(type, labelling)})
    relations = ElementTree.SubElement(view, "Relations")
    for name in labelling.anchors:
        ElementTree.SubElement(relations, "Relation", value=name)
    ElementTree.SubElement(view, "Header", value="$heading", size="5")
    ElementTree.SubElement(view, "Text", name=TEXT, value=f"${TEXT}", saveTextResult="yes", granularity="symbol")
    for shown_for, controls in groupby(labelling.controls, key=lambda control: control[1]):
        when = {"visibleWhen": "region-selected", "whenTagName": TYPES, "whenLabelValue": shown_for}
        box = ElementTree.SubElement(view, "View", when)
        for name, _, heading in controls:
            ElementTree.SubElement(box, "Header", value=heading, size="6")
            _control(box, name, labelling)
    ElementTree.indent(view)
    return ElementTree.tostring(view, encoding="unicode") + "\n"


def _hint(name: str, labelling: Labelling) -> dict[str, str]:
    """The task's word for a type or value, shown when the mouse is over it: results keep the name itself."""
    word = labelling.task.words.get(name)
    return {"hint": word} if isinstance(word, str) else {}


def _control(box: ElementTree.Element, name: str, labelling: Labelling) -> None:
    """The control of a field: choices, else a line of text.

    Numbers too: Label Studio's Number takes a cleared field for 0 and, given a step, refuses most decimals.
    """
    common = {"name": control(name), "toName": TEXT, "perRegion": "true"}
    if offered := labelling.columns[name].offered:
        choices = ElementTree.SubElement(box, "Choices", {**common, "choice": "single", "showInline": "true"})
        for value in offered:
            ElementTree.SubElement(choices, "Choice", {"value": value, **_hint(value, labelling)})
    else:
        ElementTree.SubElement(box, "TextArea", {**common, "editable": "true", "maxSubmissions": "1", "rows": "1"})
