"""The writer that follows rules: templates over the same numbers, the same words every time."""

from strandloom.llm.figures import filled
from strandloom.llm.port import Ask, Byline, Grammar, Hypotheses, Prose, Verdict

BY_RULE = Byline()


class RuleWriter:
    """Needs no key, no network and no money; without a model it writes everything."""

    async def prose(self, ask: Ask, plain: str) -> Prose:
        return written(ask, plain)

    async def verdict(self, ask: Ask) -> Verdict:
        return undecided()

    async def hypotheses(self, ask: Ask, grammar: Grammar) -> Hypotheses:
        return nothing_proposed()


def written(ask: Ask, plain: str, by: Byline = BY_RULE) -> Prose:
    """The template, filled; what is too long ends after its last whole word."""
    text = filled(plain, ask.evidence.numbers, ask.evidence.names)
    if len(text) > ask.longest:
        text = f"{text[: ask.longest - 1].rpartition(' ')[0]}…"
    return Prose(text=text, by=by)


def undecided(by: Byline = BY_RULE) -> Verdict:
    """Rules judge where they stand, in the asker's own code; here they have nothing to add."""
    return Verdict(stance="unsure", why="no model was heard", by=by)


def nothing_proposed(by: Byline = BY_RULE) -> Hypotheses:
    """Code proposes its hypotheses itself."""
    return Hypotheses(proposals=(), by=by)
