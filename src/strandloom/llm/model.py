"""The writer that asks a language model, and falls back to the rules, with the reason, whenever it must."""

from dataclasses import dataclass
from typing import TypeVar

from loguru import logger

from strandloom.llm import rule, shapes
from strandloom.llm.calls import Calls
from strandloom.llm.faults import NoAnswer, Unfit
from strandloom.llm.port import Ask, Byline, Grammar, Hypotheses, Prose, Verdict
from strandloom.llm.prompts import Request, request
from strandloom.llm.shapes import Shape
from strandloom.llm.talker import Talker

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long an ask may take, its repair included."""

    writing_s: float
    verdict_s: float


class ModelWriter:
    """Looks among the kept replies first, then asks.  Without a talker it replays: these, or the rules."""

    def __init__(self, model: str, calls: Calls, patience: Patience, talker: Talker | None) -> None:
        self._model = model
        self._calls = calls
        self._patience = patience
        self._talker = talker

    async def prose(self, ask: Ask, plain: str) -> Prose:
        try:
            text, by = await self._answer(ask, shapes.prose(ask), self._patience.writing_s)
        except NoAnswer as no:
            return rule.written(ask, plain, _instead(no))
        return Prose(text=text, by=by)

    async def verdict(self, ask: Ask) -> Verdict:
        try:
            (stance, why), by = await self._answer(ask, shapes.verdict(ask), self._patience.verdict_s)
        except NoAnswer as no:
            return rule.undecided(_instead(no))
        return Verdict(stance=stance, why=why, by=by)

    async def hypotheses(self, ask: Ask, grammar: Grammar) -> Hypotheses:
        try:
            proposals, by = await self._answer(ask, shapes.hypotheses(grammar), self._patience.writing_s)
        except NoAnswer as no:
            return rule.nothing_proposed(_instead(no))
        return Hypotheses(proposals=proposals, by=by)

    async def _answer(self, ask: Ask, shape: Shape[T], patience_s: float) -> tuple[T, Byline]:
        asked = request(ask, shape, self._model)
        by = Byline(writer=self._model, prompt=asked.prompt.version)
        kept = await self._calls.kept(asked.key)
        if kept is not None:
            return _still_fit(shape, kept), by
        return await self._fresh(ask, asked, shape, patience_s), by

    async def _fresh(self, ask: Ask, asked: Request, shape: Shape[T], patience_s: float) -> T:
        if self._talker is None:
            raise NoAnswer("not among the kept replies")
        try:
            return await self._talker.answer(ask, asked, shape, patience_s)
        except NoAnswer as no:
            logger.info("model_not_used", agent=ask.agent, prompt=ask.prompt, reason=str(no))
            raise


def _still_fit(shape: Shape[T], kept: str) -> T:
    """What was good once may fail stricter rules; then it stays unused."""
    try:
        return shape.read(kept)
    except Unfit as unfit:
        raise NoAnswer(f"the kept reply does not pass any more: {unfit}") from unfit


def _instead(no: NoAnswer) -> Byline:
    return Byline(fallback=str(no))
