"""What every test may rely on: no settings but its own, no network but loopback, one hypothesis profile."""

from tests.fixtures.databases import (
    any_database,
    any_database_url,
    any_empty_database,
    database,
    database_url,
    embedded,
    park,
    pytest_unconfigure,
)
from tests.fixtures.log import log_as_before
from tests.fixtures.network import loopback_only
from tests.fixtures.places import small_disk, state_dir
from tests.fixtures.profiles import register_profiles
from tests.fixtures.settings import forget_settings
from tests.fixtures.skips import pytest_terminal_summary

__all__ = [
    "any_database",
    "any_database_url",
    "any_empty_database",
    "database",
    "database_url",
    "embedded",
    "log_as_before",
    "loopback_only",
    "park",
    "pytest_terminal_summary",
    "pytest_unconfigure",
    "small_disk",
    "state_dir",
]

forget_settings()
register_profiles()
