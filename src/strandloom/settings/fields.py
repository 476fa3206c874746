"""Every setting, one section per room; the name in files and environment is the field's in capitals."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from strandloom.settings import home


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
"""A comma-separated list: `SYMBOLS=BTC,ETH`."""

Moment = Annotated[datetime, AfterValidator(lambda at: at if at.tzinfo else at.replace(tzinfo=UTC))]
"""A time; UTC when no offset is given."""

Place = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]
"""A file or folder; `~` is the home folder."""


class Settings(BaseSettings):
    """Add a setting as one field here and one explained line in `.env.example`."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, env_ignore_empty=True, validate_default=True
    )

    # Everywhere
    strandloom_env: Literal["dev", "test", "prod"] = Field("dev", description="where this runs")

    # Store
    database_url: SecretStr | None = Field(
        None, description="a PostgreSQL to use instead of the embedded one"
    )
    supabase_url: str | None = Field(
        None, description="a Supabase project to reach over HTTPS; commands on the board only"
    )
    supabase_service_key: SecretStr | None = Field(None, description="the service key of that project")
    data_dir: Place = Field(
        default_factory=home.data_dir, description="where the embedded database and other state live"
    )
    database_connections: int = Field(
        10, ge=2, le=500, description="the most connections that one process opens at a time"
    )

    # Market
    feed: Literal["simulated", "replay", "hyperliquid"] = Field(
        "simulated", description="where market data comes from"
    )
    symbols: Names = Field(("BTC", "ETH", "SOL"), description="the markets to follow")
    market_speed: float = Field(
        60.0,
        ge=0,
        description="market minutes per real minute of simulated and replay; 0: as fast as it goes",
    )
    simulated_seed: int = Field(1, ge=0, description="which simulated market; the same seed, the same market")
    simulated_start: Moment = Field(
        datetime(2026, 1, 1, tzinfo=UTC), description="market time at which a simulated market begins"
    )
    replay_data: str = Field(
        "sample", description="what replay tells: sample, files of bars, or a venue of the store"
    )
    replay_from: Moment | None = Field(None, description="market time at which replay begins")
    replay_to: Moment | None = Field(None, description="market time at which replay ends")
    hyperliquid_url: str = Field(
        "https://api.hyperliquid.xyz", description="the venue, its testnet, or your own"
    )
    heartbeat_deadline_s: float = Field(
        10.0, gt=2, lt=60, description="how long a minute waits for the last symbol, after its close"
    )
    bars_pack_after_days: int = Field(7, ge=1, description="days after which minutes are packed")
    bars_keep_days: int = Field(730, ge=8, description="days after which minutes are forgotten")

    # Risk
    risk_file: Place | None = Field(
        None, description="a file of risk limits that differ from the shipped ones"
    )

    # Trading
    cost_model: Literal["venue", "flat"] = Field(
        "venue", description="what trades are taken to cost, in plans, outcomes and backtests alike"
    )
    paper_cash_usd: Decimal = Field(
        Decimal(100_000), gt=0, description="what the paper account begins with, in dollars"
    )

    # Log
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="the least to log")
    log_format: Literal["auto", "human", "json"] = Field("auto", description="auto: human on a terminal")


BY_ENVIRONMENT: Mapping[str, Mapping[str, object]] = {
    "dev": {},
    "test": {"log_level": "WARNING"},
    "prod": {"log_format": "json"},
}
"""Defaults that differ by STRANDLOOM_ENV; anything that a person sets goes before them."""
