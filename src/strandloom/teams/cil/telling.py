"""The rules' own words for what this layer found, and the same numbers for a model that may say it better."""

from collections.abc import Mapping, Sequence

from strandloom.blackboard.strand import Strand
from strandloom.kinds.insight import Guidance
from strandloom.learning.synthesis.coverage import Coverage
from strandloom.learning.synthesis.pairs import Found
from strandloom.llm.figures import Number
from strandloom.llm.port import Ask, Evidence

Names = Mapping[str, str | Sequence[str]]
SHOWN = 3  # of each list; the strand has them all


def of_pairs(strand: Strand, found: Found) -> tuple[Ask, str]:
    """Who came together, and who came first."""
    numbers: dict[str, Number | None] = {"pairs_tested": len(found.tried), "days": found.days}
    names: dict[str, str] = {}
    parts = []
    for n, it in enumerate(found.confluence[:SHOWN], 1):
        names |= {f"one_{n}": it.one, f"other_{n}": it.other}
        numbers |= {
            f"together_{n}": it.together,
            f"expected_{n}": it.expected,
            f"lift_{n}": it.lift,
            f"p_{n}": it.p,
        }
        parts.append(
            f"{{one_{n}}} and {{other_{n}}} began together {{together_{n}}} times where their rhythms "
            f"give {{expected_{n}}} (lift {{lift_{n}}}, p {{p_{n}}})."
        )
    for n, way in enumerate(found.leads[:SHOWN], 1):
        names |= {f"leader_{n}": way.leader, f"follower_{n}": way.follower}
        numbers |= {
            f"after_{n}": way.after,
            f"before_{n}": way.before,
            f"lag_{n}_minutes": way.minutes,
            f"p_lead_{n}": way.p,
        }
        parts.append(
            f"{{follower_{n}}} came {{after_{n}}} times after {{leader_{n}}} and {{before_{n}}} times before "
            f"it, most often {{lag_{n}_minutes}} minutes later (p {{p_lead_{n}}})."
        )
    tail = "Tested {pairs_tested} pairs over {days} days; a test is no promise."
    return _ask("synthesis", strand, numbers, names), " ".join((*parts, tail))


def of_coverage(strand: Strand, covered: Coverage) -> tuple[Ask, str]:
    """Where nothing is seen or heard."""
    names: Names = {"blind": covered.blind, "unseen": covered.unseen, "silent": covered.silent}
    parts = []
    if covered.blind:
        parts.append("No bars come for {blind}.")
    if covered.unseen:
        parts.append("Nothing began for a day on {unseen}.")
    if covered.silent:
        parts.append("Fell silent after speaking every day: {silent}.")
    plain = " ".join(parts) or "Nothing is missing any more of what was there in the last two weeks."
    return _ask("synthesis", strand, {}, names), plain


def of_guidance(strand: Strand, body: Guidance) -> tuple[Ask, str]:
    """What a team may want to know."""
    numbers: dict[str, Number | None] = {"lessons_in_force": len(body.lessons)}
    names: dict[str, str | Sequence[str]] = {"team": body.team.replace("_", " ")}
    parts = []
    for n, key in enumerate(body.resonating[:SHOWN], 1):
        names[f"key_{n}"] = key.key
        numbers |= {
            f"resonance_{n}": key.resonance,
            f"net_{n}_bps": key.net_bps,
            f"n_{n}_blocks": key.n_blocks,
        }
        parts.append(
            f"{{key_{n}}} resonates ({{resonance_{n}}}; {{net_{n}_bps}} bps net over "
            f"{{n_{n}_blocks}} blocks)."
        )
    for n, lesson in enumerate(body.contraindicated[:SHOWN], 1):
        names[f"harm_{n}"] = lesson.what
        numbers |= {f"gross_{n}_bps": lesson.mean_gross_bps, f"harm_{n}_blocks": lesson.n_blocks}
        parts.append(
            f"Contraindicated: {{harm_{n}}} ({{gross_{n}_bps}} bps gross over {{harm_{n}_blocks}} blocks)."
        )
    for n, way in enumerate(body.executing[:SHOWN], 1):
        names |= {f"style_{n}": way.style, f"volatility_{n}": way.volatility}
        names[f"venue_{n}"] = way.venue or "every venue"
        numbers |= {f"saved_{n}_bps": way.saved_bps, f"low_{n}_bps": way.low_bps, f"orders_{n}": way.n}
        parts.append(
            f"On {{venue_{n}}} a {{style_{n}}} order in {{volatility_{n}}} markets saved "
            f"{{saved_{n}_bps}} bps against a taker (lower bound {{low_{n}_bps}}, {{orders_{n}}} orders)."
        )
    tail = (
        "Lessons in force: {lessons_in_force}." if parts or body.lessons else "Nothing of it holds any more."
    )
    return _ask("guidance", strand, numbers, names), " ".join((*parts, tail))


def _ask(task: str, strand: Strand, numbers: Mapping[str, Number | None], names: Names) -> Ask:
    return Ask(
        agent=f"cil.{task}",
        prompt=f"cil/{task}",
        evidence=Evidence(numbers=numbers, names=names),
        at=strand.at,
        correlation=strand.lifecycle,
    )
