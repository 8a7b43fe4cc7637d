"""What it costs a report to turn from one state to another, and where in the text."""

from __future__ import annotations

from llmx.tasks.government.structure.evidence import CLOSING, FRONT, GLOSSARY, OUTLOOK, PLAN, PROBLEMS, REVIEW

TURNS: dict[tuple[int, int], float] = {
    (FRONT, REVIEW): 0.0,  # what every report does
    (FRONT, PLAN): 2.0,
    (FRONT, OUTLOOK): 3.0,
    (FRONT, PROBLEMS): 6.0,
    (REVIEW, PROBLEMS): 0.5,
    (REVIEW, PLAN): 1.0,
    (REVIEW, OUTLOOK): 1.0,
    (REVIEW, CLOSING): 6.0,
    (REVIEW, GLOSSARY): 3.0,  # bulletins end with notes
    (REVIEW, FRONT): 9.0,
    (PROBLEMS, PLAN): 0.5,  # and after the problems comes the plan
    (PROBLEMS, OUTLOOK): 0.5,
    (PROBLEMS, REVIEW): 3.0,
    (OUTLOOK, PLAN): 0.5,
    (OUTLOOK, CLOSING): 3.0,
    (OUTLOOK, REVIEW): 0.5,  # an outlook may begin with what the last five years brought
    (OUTLOOK, PROBLEMS): 6.0,
    (PLAN, OUTLOOK): 3.0,
    (PLAN, CLOSING): 0.5,
    (PLAN, GLOSSARY): 1.0,
    (PLAN, PROBLEMS): 6.0,
    (PLAN, REVIEW): 7.0,  # hardly ever: a plan speaks of what was reached in passing
    (PLAN, FRONT): 6.0,
    (CLOSING, GLOSSARY): 0.0,
    (CLOSING, PLAN): 2.0,  # an annex: 2025年民生实事
    (CLOSING, FRONT): 1.0,  # a text that is there twice
    (CLOSING, REVIEW): 7.0,
    (GLOSSARY, PLAN): 2.0,
    (GLOSSARY, FRONT): 1.0,
    (GLOSSARY, REVIEW): 9.0,
}
FIRST = (0.0, 1.0, 4.0, 3.0, 2.0, 9.0, 9.0)
"""What it costs a text to begin in each state."""
CLASSES = (0, 1, 2, 3, 3, 3, 4)
"""States that differ in tense, or in what figures in them are: outlook, plan and closing are all to come."""

AT_HEADING, AT_LINE, INSIDE = 0.0, 1.0, 4.0
"""What a turn costs at an upper heading, at the beginning of a line and in the middle of one."""
UNANNOUNCED = 4.0
"""What a turn to problems, outlook or plan costs more where no heading and no sentence announces it."""
UNMARKED_GLOSSARY = 4.0
"""What a turn to notes on words costs more where no heading says so."""
