"""The labelling configuration of Label Studio: what is shown beside a passage, and what may be said of a stretch."""

from __future__ import annotations

from itertools import groupby
from xml.etree import ElementTree

from llmx.labels.label import CHOICES
from llmx.labels.regions import FIGURE

TEXT, TYPES = "text", "type"
"""What the text and the control of types are called."""

_COLOURS = {
    "target": "#1f6feb",
    "achievement": "#2da44e",
    "project": "#bf8700",
    "problem": "#cf222e",
    FIGURE: "#8c959f",
}
_MEASURED = "target,achievement"

_CONTROLS: list[tuple[str, str, str]] = [
    ("kind", _MEASURED, "Kind: has a figure, or is a recognition (an honour, a status won)"),
    ("indicator", f"{_MEASURED},problem", "Indicator: what is measured; of a recognition, the status won"),
    ("name", "project", "Name, as written"),
    ("stage", "project", "Stage"),
    ("status", "project", "Status: has happened, or is promised"),
    ("amount", "project", "Amount invested in this very project"),
    ("amount_unit", "project", "Unit of the amount"),
    ("domain", "problem", "Domain"),
    ("year", f"{_MEASURED},project", "Year; if blank, the section's"),
    ("value", f"{_MEASURED},problem", "Value; if blank, as code reads the figure, and so are the next"),
    ("value_max", f"{_MEASURED},problem", "Upper end of a range"),
    ("unit", f"{_MEASURED},problem", "Unit"),
    ("measure", _MEASURED, "Measure"),
    ("comparator", _MEASURED, "Comparator"),
    ("scope", _MEASURED, "Scope, only where the figure is another government's"),
]
"""A control for each field, the types that it is shown for, and its heading."""

CONTROLS = frozenset(name for name, _, _ in _CONTROLS)
"""The names of the controls: those of the fields."""


def config() -> str:
    """The configuration as XML: types to mark stretches with, and for the chosen stretch the fields of its type."""
    view = ElementTree.Element("View")
    ElementTree.SubElement(view, "Style").text = ".htx-text { white-space: pre-wrap; line-height: 1.9; }"
    types = ElementTree.SubElement(view, "Labels", name=TYPES, toName=TEXT)
    for type, colour in _COLOURS.items():
        ElementTree.SubElement(types, "Label", value=type, background=colour)
    relations = ElementTree.SubElement(view, "Relations")
    ElementTree.SubElement(relations, "Relation", value=FIGURE)
    ElementTree.SubElement(view, "Header", value="$heading", size="5")
    ElementTree.SubElement(view, "Text", name=TEXT, value=f"${TEXT}", saveTextResult="yes", granularity="symbol")
    for shown_for, controls in groupby(_CONTROLS, key=lambda control: control[1]):
        when = {"visibleWhen": "region-selected", "whenTagName": TYPES, "whenLabelValue": shown_for}
        box = ElementTree.SubElement(view, "View", when)
        for name, _, heading in controls:
            ElementTree.SubElement(box, "Header", value=heading, size="6")
            _control(box, name)
    ElementTree.indent(view)
    return ElementTree.tostring(view, encoding="unicode") + "\n"


def _control(box: ElementTree.Element, name: str) -> None:
    """The control of a field: choices, else a line of text.

    Numbers too: Label Studio's Number takes a cleared field for 0 and, given a step, refuses most decimals.
    """
    common = {"name": name, "toName": TEXT, "perRegion": "true"}
    if name in CHOICES:
        choices = ElementTree.SubElement(box, "Choices", {**common, "choice": "single", "showInline": "true"})
        for value in CHOICES[name]:
            ElementTree.SubElement(choices, "Choice", value=value)
    else:
        ElementTree.SubElement(box, "TextArea", {**common, "editable": "true", "maxSubmissions": "1", "rows": "1"})
