"""What Supabase's manners ask of every table, view and function, of this room and of every later one."""

from pathlib import Path

import asyncpg
import pytest

from strandloom.store import queries
from strandloom.store.database import Database

RULES = queries.parse("catalog", Path(__file__).with_name("catalog.sql").read_text())


@pytest.mark.parametrize("rule", RULES)
async def test_nothing_breaks_the_rule(database: Database, rule: str) -> None:
    async with database.session() as session:
        culprits = await session.connection.fetch(RULES[rule].sql)
    assert [row["culprit"] for row in culprits] == []


_BREACHES = {
    "tables_without_row_level_security": "create table public.t ()",
    "tables_without_a_policy_for_the_service": "create table public.t ()",
    "tables_and_views_that_the_service_may_not_read": "create view public.v as select 1 as one",
    "policies_for_anybody_else": "create table public.t (); create policy p on public.t using (true)",
    "relations_open_to_others": "create table public.t (); grant select on public.t to anon",
    "functions_open_to_others": "create function public.f() returns int language sql as 'select 1'",
    "views_that_show_more_than_their_reader_may_see": "create view public.v as select 1 as one",
    "materialized_views_which_know_no_row_level_security": "create materialized view public.m as select 1 a",
    "functions_whose_search_path_a_caller_can_bend": (
        "create function public.f() returns int language sql as 'select 1'"
    ),
    "functions_that_lend_their_owners_rights": (
        "create function public.f() returns int language sql security definer as 'select 1'"
    ),
    "foreign_keys_without_an_index": (
        "create table public.a (i int, j int, primary key (i, j));"
        "create table public.b (n int, i int, j int, foreign key (i, j) references public.a);"
        "create index on public.b (n, i, j); create index on public.b (i)"
    ),
}


@pytest.mark.parametrize("rule", RULES)
async def test_the_rule_sees_a_breach(database: Database, rule: str) -> None:
    async with database.session() as session:
        await session.connection.execute(_BREACHES[rule.removeprefix("catalog.")])
        assert len(await session.connection.fetch(RULES[rule].sql)) == 1


async def _relations(connection: "asyncpg.Connection[asyncpg.Record]") -> list[str]:
    found = await connection.fetch(
        "select oid::regclass::text as name from pg_class"
        " where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')"
    )
    return [row["name"] for row in found]


async def test_the_service_reads_everything(database: Database) -> None:
    async with database.transaction() as tx:
        relations = await _relations(tx.connection)
        await tx.connection.execute("set local role service_role")
        for relation in relations:
            await tx.connection.fetch(f"select * from {relation} limit 1")  # noqa: S608 - from the catalog
    assert "ad_strands" in relations


@pytest.mark.parametrize("role", ["anon", "authenticated"])
async def test_others_read_nothing(database: Database, role: str) -> None:
    async with database.session() as session:
        connection = session.connection
        relations = await _relations(connection)
        await connection.execute(f"set role {role}")
        for relation in relations:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"select * from {relation} limit 1")  # noqa: S608 - from the catalog
        await connection.execute("reset role")
