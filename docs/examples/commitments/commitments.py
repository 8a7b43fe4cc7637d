"""Commitments of a policy paper: `llmx extract paper.txt --task commitments:COMMITMENTS --model PROVIDER/MODEL`."""

from typing import Literal

from llmx import Chosen, Example, Figured, Quoted, Record, Said, Task, Year, figured


class Commitment(Record):
    """Something that the paper commits somebody to do, to reach or to leave alone."""

    actor: Quoted | None = None
    """Who is to act, with the article, We included; for It the name that it stands for; null in passives, for outcomes,
    and where a bill, fund or allowance is the subject"""
    action: Said
    """The verb with its object and its figure, without actor, will or aims to, deadline and condition; of passives and
    outcomes the whole clause"""
    amount: Figured | None = figured(None)
    """What is promised in numbers; no threshold, age or distance that only draws a line, nothing that tells of today"""
    due: Year | None = None
    """The year by which, in which or from which it is to be; of a span the last"""
    strength: Chosen[Literal["firm", "intended", "conditional"]]
    """firm: will, shall, must, is to, is committed to, has agreed to; intended: aims, intends, plans, expects; conditional:
    if, where, should, subject to, may, consider, whatever else is said"""


INSTRUCTIONS = """
Extract every commitment of the paper, one record a promise: a sentence with several verbs of promise, or with several
promised figures, has one record for each. Promises without a figure count too. An item of a list takes the actor,
deadline and condition of its lead-in; its quote is the item alone.

No commitments: what was done or is so today, forecasts, what others ask, advise or should do, sentences that only lead
in, the sums of the paper as a whole, proposals that are turned down.
"""

EXAMPLES = [
    Example(
        "Housing waits in Lorne have doubled. The City Council will build 900 flats by 2028 and aims to halve waiting "
        "times. If funds allow, it will plant 2,000 trees a year. Fares will be cut by 10 per cent in 2027. Bus "
        "companies should buy electric buses.",
        [
            {
                "quote": "The City Council will build 900 flats by 2028",
                "actor": "The City Council",
                "action": "build 900 flats",
                "amount": "900 flats",
                "due": 2028,
                "strength": "firm",
            },
            {
                "quote": "The City Council will build 900 flats by 2028 and aims to halve waiting times",
                "actor": "The City Council",
                "action": "halve waiting times",
                "strength": "intended",
            },
            {
                "quote": "If funds allow, it will plant 2,000 trees a year",
                "actor": "The City Council",
                "action": "plant 2,000 trees a year",
                "amount": "2,000 trees",
                "strength": "conditional",
            },
            {
                "quote": "Fares will be cut by 10 per cent in 2027",
                "action": "Fares will be cut by 10 per cent",
                "amount": "10 per cent",
                "due": 2027,
                "strength": "firm",
            },
        ],
    )
]

COMMITMENTS = Task("commitments", [Commitment], INSTRUCTIONS, EXAMPLES)
