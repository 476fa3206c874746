"""Database addresses: checked, and shown without what they hide."""

import pytest

from strandloom.basics.errors import CannotStart
from strandloom.store.address import Address
from strandloom.store.shell import without_password


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:s%40cret@db.host:5432/x", "postgresql://me:***@db.host:5432/x"),
        ("postgresql://me@/x?host=/var/run", "postgresql://me@/x?host=/var/run"),
        ("postgresql://me@db/x?password=secret&sslmode=require", "postgresql://me@db/x?sslmode=require"),
        ("postgresql://me:secret@db/x?sslpassword=secret", "postgresql://me:***@db/x"),
        ("postgres://db", "postgres://db"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url: str, shown: str) -> None:
    assert Address.parse(url).masked == shown


@pytest.mark.parametrize("url", ["mysql://me:secret@db/x", "db:5432/x", "postgresql://db:port/x", "", "x y"])
def test_what_is_no_address_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(CannotStart, match="postgresql://user:password@host:5432/database") as refused:
        Address.parse(url)
    assert "secret" not in str(refused.value)


def test_supabases_transaction_pooler_is_known_by_its_port() -> None:
    pooler = "postgresql://postgres.abc:x@aws-0-eu.pooler.supabase.com:{}/postgres"
    assert Address.parse(pooler.format(6543)).says_transaction_pooler
    assert not Address.parse(pooler.format(5432)).says_transaction_pooler


def test_psql_gets_the_password_where_other_users_cannot_see_it() -> None:
    assert without_password("postgresql://me:s%40cret@db:1/x?sslmode=require") == (
        "postgresql://me@db:1/x?sslmode=require",
        "s@cret",
    )
    assert without_password("postgresql://me@/x?host=/run") == ("postgresql://me@/x?host=/run", None)
