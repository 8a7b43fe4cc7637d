"""A run as one page for the browser."""

from llmx.views.view import View, view

__all__ = ["View", "view"]
