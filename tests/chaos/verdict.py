"""What a storm left on the board, counted by plain SQL that shares nothing with the board's code."""

from dataclasses import asdict, dataclass

from strandloom.blackboard.audit import all_checks
from strandloom.store.database import Database
from tests.chaos.play import Play

_COUNT = """
with chains as (
  select lifecycle_id, count(*) as strands, count(distinct content ->> 'number') as numbers,
         max(hop) as hops
    from ad_strands group by lifecycle_id)
select count(*) as chains,
       coalesce(sum(strands), 0) as strands,
       count(*) filter (where strands < $1) as too_short,
       count(*) filter (where strands > $1 or numbers <> strands) as doubled,
       count(*) filter (where hops <> $1 - 1) as hops_wrong,
       (select count(*) from ad_strands s, unnest(s.parent_ids) as p
         where not exists (select from ad_strands where id = p)) as orphans,
       (select count(*) from ad_deliveries) as open,
       (select count(*) from ad_dead_letters) as dead
  from chains
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Counts; `clean` when every input became exactly what it should."""

    inputs: int
    chains: int
    strands: int
    too_short: int
    doubled: int
    hops_wrong: int
    orphans: int
    open: int
    dead: int
    audit: int

    @property
    def clean(self) -> bool:
        wrong = (
            self.too_short,
            self.doubled,
            self.hops_wrong,
            self.orphans,
            self.open,
            self.dead,
            self.audit,
        )
        return self.chains == self.inputs and not any(wrong)

    def __str__(self) -> str:
        counts = ", ".join(f"{name} {value}" for name, value in asdict(self).items())
        return f"{'CLEAN' if self.clean else 'BROKEN'}: {counts}"


async def judge(database: Database, inputs: int, play: Play) -> Verdict:
    """Count everything, and ask the audit too."""
    async with database.session() as session:
        row = await session.connection.fetchrow(_COUNT, play.strands_per_input)
    assert row is not None
    counted = {name: int(value) for name, value in row.items()}
    findings = [finding for check in all_checks() for finding in await check.run(database)]
    return Verdict(inputs=inputs, audit=len(findings), **counted)
