"""What a person reads in the log: a line for what matters, silence for the rest."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from strandloom.kinds.order import OrderStatus
from strandloom.kinds.registry import Body
from strandloom.service.telling import line

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def an_order(state: str, **changes: object) -> OrderStatus:
    base: dict[str, object] = {
        "state": state,
        "decision": UUID(int=1),
        "plan": None,
        "leg": "entry",
        "cloid": "0x1",
        "venue": "paper",
        "symbol": "BTC",
        "side": "buy",
        "quantity": Decimal("0.10"),
        "filled": Decimal("0.10"),
        "average_price": Decimal("100.5"),
    }
    return OrderStatus(**(base | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "event"),
    [
        (an_order("filled"), "order_filled"),
        (an_order("closed", realised_usd=Decimal("-1.255")), "trade_closed"),
        (an_order("acknowledged"), None),
        (an_order("closed"), None),
    ],
)
def test_fills_and_results_are_told_and_steps_on_the_way_are_not(body: Body, event: str | None) -> None:
    told = line(body)
    assert (told and told[0]) == event


def test_a_result_is_told_in_dollars() -> None:
    told = line(an_order("closed", realised_usd=Decimal("-1.255")))
    assert told is not None and told[1]["result_usd"] in ("-1.25", "-1.26")
