"""Why a model's answer is not used; each ends in the rule writer, with the reason kept."""

from strandloom.basics.errors import StrandloomError


class Unfit(StrandloomError):
    """A reply that came, but may not be used; the message says what is wrong with it."""


class NoAnswer(StrandloomError):
    """The model gives no usable answer to this ask; the message is the recorded reason."""


class WireFault(StrandloomError):
    """The endpoint did not give a reply."""

    def __init__(
        self, reason: str, *, free: bool = False, shape: bool = False, passing: bool = False
    ) -> None:
        """`free`: it surely cost nothing; `shape`: a simpler form may do; `passing`: it may work later."""
        super().__init__(reason)
        self.reason = reason
        self.free = free
        self.shape = shape
        self.passing = passing
