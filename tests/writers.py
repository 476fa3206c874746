"""Writers for stories: they say what they are told to, and remember what they were asked."""

from strandloom.llm.port import Ask, Byline, Prose, Stance, Verdict
from strandloom.llm.rule import RuleWriter, undecided, written

BY_MODEL = Byline(writer="tiny", prompt="test/prompt@0123abcd")


class Speaker(RuleWriter):
    """Answers like a model; silent, it falls back like one."""

    def __init__(self, stance: Stance | None = None, text: str | None = None) -> None:
        self.asked: list[Ask] = []
        self._stance = stance
        self._text = text

    async def verdict(self, ask: Ask) -> Verdict:
        self.asked.append(ask)
        if self._stance is None:
            return undecided(Byline(fallback="HTTP 500"))
        return Verdict(stance=self._stance, why="It looks so.", by=BY_MODEL)

    async def prose(self, ask: Ask, plain: str) -> Prose:
        self.asked.append(ask)
        if self._text is None:
            return written(ask, plain, Byline(fallback="HTTP 500"))
        return Prose(text=self._text, by=BY_MODEL)
