"""How fast the gate judges: a thousand plans through all rules, on one core."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from statistics import median
from time import perf_counter

from strandloom.risk.gate import judge
from strandloom.risk.limits import load
from strandloom.risk.values import Account, Ask, Exposure, Market

PLANS = 1_000
ROUNDS = 7
HELD = 12


def run() -> dict[str, float]:
    """Milliseconds for a thousand plans; every plan meets an account of its own, so nothing is remembered."""
    limits, market = load(), _market()
    asks = [_ask(n) for n in range(PLANS)]
    took = []
    for _ in range(ROUNDS):
        accounts = [_account(n) for n in range(PLANS)]
        began = perf_counter()
        for ask, account in zip(asks, accounts, strict=True):
            judge(ask, account, market, limits)
        took.append((perf_counter() - began) * 1_000)
    return {"plans_1000_ms": round(median(took), 2)}


def _ask(n: int) -> Ask:
    return Ask(
        plan=f"plan {n}",
        idea=f"idea {n}",
        symbol="BTC",
        buys=n % 2 == 0,
        quantity=Decimal(1 + n % 50),
        price=Decimal(100),
        stop=Decimal(98 if n % 2 == 0 else 102),
        confidence=0.8,
        expected_net_bps=30.0,
        cost_bps=12.0,
    )


def _account(n: int) -> Account:
    held = Exposure(plan="", idea="", symbol="", signed_usd=Decimal(500), risk_usd=Decimal(10))
    exposures = tuple(replace(held, plan=f"p{i}", idea=f"i{i}", symbol=f"S{i}") for i in range(HELD))
    return Account(equity_usd=Decimal(100_000 + n), day_start_usd=Decimal(100_000), exposures=exposures)


def _market() -> Market:
    return Market(
        now=datetime(2025, 5, 20, 12, tzinfo=UTC),
        mid=Decimal(100),
        bar_age_s=0.0,
        quote_age_s=0.0,
        spread_bps=2.0,
        minute_volume_usd=1_000_000.0,
        sd_bps=5.0,
        sd_norm_bps=5.0,
        venue_healthy=True,
        lot=Decimal("0.001"),
        leverage_limit=20,
        correlation={f"S{i}": 0.6 for i in range(HELD)},
    )
