"""What a report says of itself: place, level, kind, year, meeting and date, each with its words."""

from llmx.facts.divisions import Division, Level, find_divisions
from llmx.facts.facts import Evidence, ReportFacts, report_facts

__all__ = ["Division", "Evidence", "Level", "ReportFacts", "find_divisions", "report_facts"]
