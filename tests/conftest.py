"""What every test may rely on: no settings but its own, no network but loopback, one hypothesis profile."""

from tests.fixtures.databases import database, database_url, embedded, pytest_unconfigure, template
from tests.fixtures.network import loopback_only
from tests.fixtures.profiles import register_profiles
from tests.fixtures.settings import forget_settings

__all__ = ["database", "database_url", "embedded", "loopback_only", "pytest_unconfigure", "template"]

forget_settings()
register_profiles()
