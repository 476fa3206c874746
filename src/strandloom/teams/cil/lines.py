"""The rules' own words for lessons, braids and the report of a day, and the numbers they are made of."""

from collections.abc import Mapping, Sequence
from typing import Literal

from strandloom.blackboard.strand import Strand
from strandloom.kinds.braid import Braid
from strandloom.kinds.lesson import Lesson
from strandloom.kinds.report import PerformanceReport
from strandloom.learning.lessons.telling import spoken
from strandloom.llm.figures import Number
from strandloom.llm.port import Ask, Evidence

What = Literal["lesson", "report", "braid"]
LESSON = (
    "{scope}: {status} ({reason}). {mean_net_bps} bps net, {mean_gross_bps} bps gross over {n_blocks} blocks."
)
DRIFT = "Any entry would have earned {drift_bps} bps gross."
INTERVAL = "The interval reaches from {ci_low_bps} to {ci_high_bps} bps."
CLAIM = "It is held to {claim_bps} bps, after {looks} looks and among {n_trials} candidates ever tried."
TRADES = "{day}: {trade_count} trades closed, {won} of them won, {pnl_usd} USD in all."
COSTS = "Fees took {fees_usd} USD, funding {funding_usd} USD."
EXPECTED = "A trade was expected to earn {expected_bps} bps and earned {realised_bps} bps."
BRAID = "{cluster}: {outcomes} outcomes in {n_blocks} blocks, {mean_net_bps} bps net, {mean_gross_bps} gross."
SURE = "Their mean lies between {low_bps} and {high_bps} bps."
FALL = "On the way they fell by {drawdown_bps} bps."
GATE = "{approved} plans were approved, {refused} refused, most often by {first_rule}."


def of_lesson(strand: Strand, lesson: Lesson) -> tuple[Ask, str]:
    """What it says, on what evidence, and what it is held to."""
    names = {
        "scope": spoken(lesson.predicate),
        "status": lesson.status,
        "reason": lesson.reason.replace("_", " "),
        "action": lesson.action_hint.replace("_", " "),
    }
    numbers: dict[str, Number | None] = {
        "n_blocks": lesson.n_blocks,
        "mean_net_bps": lesson.mean_net_bps,
        "mean_gross_bps": lesson.mean_gross_bps,
        "drift_bps": lesson.drift_bps,
        "ci_low_bps": lesson.ci_low,
        "ci_high_bps": lesson.ci_high,
        "claim_bps": lesson.claim,
        "p": lesson.p,
        "looks": lesson.looks,
        "n_trials": lesson.n_trials,
    }
    quoted = {name: text for name, text in (("mechanism", lesson.mechanism), ("why", lesson.why)) if text}
    return _ask("cil/lesson", strand, numbers, names, quoted), _known(numbers, LESSON, DRIFT, INTERVAL, CLAIM)


def of_braid(strand: Strand, braid: Braid) -> tuple[Ask, str]:
    """What belongs together, and what it came to."""
    names: dict[str, str | Sequence[str]] = {"cluster": braid.cluster, "about": tuple(sorted(braid.about))}
    numbers: dict[str, Number | None] = {
        "outcomes": braid.n,
        "members": braid.members,
        "n_blocks": braid.n_blocks,
        "mean_net_bps": braid.mean_net_bps,
        "mean_gross_bps": braid.mean_gross_bps,
        "low_bps": braid.net_low,
        "high_bps": braid.net_high,
        "drawdown_bps": braid.drawdown_bps,
        "best_bps": braid.best.net_bps,
        "worst_bps": braid.worst.net_bps,
    }
    return _ask("cil/braid", strand, numbers, names, {}), _known(numbers, BRAID, SURE, FALL)


def of_report(strand: Strand, report: PerformanceReport) -> tuple[Ask, str]:
    """What a day came to, and what kept it from being more."""
    names: dict[str, str | Sequence[str]] = {
        "day": f"{report.since:%Y-%m-%d}",
        "first_rule": report.blocks[0].rule if report.blocks else "no rule",
        "best_patterns": tuple(line.name for line in report.best_patterns),
        "worst_patterns": tuple(line.name for line in report.worst_patterns),
        "data_problems": tuple(quality.problem for quality in report.data_quality),
    }
    numbers: dict[str, Number | None] = {
        "trade_count": report.trade_count,
        "won": report.won,
        "pnl_usd": report.pnl_usd,
        "fees_usd": report.fees_usd,
        "funding_usd": report.funding_usd,
        "expected_bps": report.expected_bps,
        "realised_bps": report.realised_bps,
        "cost_bps": report.cost_bps,
        "approved": report.approved,
        "refused": report.refused,
    }
    return _ask("cil/reflection", strand, numbers, names, {}), _known(numbers, TRADES, COSTS, EXPECTED, GATE)


def _known(numbers: Mapping[str, Number | None], *sentences: str) -> str:
    """The first sentence, and those of the others in which nothing is missing."""
    missing = {f"{{{name}}}" for name, number in numbers.items() if number is None}
    first, *others = sentences
    return " ".join((first, *(text for text in others if not any(place in text for place in missing))))


def _ask(
    prompt: str,
    strand: Strand,
    numbers: Mapping[str, Number | None],
    names: Mapping[str, str | Sequence[str]],
    quoted: Mapping[str, str],
) -> Ask:
    return Ask(
        agent="cil.scribe",
        prompt=prompt,
        evidence=Evidence(numbers=numbers, names=names, quoted=quoted),
        at=strand.at,
        correlation=strand.lifecycle,
    )
