"""An order as the Trader's books have it: what was wanted, how far it came, and the story of that."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any
from uuid import UUID

from strandloom.basics.iso import iso
from strandloom.basics.quick import changed, quick
from strandloom.kinds.order import Leg, OrderIntent, OrderState
from strandloom.kinds.plan import Side
from strandloom.teams.trader import life
from strandloom.venues.port import Report

Row = Mapping[str, Any]
ZERO = Decimal(0)
_SHOWN = 24  # steps of a story that are kept
_REMEMBERED = 1_000
_known: OrderedDict[str, tuple[Row, "Order"]] = OrderedDict()  # the last row of each that was made or read


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Every move gives a new one, one version on; the tables refuse a move from an older version."""

    cloid: str
    decision: UUID
    trade: UUID  # the decision whose position it opens, guards or closes
    plan: UUID | None
    leg: Leg
    part: int
    venue: str
    symbol: str
    side: Side
    quantity: Decimal
    price: Decimal
    trigger: Decimal | None
    reduce_only: bool
    style: str
    expires_at: datetime
    patient_until: datetime | None  # a maker entry that still rests then is converted
    arrival: Decimal | None
    exploration: bool
    risk_usd: Decimal
    stop: Decimal | None  # entries: what guards the position once there is one
    take_profit: Decimal | None
    goes_with: str | None = None  # of an entry the stop in its request; of a guard the entry it is sent with
    state: OrderState
    filled: Decimal = ZERO
    average_price: Decimal | None = None
    fee_usd: Decimal = ZERO
    oid: int | None = None
    why: str = ""
    at: datetime  # of the last move
    sent_at: datetime | None = None
    story: tuple[str, ...] = ()
    version: int = 1

    @property
    def left(self) -> Decimal:
        return self.quantity - self.filled

    @property
    def is_over(self) -> bool:
        return self.state in life.OVER

    @property
    def rests(self) -> bool:
        """The venue has it and it may still fill."""
        return self.state in life.AT_THE_VENUE

    @property
    def stands(self) -> bool:
        """It is there, or on its way, or nobody knows."""
        return self.state not in life.OVER

    def moved(
        self, to: OrderState, at: datetime, *, sent: bool = False, why: str = "", **traded: Any
    ) -> "Order":
        """The same order, one state on, or two where it was `sent` first; raises where that cannot be.

        Its time never runs back: who looks at the venue may be behind those who acted.
        """
        life.check(self.state, to, self.story, sent=sent)
        at = max(at, self.at)
        told = f"{to} {_clock(at)} ({why})" if why else f"{to} {_clock(at)}"
        steps = (f"sent {_clock(at)}", told) if sent else (told,)
        return changed(
            self,
            state=to,
            at=at,
            why=why,
            sent_at=at if sent or to == "sent" else self.sent_at,
            story=(*self.story, *steps)[-_SHOWN:],
            version=self.version + len(steps),
            **traded,
        )

    def answered(self, report: Report, at: datetime) -> "Order":
        """The order after it was sent and the venue was heard."""
        if self.state == "sent":
            return self.heard(report, at)
        return self.moved(report.state, at, sent=True, why=report.why, **self._traded(report))

    def heard(self, report: Report, at: datetime) -> "Order":
        """The order after what the venue said; the same one where that was nothing new.

        What is over stays over: only more fills are news then.  Fewer fills than are known is an old message.
        """
        grown = report.filled > self.filled
        if self.is_over or report.filled < self.filled:
            return self.moved(self.state, at, why="filled more", **self._traded(report)) if grown else self
        if report.state == self.state and not grown:
            return self
        return self.moved(report.state, at, why=report.why, **self._traded(report))

    def _traded(self, report: Report) -> dict[str, Any]:
        return {
            "filled": report.filled,
            "average_price": report.average_price,
            "fee_usd": report.fee_usd,
            "oid": report.oid or self.oid,
        }


_wish = attrgetter(
    *Order.__slots__[: Order.__slots__.index("state")]
)  # what is wanted, before how far it came


def intended(intent: OrderIntent, at: datetime) -> Order:
    """The order of an intent, before anything was sent."""
    return Order(
        cloid=intent.cloid,
        decision=intent.decision,
        trade=intent.trade or intent.decision,
        plan=intent.plan,
        leg=intent.leg,
        part=intent.part,
        venue=intent.venue,
        symbol=intent.symbol,
        side=intent.side,
        quantity=intent.quantity,
        price=intent.price,
        trigger=intent.trigger,
        reduce_only=intent.reduce_only,
        style=intent.style,
        expires_at=intent.expires_at,
        patient_until=intent.patient_until,
        arrival=intent.arrival,
        exploration=intent.exploration,
        risk_usd=intent.risk_usd,
        stop=intent.stop,
        take_profit=intent.take_profit,
        goes_with=intent.goes_with,
        state="intended",
        at=at,
        story=(f"intended {_clock(at)}",),
    )


def from_row(row: Row) -> Order:
    """The order of a row of the books; of the very row that was made or read last, the same order again."""
    known = _known.get(row["cloid"])
    if known is not None and known[0] is row:
        return known[1]
    order = known[1] if known is not None and known[0] == row else parsed(row)
    _remember(row, order)
    return order


def _remember(row: Row, order: Order) -> None:
    _known[order.cloid] = (row, order)
    if len(_known) > _REMEMBERED:
        _known.popitem(last=False)


def parsed(row: Row) -> Order:
    """The order of a row, read anew."""
    return Order(
        cloid=row["cloid"],
        decision=UUID(row["decision"]),
        trade=UUID(row["trade"]),
        plan=_uuid(row["plan"]),
        leg=row["leg"],
        part=row["part"],
        venue=row["venue"],
        symbol=row["symbol"],
        side=row["side"],
        quantity=Decimal(row["quantity"]),
        price=Decimal(row["price"]),
        trigger=_decimal(row["trigger"]),
        reduce_only=row["reduce_only"],
        style=row["style"],
        expires_at=datetime.fromisoformat(row["expires_at"]),
        patient_until=_time(row["patient_until"]),
        arrival=_decimal(row["arrival"]),
        exploration=row["exploration"],
        risk_usd=Decimal(row["risk_usd"]),
        stop=_decimal(row["stop"]),
        take_profit=_decimal(row["take_profit"]),
        goes_with=row["goes_with"],
        state=row["state"],
        filled=Decimal(row["filled"]),
        average_price=_decimal(row["average_price"]),
        fee_usd=Decimal(row["fee_usd"]),
        oid=row["oid"],
        why=row["why"],
        at=datetime.fromisoformat(row["at"]),
        sent_at=_time(row["sent_at"]),
        story=tuple(row["story"]),
        version=row["version"],
    )


def to_row(order: Order) -> dict[str, Any]:
    """The row of an order: what JSON carries, money as text."""
    known = _known.get(order.cloid)
    same = known is not None and _wish(known[1]) == _wish(order)
    row = {
        **(known[0] if known and same else _wished(order)),
        "state": order.state,
        "filled": str(order.filled),
        "average_price": _text(order.average_price),
        "fee_usd": str(order.fee_usd),
        "oid": order.oid,
        "why": order.why,
        "at": iso(order.at),
        "sent_at": iso(order.sent_at) if order.sent_at else None,
        "story": list(order.story),
        "version": order.version,
    }
    _remember(row, order)
    return row


def _wished(order: Order) -> Row:
    """The half of its row that stays as it moves."""
    return {
        "cloid": order.cloid,
        "decision": _name(order.decision),
        "trade": _name(order.trade),
        "plan": _name(order.plan) if order.plan else None,
        "leg": order.leg,
        "part": order.part,
        "venue": order.venue,
        "symbol": order.symbol,
        "side": order.side,
        "quantity": str(order.quantity),
        "price": str(order.price),
        "trigger": _text(order.trigger),
        "reduce_only": order.reduce_only,
        "style": order.style,
        "expires_at": iso(order.expires_at),
        "patient_until": iso(order.patient_until) if order.patient_until else None,
        "arrival": _text(order.arrival),
        "exploration": order.exploration,
        "risk_usd": str(order.risk_usd),
        "stop": _text(order.stop),
        "take_profit": _text(order.take_profit),
        "goes_with": order.goes_with,
    }


@lru_cache(maxsize=64)
def _name(name: UUID) -> str:
    return str(name)


@lru_cache(maxsize=64)
def _clock(at: datetime) -> str:
    return at.isoformat(" ", "seconds")[11:19]


def _uuid(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
