"""What calls cost, and a budget that is checked before each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from llmx.calls import Cost, Usage
from llmx.errors import BudgetError, UsageError
from llmx.models.allowance import Allowance, Share
from llmx.models.openai.endpoints import Endpoint

_PRICED = {"kimi": "moonshotai", "glm": "zhipuai"}
"""genai-prices' own names of providers, where they are not ours."""

_BUDGET = re.compile(r"(?P<amount>\d+(?:\.\d+)?)\s*(?P<unit>[A-Za-z]*)")


def cost_of(endpoint: Endpoint, usage: Usage) -> Cost | None:
    """What a call cost; None where its tokens or the model's price are not known.

    Prices of a user's own table come first. genai-prices is asked only for a provider's own address: the same name
    at another address may cost anything.
    """
    if usage.prompt is None or usage.completion is None:
        return None
    if table := endpoint.price:
        cached = usage.cached or 0
        fresh = (usage.prompt - cached) * table.prompt
        known = cached * (table.prompt if table.cached is None else table.cached)
        amount = (fresh + known + usage.completion * table.completion) / 1e6
        return Cost(amount=amount * endpoint.share, currency=table.currency)
    if not endpoint.is_own_address:
        return None
    listed = _listed(endpoint.provider, endpoint.model, usage.prompt, usage.completion, usage.cached or 0)
    return None if listed is None else Cost(amount=listed * endpoint.share, currency="USD")


@lru_cache(maxsize=1024)
def _listed(provider: str, model: str, prompt: int, completion: int, cached: int) -> float | None:
    """The price of genai-prices' table; None where it has none."""
    import genai_prices

    usage = genai_prices.Usage(input_tokens=prompt, output_tokens=completion, cache_read_tokens=cached)
    known = _PRICED.get(provider, provider)
    try:
        return float(genai_prices.calc_price(usage, model_ref=model, provider_id=known).total_price)
    except (LookupError, ValueError):
        return None


@dataclass
class Budget:
    """What a run may spend, in one unit; calls under way count with their estimate."""

    most: float | None = None
    unit: str = "tokens"
    """tokens, or an ISO 4217 code."""
    share: Share = field(default_factory=Allowance)
    """The account that it is spent from."""

    @classmethod
    def parse(cls, text: str | None, endpoint: Endpoint, share: Share | None = None) -> Budget:
        """The budget that a user wrote: 5, 5USD, 20CNY, 200000tokens; spent from an account, its own unless given.

        Raises:
            UsageError: it is no amount, or the model's price is unknown or in another currency.
        """
        share = share or Allowance()
        if text is None:
            return cls(share=share)
        match = _BUDGET.fullmatch(text.strip())
        if not match:
            raise UsageError(f"no budget: {text!r}; write for instance 5USD or 200000tokens")
        amount, unit = float(match["amount"]), match["unit"].lower()
        if unit in ("token", "tokens"):
            return cls(amount, share=share)
        price = cost_of(endpoint, Usage(prompt=1, completion=1))
        if price is None:
            raise UsageError(
                f"the price of {endpoint.name} is not known, so {text!r} cannot be kept; give the budget in tokens, or "
                f'its price in llmx.toml: [prices."{endpoint.model}"] prompt = …, completion = …, currency = "CNY"'
            )
        if unit and unit.upper() != price.currency:
            raise UsageError(f"{endpoint.name} is priced in {price.currency}, the budget in {unit.upper()}; convert it")
        return cls(amount, price.currency, share)

    def book(self, endpoint: Endpoint, usage: Usage) -> float:
        """Set aside what a call is estimated to cost.

        Raises:
            BudgetError: the budget does not cover it.
        """
        if self.most is None:
            return 0.0
        amount = self._amount(endpoint, usage) * self.share.factor()
        if not self.share.set_aside(amount, self.most):
            raise BudgetError(
                f"the budget of {self._shown(self.most)} does not cover a call of about {self._shown(amount)}; "
                f"{self._shown(self.share.spent())} are spent: raise --budget and run the same command again"
            )
        return amount

    def resume(self, endpoint: Endpoint, paid: Usage, under_way: Usage) -> None:
        """Count what an earlier process has spent, and set aside what is under way from it."""
        if self.most is not None:
            self.share.settle(-self._amount(endpoint, under_way), self._amount(endpoint, paid))

    def settle(self, booked: float, endpoint: Endpoint, estimate: Usage, usage: Usage | None) -> None:
        """Replace what was set aside by what a call did cost; without a report of its usage, the estimate stays."""
        if self.most is None:
            return
        if usage is None or usage.prompt is None or usage.completion is None:
            self.share.settle(booked, booked)
            return
        amount = self._amount(endpoint, usage)
        self.share.settle(booked, amount)
        self.share.learn(amount / (self._amount(endpoint, estimate) or amount or 1.0))

    def settle_estimate(self, endpoint: Endpoint, estimate: Usage, usage: Usage | None) -> None:
        """As `settle`, of a call whose booking is not at hand."""
        self.settle(self._amount(endpoint, estimate), endpoint, estimate, usage)

    def _shown(self, amount: float) -> str:
        return f"{amount:,.0f} tokens" if self.unit == "tokens" else f"{amount:.4f} {self.unit}"

    def _amount(self, endpoint: Endpoint, usage: Usage) -> float:
        if self.unit == "tokens":
            return float((usage.prompt or 0) + (usage.completion or 0))
        cost = cost_of(endpoint, usage)
        return cost.amount if cost else 0.0
