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

Role = Literal["market", "exchange", "raw_data", "cil", "decision_maker", "trader"]
Roles = Annotated[tuple[Role, ...], NoDecode, BeforeValidator(_split), Field(min_length=1)]
"""A comma-separated list of roles: `TEAMS=market,raw_data`."""

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
    teams: Roles = Field(
        ("market", "exchange", "raw_data", "cil", "decision_maker", "trader"),
        description="the roles of this process; others over the same database may take the rest",
    )
    start_patience_s: float = Field(
        60.0, ge=0, description="how long a start waits for a database or a venue that does not answer yet"
    )

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

    # Blackboard
    strands_keep_days: int = Field(
        90, ge=1, description="days of market time after which strands are let go; a tombstone of each stays"
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
    venue: Literal["paper", "hyperliquid"] = Field(
        "paper", description="where orders go: the built-in exchange in this process, or Hyperliquid"
    )
    hyperliquid_trading_url: str = Field(
        "https://api.hyperliquid-testnet.xyz",
        description="where VENUE=hyperliquid sends orders; the venue's main address is real money",
    )
    hyperliquid_key: SecretStr | None = Field(
        None, description="the private key that signs orders: an agent wallet's, which cannot withdraw"
    )
    hyperliquid_account: str | None = Field(
        None, description="the address whose account is traded; without it, the one that the key belongs to"
    )
    hyperliquid_leverage: int | None = Field(
        None, ge=1, le=50, description="leverage to set on each symbol; without it, the account's stays"
    )
    hyperliquid_fallbacks: SecretStr | None = Field(
        None, description="further accounts that may stand in: name=url,key[,account]; several with ;"
    )
    live_trading_ack: bool = Field(
        False, description="says that real money is meant; needed beside an address and a key"
    )
    paper_cash_usd: Decimal = Field(
        Decimal(100_000), gt=0, description="what the paper account begins with, in dollars"
    )
    repair_every_s: float = Field(
        5.0, gt=0, le=60, description="how often the venue is compared with what should rest there"
    )
    reconcile_threshold_usd: Decimal = Field(
        Decimal("0.01"), ge=0, description="how far books and venue may be apart before it blocks trading"
    )

    # Language model
    llm_model: str | None = Field(None, description="the model that writes; without one, rules do")
    llm_base_url: str = Field(
        "https://api.openai.com/v1", description="an OpenAI-compatible endpoint, of the seller or your own"
    )
    llm_api_key: SecretStr | None = Field(None, description="the key of that endpoint, if it wants one")
    llm_price_in_usd: Decimal | None = Field(
        None, ge=0, description="dollars per million tokens read, where the shipped table does not know"
    )
    llm_price_out_usd: Decimal | None = Field(
        None, ge=0, description="dollars per million tokens written, where the shipped table does not know"
    )
    llm_agent_day_usd: Decimal = Field(Decimal(1), ge=0, description="the most that one module spends a day")
    llm_day_usd: Decimal = Field(Decimal(5), ge=0, description="the most that is spent on models a day")
    llm_total_usd: Decimal = Field(Decimal(50), ge=0, description="the most that is ever spent on models")
    llm_writing_s: float = Field(
        20.0, gt=0, le=120, description="how long a text may take before the rules write it"
    )
    llm_verdict_s: float = Field(
        8.0, gt=0, le=60, description="how long a plan waits for the model's verdict"
    )
    llm_output_tokens: int = Field(800, ge=64, le=32_000, description="the most tokens of one reply")

    # API
    api_host: str = Field(
        "127.0.0.1", description="where health and figures are told; loopback: this machine"
    )
    api_port: int = Field(
        4080, ge=0, le=65535, description="the port of /healthz, /readyz and /metrics; 0: any free one"
    )

    # Exchange
    exchange_port: int = Field(
        4001, ge=0, le=65535, description="the port of the role exchange where no Trader is beside it"
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
