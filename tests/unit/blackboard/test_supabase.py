"""A Supabase project that is misnamed, away, or answers with a code."""

import httpx
import pytest

from strandloom import wiring
from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import CannotStart, Retryable
from strandloom.blackboard.board import ConditionFailed, LeaseLost, Unacceptable
from strandloom.blackboard.sql_board import SqlBoard
from strandloom.blackboard.supabase import supabase_board
from strandloom.settings import Settings
from strandloom.store.failures import Conflict, TooSlow


async def test_an_address_without_a_key_is_refused_in_one_sentence() -> None:
    settings = Settings(supabase_url="https://project.supabase.co")
    with pytest.raises(CannotStart, match="SUPABASE_SERVICE_KEY"):
        async with wiring.board(settings):
            pass


async def test_a_malformed_address_is_refused_in_one_sentence() -> None:
    with pytest.raises(CannotStart, match="malformed"):
        await supabase_board("not an address", "key", SystemClock())


class Project:
    """A Supabase project that answers each call with the next of these."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path.rpartition("/")[2])
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def board(self) -> SqlBoard:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self.answer))
        return await supabase_board("https://project.supabase.co", "sb_secret_x", NoWait(), http=http)


class NoWait(SystemClock):
    """Pauses take no time."""

    async def sleep(self, seconds: float) -> None:
        return None


def refusal(status: int, code: str, message: str = "", details: str | None = None) -> httpx.Response:
    said = {"code": code, "message": message, "details": details, "hint": None}
    return httpx.Response(status, json=said)


async def test_what_may_be_sent_twice_is_sent_again_until_somebody_answers() -> None:
    project = Project(
        httpx.ConnectError("no route"),
        refusal(503, "PGRST001", "no connection"),
        httpx.Response(200, json=3),
    )
    assert await (await project.board()).sweep() == 3
    assert project.asked == ["ad_sweep"] * 3


async def test_a_claim_is_never_sent_twice() -> None:
    project = Project(httpx.ReadError("cut"))
    with pytest.raises(Retryable, match="claim"):
        await (await project.board()).claim("cil.reader", 1, "me")
    assert project.asked == ["ad_claim"]


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (refusal(409, "PT409", "lease lost: 0 of 1 deliveries are still held"), LeaseLost),
        (refusal(412, "PT412", "no longer holds", "budget.claim"), ConditionFailed),
        (refusal(422, "PT422", "tags: 'X' is not a tag"), Unacceptable),
        (refusal(409, "40P01", "deadlock detected"), Conflict),
        (refusal(500, "57014", "statement timeout"), TooSlow),
    ],
)
async def test_codes_mean_the_same_as_in_the_database(
    answer: httpx.Response, meaning: type[Exception]
) -> None:
    with pytest.raises(meaning):
        await (await Project(answer).board()).free("me")
