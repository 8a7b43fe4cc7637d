"""What a report says of itself: place, level, kind, year, meeting and date, each with its words."""

from llmx.tasks.government.facts.divisions import Division, Level, find_divisions
from llmx.tasks.government.facts.lineage import Continued, continued
from llmx.tasks.government.facts.report import ReportFacts, report_facts

__all__ = ["Continued", "Division", "Level", "ReportFacts", "continued", "find_divisions", "report_facts"]
