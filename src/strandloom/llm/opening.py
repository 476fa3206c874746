"""Opens the writer that the settings ask for: rules, a model with its books, or the kept replies alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from strandloom.basics.clock import Clock
from strandloom.basics.errors import CannotStart
from strandloom.llm.calls import Budgets, Calls
from strandloom.llm.model import ModelWriter, Patience
from strandloom.llm.port import Writer
from strandloom.llm.prices import Price
from strandloom.llm.rule import RuleWriter
from strandloom.llm.talker import Talker
from strandloom.llm.wire import Endpoint, wire
from strandloom.settings import Settings
from strandloom.store.database import Database

MOST_REPLY_BYTES = 256_000


@asynccontextmanager
async def writer(settings: Settings, database: Database, clock: Clock) -> AsyncIterator[Writer]:
    """The writer of a running service."""
    if settings.llm_model is None:
        yield RuleWriter()
        return
    calls = Calls(database, budgets(settings), clock)
    async with wire(_endpoint(settings, settings.llm_model)) as line:
        talker = Talker(line, calls, own_price(settings), clock)
        yield ModelWriter(settings.llm_model, calls, _patience(settings), talker)


def replaying(settings: Settings, database: Database, clock: Clock) -> Writer:
    """The writer of a backtest: what the model said then, word for word, and rules where it said nothing."""
    if settings.llm_model is None:
        return RuleWriter()
    return ModelWriter(
        settings.llm_model, Calls(database, budgets(settings), clock), _patience(settings), None
    )


def budgets(settings: Settings) -> Budgets:
    """The most that may be spent."""
    return Budgets(
        agent_day_usd=settings.llm_agent_day_usd,
        day_usd=settings.llm_day_usd,
        total_usd=settings.llm_total_usd,
    )


def own_price(settings: Settings) -> Price | None:
    """A person's own price; one half of it is a mistake."""
    read_usd, written_usd = settings.llm_price_in_usd, settings.llm_price_out_usd
    if read_usd is None and written_usd is None:
        return None
    if read_usd is None or written_usd is None:
        raise CannotStart("LLM_PRICE_IN_USD and LLM_PRICE_OUT_USD belong together; set both, or neither")
    return Price(input_usd=read_usd, output_usd=written_usd)


def _endpoint(settings: Settings, model: str) -> Endpoint:
    if not settings.llm_base_url.startswith(("https://", "http://")):
        raise CannotStart("LLM_BASE_URL must begin with https:// or http://, as in https://api.openai.com/v1")
    return Endpoint(
        base_url=settings.llm_base_url,
        key=settings.llm_api_key.get_secret_value() if settings.llm_api_key else "",
        model=model,
        most_output_tokens=settings.llm_output_tokens,
        most_reply_bytes=MOST_REPLY_BYTES,
    )


def _patience(settings: Settings) -> Patience:
    return Patience(writing_s=settings.llm_writing_s, verdict_s=settings.llm_verdict_s)
