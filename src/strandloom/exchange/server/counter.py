"""Where requests are handed in, from HTTP or a WebSocket alike: read, limited, answered."""

from typing import Any

from strandloom.exchange.commands import UseNonce
from strandloom.exchange.replies import Err
from strandloom.exchange.server import (
    answer,
    clocks,
    forms,
    gate,
    info_market,
    info_user,
    rate,
    spell,
    translate,
)
from strandloom.exchange.server.asked import Asked
from strandloom.exchange.server.forms import Envelope, Unreadable
from strandloom.exchange.server.gate import No, Signer
from strandloom.exchange.server.info_market import NoSuchCoin
from strandloom.exchange.server.venue import Venue
from strandloom.hyperliquid import weights

_DESERIALIZE = "Failed to deserialize the JSON body into the target type"


class Refusal(Exception):
    """Answered with an HTTP status instead of an answer; `text` is the body."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status} {text}")
        self.status = status
        self.text = text


TOO_MANY = Refusal(429, "null")
UNREADABLE = Refusal(422, _DESERIALIZE)
BROKEN = Refusal(500, "null")


def ask(venue: Venue, body: Any, ip: str) -> Any:
    """A question to /info."""
    kind = body.get("type") if isinstance(body, dict) else None
    if not isinstance(kind, str) or kind not in _KNOWN:
        raise UNREADABLE
    if not venue.weights.allows(ip, weights.info_weight(kind), venue.at_s()):
        raise TOO_MANY
    try:
        found = _found(venue, kind, Asked(body))
    except Unreadable:
        raise UNREADABLE from None
    except NoSuchCoin:
        raise BROKEN from None
    if isinstance(found, list):
        venue.weights.charge(ip, weights.rows_weight(kind, len(found)), venue.at_s())
    return found


_KNOWN = {*info_market.ANSWERS, *info_user.ANSWERS, "userRateLimit", "extraAgents", "recentTrades"}


def _found(venue: Venue, kind: str, asked: Asked) -> Any:
    if kind == "userRateLimit":
        return rate.limit(venue, asked.user())
    if kind == "clearinghouseState":
        venue.open_account(asked.user())
    if kind == "recentTrades":
        asset = info_market.asset_of(venue.exchange, asked.text("coin"))
        return [spell.trade(view) for view in venue.prints.recent(venue.exchange, asset)]
    if kind == "extraAgents":
        return clocks.on_client_time(venue, info_user.agents(venue.exchange, asked))
    if (user_answer := info_user.ANSWERS.get(kind)) is not None:
        return user_answer(venue.exchange, asked)
    return info_market.ANSWERS[kind](venue.exchange, asked)


def act(venue: Venue, body: Any, ip: str) -> dict[str, Any]:
    """A signed action for /exchange."""
    try:
        envelope = forms.read(body)
    except Unreadable:
        raise UNREADABLE from None
    if not venue.weights.allows(ip, weights.action_weight(envelope["action"]), venue.at_s()):
        raise TOO_MANY
    try:
        return _carried_out(venue, envelope)
    except No as no:
        return answer.refused(str(no))


def _carried_out(venue: Venue, envelope: Envelope) -> dict[str, Any]:
    action = envelope["action"]
    signer = gate.signer_of(venue.exchange, envelope)
    gate.check_time(envelope, venue.wall_ms())
    gate.check_form(envelope)
    rate.check(venue, signer.user, action)
    _burn_nonce(venue, signer, envelope["nonce"])
    reply = venue.submit(translate.command(clocks.on_market_time(venue, action), signer.user, venue.at_ms()))
    if not isinstance(reply, Err):
        rate.count(venue, signer.user, action)
    return answer.answer(action["type"], reply, venue.exchange.assets())


def _burn_nonce(venue: Venue, signer: Signer, nonce: int) -> None:
    reply = venue.submit(UseNonce(venue.wall_ms(), signer.address, nonce))
    if isinstance(reply, Err):
        raise No(reply.message)
