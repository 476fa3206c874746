"""How a strand reads in one line: what it says, without ids and without what is not set."""

from strandloom.blackboard.cause import Cause
from strandloom.blackboard.strand import Draft
from strandloom.cli import strands
from strandloom.teams.trader import saying
from tests.network import NOON, Network
from tests.unit.teams.trader.decisions import an_intent


async def test_an_order_reads_without_its_ids_and_without_what_is_not_set() -> None:
    network = Network([])
    intent = an_intent(cloid="0x" + "ab" * 16, replaces=("0x" + "cd" * 16,), because="a try by hand")
    cause = Cause(module="trader.orders", at=NOON, key="test")
    (name,) = network.board.post([Draft(body=intent, tags=saying.WANTED, symbol=intent.symbol)], cause)
    strand = await network.board.past.get(name)
    assert strand is not None
    assert strands.said(strand).startswith("leg=entry, venue=paper, side=buy, quantity=10, price=101, ")
    for left_out in ("0xab", "0xcd", "symbol=", "reduce_only", "trigger", str(intent.decision)):
        assert left_out not in strands.said(strand)
