"""Rates, budget and pauses hold for all processes of a run together."""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from endpoint import Endpoint

import llmx
from llmx.models.allowance import Allowance, Leased, Served, serving

REPORT = Path(__file__).parent / "reports" / "qianjiang-2025.txt"
SPAWN = multiprocessing.get_context("spawn")


def begun(seconds: float) -> None:
    """Keep a process busy until the others have begun, and have imported this."""
    time.sleep(seconds)


def starts(reach: Served, rpm: int | None, tpm: int | None, tokens: int, until: float) -> list[float]:
    """When the calls of one process may start, one after another, up to a moment."""
    share, found = reach.lease(), list[float]()
    while (now := time.monotonic()) < until:
        wait = share.turn("m", tokens, rpm, tpm)
        if now + wait >= until:
            break
        found.append(time.monotonic() + wait)
        time.sleep(wait)
    share.give_back()
    return found


def busiest(moments: list[float], seconds: float) -> int:
    """The most calls that started within so many seconds of each other."""
    moments = sorted(moments)
    return max(sum(begin <= one < begin + seconds for one in moments) for begin in moments)


@pytest.mark.parametrize(("rpm", "tpm", "tokens"), [(6000, None, 1), (None, 600_000, 100)], ids=["calls", "tokens"])
def test_four_processes_keep_one_rate(rpm: int | None, tpm: int | None, tokens: int) -> None:
    with serving(Allowance()) as reach, ProcessPoolExecutor(4, mp_context=SPAWN) as pool:
        list(pool.map(begun, [1.0] * 4))
        until = time.monotonic() + 4
        work = [pool.submit(starts, reach, rpm, tpm, tokens, until) for _ in range(4)]
        moments = [moment for one in work for moment in one.result()]
    assert sum(bool(one.result()) for one in work) == 4, "one process had it all"
    assert len(moments) > 150, "the rate is not used"
    assert busiest(moments, 1.0) <= 101


def test_what_is_not_used_of_a_block_is_others() -> None:
    allowance = Allowance()
    one, other = Leased(allowance), Leased(allowance)
    assert one.turn("m", 1, 2400, None) == pytest.approx(0, abs=0.01)
    one.give_back()
    assert other.turn("m", 1, 2400, None) < 0.06, "the nine calls that one did not make were waited for"


def test_tokens_that_a_call_took_beyond_its_estimate_hold_up_the_next() -> None:
    now = [0.0]
    allowance = Allowance(lambda: now[0])
    assert allowance.turn("m", 100, None, 6000) == 0
    allowance.used("m", 200)
    assert allowance.turn("m", 100, None, 6000) == pytest.approx(3.0)


def test_a_pause_that_one_process_hears_of_holds_for_all() -> None:
    with serving(Allowance()) as reach:
        one, other = reach.lease(), reach.lease()
        assert other.closed("m") == 0
        one.pause("m", 30)
        time.sleep(0.3)
        assert 29 < other.closed("m") < 30
        assert other.closed("another") == 0


def spending(reach: Served, calls: int) -> float:
    """What one process spends of a budget of 1,000, a call at 3 each."""
    share, spent = reach.lease(), 0.0
    for _ in range(calls):
        if not share.set_aside(2.5, 1000):
            break
        share.settle(2.5, 3.0)
        spent += 3.0
    share.give_back()
    return spent


def test_four_processes_keep_one_budget() -> None:
    with serving(Allowance()) as reach, ProcessPoolExecutor(4, mp_context=SPAWN) as pool:
        spent = sum(one.result() for one in [pool.submit(spending, reach, 1000) for _ in range(4)])
        assert reach.lease().spent() == spent
    assert 990 <= spent <= 1000 + 4 * 0.5


def test_a_model_takes_its_budget_from_where_all_processes_do() -> None:
    allowance = Allowance()
    with serving(allowance) as reach, Endpoint() as endpoint:
        given = {"base_url": endpoint.url, "api_key": "k", "cache": None, "allowance": reach}
        assert not llmx.extract(REPORT, "m", budget="9000000 tokens", **given).failures
        spent, asked = allowance.spent(), endpoint.count
        result = llmx.extract(REPORT, "m", budget=f"{spent:.0f} tokens", **given)
    assert spent > 0
    assert endpoint.count == asked
    assert {one.error for one in result.failures} == {"BudgetError"}
