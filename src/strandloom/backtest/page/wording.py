"""Figures as people read them: a percent sign, a unit, as many digits as mean something."""

from datetime import datetime
from decimal import Decimal
from typing import Any

_SHARES = (
    "total_return",
    "annualised_return",
    "annual_volatility",
    "max_drawdown",
    "win_rate",
    "exposure",
    "mean_gross_of_equity",
    "ambiguous_fills",
    "total_return_90",
    "max_drawdown_90",
    "deflated_sharpe",
)
_SIGNED = ("total_return", "annualised_return", "total_return_90")
_UNITS = {"_usd": "USD", "_hours": "hours", "_bps": "bps"}
_NOT_KNOWN = {
    "trading_ended_at": "no limit latched",
    "annualised_return": "needs four weeks",
    "calmar": "needs four weeks",
    "lift_bps": "too few chains",
    "ended": "–",
}


def title(name: str) -> str:
    """The name of a figure, with its unit where the name ends in one."""
    for person in ("sharpe", "sortino", "calmar"):
        name = name.replace(person, person.capitalize())
    for ending, unit in _UNITS.items():
        if name.endswith(ending):
            return f"{name.removesuffix(ending).replace('_', ' ')}, {unit}"
    if name.endswith("_90"):
        return f"{name.removesuffix('_90').replace('_', ' ')}, 90 % between"
    return name.replace("_", " ")


def shown(name: str, value: Any) -> str:
    """The value of a figure."""
    if value is None:
        return _NOT_KNOWN.get(name, "not known")
    if isinstance(value, tuple | list):
        return " and ".join(shown(name, part) for part in value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if name in ("p", "best_p"):
        return f"{value:.2g}"
    if name in _SHARES:
        return percent(value, signed=name in _SIGNED)
    if name.endswith("_bps") or name.endswith("_hours"):
        return f"{float(value):,.1f}"
    if isinstance(value, float | Decimal):
        return f"{zeroless(float(value), 2):,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def percent(share: float, *, signed: bool = False) -> str:
    """Two decimals, and as many more as a small one needs to be seen at all, up to four."""
    value, sign = 100 * share, "+" if signed else ""
    digits = 2 if abs(value) >= 0.01 or not round(value, 4) else 4
    return f"{zeroless(value, digits):{sign},.{digits}f} %"


def zeroless(value: float, digits: int) -> float:
    """The same, but never a zero with a minus sign."""
    return value if round(value, digits) else 0.0
