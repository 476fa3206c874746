"""The limits of the gate: shipped, commented, validated; a user's file may change any of them."""

import tomllib
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from strandloom.basics.errors import BadInput

SHIPPED = Path(__file__).with_name("limits.toml")

Percent = Annotated[Decimal, Field(gt=0, le=1_000)]
Positive = Annotated[float, Field(gt=0)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Trade(_Part):
    """Limits of one trade."""

    risk_percent: Percent
    position_percent: Percent
    reward_to_cost: Positive
    confidence: Annotated[float, Field(ge=0.5, le=1)]
    price_band_percent: Percent
    funding_bps: Positive


class AccountLimits(_Part):
    """Limits of all trades together."""

    gross_percent: Percent
    net_percent: Percent
    leverage: Annotated[Decimal, Field(gt=0, le=50)]
    correlated_percent: Percent
    concentration_percent: Annotated[Decimal, Field(gt=0, le=100)]
    concentration_from_percent: Percent
    open_orders: Annotated[int, Field(gt=0, le=1_000)]
    risk_budget_percent: Percent


class Losses(_Part):
    """When losing ends trading."""

    daily_percent: Annotated[Decimal, Field(gt=0, le=100)]
    drawdown_percent: Annotated[Decimal, Field(gt=0, le=100)]
    streak: Annotated[int, Field(gt=0)]
    cooldown_minutes: Annotated[int, Field(ge=0)]


class MarketLimits(_Part):
    """What a market must be like to enter it."""

    volatility_times: Positive
    spread_bps: Positive
    volume_share_percent: Percent
    bar_age_s: Positive
    quote_age_s: Positive


class Blackout(_Part):
    """A daily window in UTC during which nothing is entered; it may cross midnight."""

    start: time
    end: time

    def covers(self, at: time) -> bool:
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    @staticmethod
    def parse(text: str) -> "Blackout":
        start, _, end = text.partition("-")
        return Blackout(start=time.fromisoformat(start.strip()), end=time.fromisoformat(end.strip()))


class Pace(_Part):
    """How often plans may pass."""

    plans_per_hour: Annotated[int, Field(gt=0)]
    blackouts: tuple[Blackout, ...]


class Probes(_Part):
    """Small trades that only look."""

    enabled: Literal["never", "paper", "always"]
    risk_percent: Percent
    budget_percent: Percent
    per_hour: Annotated[int, Field(gt=0)]


class Probation(_Part):
    """What a losing symbol loses."""

    half_size_below: Annotated[Decimal, Field(lt=0)]
    quarter_size_below: Annotated[Decimal, Field(lt=0)]
    no_entry_below: Annotated[Decimal, Field(lt=0)]
    hibernation_days: Annotated[int, Field(gt=0)]


class Limits(_Part):
    """All limits in force."""

    trade: Trade
    account: AccountLimits
    losses: Losses
    market: MarketLimits
    pace: Pace
    probes: Probes
    probation: Probation


def load(path: Path | None = None) -> Limits:
    """The shipped limits, with those of the user's file in their place."""
    values = tomllib.loads(SHIPPED.read_text())
    if path is not None:
        _lay_over(values, _read(path))
    try:
        pace = values["pace"]
        values["pace"] = {**pace, "blackouts": [Blackout.parse(text) for text in pace["blackouts"]]}
        return Limits.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{path or SHIPPED}: {name}: {first['msg']}") from error
    except (ValueError, TypeError) as error:
        where = f"{path or SHIPPED}: pace.blackouts"
        raise BadInput(f'{where}: write UTC windows such as "23:55-00:05"') from error


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except OSError as error:
        raise BadInput(f"RISK_FILE {path} cannot be read: {error.strerror}") from error
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"RISK_FILE {path} is not TOML: {error}") from error


def _lay_over(values: dict[str, Any], changed: dict[str, Any]) -> None:
    for section, part in changed.items():
        if section in values and isinstance(part, dict):
            values[section] = {**values[section], **part}
        else:
            values[section] = part


def differences(before: Limits, after: Limits) -> dict[str, tuple[str, str]]:
    """What changed, by name: before and after."""
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    return {
        f"{section}.{name}": (str(old[section][name]), str(value))
        for section, part in new.items()
        for name, value in part.items()
        if old[section][name] != value
    }
