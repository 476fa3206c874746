"""What a model costs: a dated table that ships with us, or what a person set; unknown means: do not call."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("prices.toml")
_PER = Decimal(1_000_000)
_STEP = Decimal("0.00000001")
_FRAME_TOKENS = 64  # what a chat format puts around the messages, generously


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Dollars per million tokens."""

    input_usd: Decimal
    output_usd: Decimal

    def cost_usd(self, tokens_in: int, tokens_out: int) -> Decimal:
        """Of a call that used so many; cached tokens count in full, so that it is never too little."""
        exact = (self.input_usd * tokens_in + self.output_usd * tokens_out) / _PER
        return exact.quantize(_STEP, ROUND_UP)


def price(host: str, model: str, day: date) -> Price | None:
    """The newest price known on that day; the same model may cost something else at another host."""
    rows = [row for row in _table() if row["host"] == host and row["model"] == model and row["since"] <= day]
    newest = max(rows, key=lambda row: row["since"], default=None)
    if newest is None:
        return None
    return Price(input_usd=Decimal(newest["input_usd"]), output_usd=Decimal(newest["output_usd"]))


def most_tokens(messages: tuple[Mapping[str, str], ...]) -> int:
    """No tokenizer makes more tokens of a text than it has bytes."""
    return _FRAME_TOKENS * (len(messages) + 1) + sum(len(m["content"].encode()) for m in messages)


@cache
def _table() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads(TABLE.read_text(encoding="utf-8"))["price"])
