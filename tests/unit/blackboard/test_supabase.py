"""What can be wrong with a Supabase project before the first call."""

import pytest

from strandloom import wiring
from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import CannotStart
from strandloom.blackboard.supabase import supabase_board
from strandloom.settings import Settings


async def test_an_address_without_a_key_is_refused_in_one_sentence() -> None:
    settings = Settings(supabase_url="https://project.supabase.co")
    with pytest.raises(CannotStart, match="SUPABASE_SERVICE_KEY"):
        async with wiring.board(settings):
            pass


async def test_a_malformed_address_is_refused_in_one_sentence() -> None:
    with pytest.raises(CannotStart, match="malformed"):
        await supabase_board("not an address", "key", SystemClock())
