"""What can go wrong on the wire, named by what the caller should do next."""

from strandloom.basics.errors import Refused, Retryable, StrandloomError


class VenueDown(Retryable):
    """The request certainly did not take effect, or asked for nothing but data: try again later."""


class RateLimited(Retryable):
    """We asked too much; the shared budget already waits, try again after `retry_after_s`."""

    def __init__(self, reason: str, retry_after_s: float) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class OutcomeUnknown(StrandloomError):
    """An action was sent and no answer came: it may have taken effect.

    Never resend it: ask by client order id until the action's own expiry has passed.
    """


class VenueRefused(Refused):
    """The venue understood and said no, in its own words."""

    def __init__(self, reason: str) -> None:
        super().__init__("venue", reason)


class MalformedRequest(Refused):
    """The venue could not read what we sent (400, 415, 422): our fault, so sending it again is no use."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__("wire_format", reason, {"status": status})


class MalformedAnswer(StrandloomError):
    """The venue answered something that is not its protocol."""


class SubscriptionRefused(Refused):
    """An error frame of the WebSocket; the subscription it names carries no data."""

    def __init__(self, reason: str) -> None:
        super().__init__("subscription", reason)


class BadSignature(StrandloomError):
    """What was handed in as a signature is none."""
