"""Plan against reality in one sentence: what was expected, what came, and because of what."""

from dataclasses import dataclass

WORTH_BPS = 0.5  # a smaller difference explains nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that was expected and came otherwise, in basis points that add to the result."""

    name: str  # move, slippage, fees, funding
    expected_bps: float
    real_bps: float

    @property
    def by_bps(self) -> float:
        """What it added to the result; below zero it took something away."""
        return self.real_bps - self.expected_bps


def sentence(
    expected_bps: float | None,
    realised_bps: float,
    expected_s: float | None,
    held_s: float,
    parts: tuple[Part, ...],
    ended_by: str,
) -> str:
    """Only numbers that were measured, the largest difference first."""
    got = f"{percent(realised_bps)} in {duration(held_s)}"
    ending = f"; the {ended_by} ended it" if ended_by else ""
    if expected_bps is None or expected_s is None:
        return f"nothing was expected of it, it came to {got}{ending}"
    reasons = [_reason(part) for part in ranked(parts) if abs(part.by_bps) >= WORTH_BPS]
    because = f", because {_listed(reasons)}" if reasons else ", as planned"
    return f"expected {percent(expected_bps)} in {duration(expected_s)}, got {got}{because}{ending}"


def ranked(parts: tuple[Part, ...]) -> list[Part]:
    """The largest difference first."""
    return sorted(parts, key=lambda part: (-abs(part.by_bps), part.name))


def percent(bps: float) -> str:
    return f"{bps / 100.0:.2f} %"


def duration(seconds: float) -> str:
    minutes = round(seconds / 60.0)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def _reason(part: Part) -> str:
    if part.name == "move":
        return f"the price moved {percent(part.real_bps)} instead of {percent(part.expected_bps)}"
    if part.name == "funding":
        verb = "brought" if part.real_bps > 0 else "took"
        return f"funding {verb} {percent(abs(part.real_bps))}"
    return f"{part.name} took {percent(-part.real_bps)} instead of {percent(-part.expected_bps)}"


def _listed(reasons: list[str]) -> str:
    return " and ".join([", ".join(reasons[:-1]), reasons[-1]] if len(reasons) > 1 else reasons)
