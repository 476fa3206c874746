"""Every setting, one section per room; the name in files and environment is the field's in capitals."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from strandloom.settings import home


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
"""A comma-separated list: `SYMBOLS=BTC,ETH`."""

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
    data_dir: Place = Field(
        default_factory=home.data_dir, description="where the embedded database and other state live"
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
