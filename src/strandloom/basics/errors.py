"""Errors named by what follows from them: leave it for later, say no, stop trading, or stop the start."""

from collections.abc import Mapping


class StrandloomError(Exception):
    """Whatever this project raises on purpose."""


class Retryable(StrandloomError):
    """It did not work now and may work later: leave the delivery, try again."""


class Refused(StrandloomError):
    """A considered no.  The runner posts it as data and goes on.

    `rule` names what said no, `numbers` are the values it compared.
    """

    def __init__(self, rule: str, reason: str, numbers: Mapping[str, object] | None = None) -> None:
        super().__init__(f"{rule}: {reason}")
        self.rule = rule
        self.reason = reason
        self.numbers = dict(numbers or {})


class Halt(StrandloomError):
    """We can no longer trust our own state: stop trading and say why."""


class CannotStart(StrandloomError):
    """A setting, a file or a server makes a start impossible; one sentence says which and what to do."""


class NotYet(CannotStart):
    """What a start needs does not answer yet, and may in a moment: worth waiting for."""


class BadInput(StrandloomError):
    """What a person handed in is wrong; the message says what, where, and what would be right."""
