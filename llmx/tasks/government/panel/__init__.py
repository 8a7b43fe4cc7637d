"""Regions by years by indicators: a panel of what reports aim at and what they say was reached."""

from llmx.tasks.government.panel.building import panel

__all__ = ["panel"]
