"""An upkeep that can be waited for: it does what it does, and remembers what it was given to tell."""

import asyncio
from collections.abc import Callable, Sequence

from strandloom.teams.trader.needs import Need
from strandloom.teams.trader.upkeep import Upkeep


class ToldUpkeep(Upkeep):
    """`told` has what each call was about, in order."""

    def __init__(self, *parts: object) -> None:
        super().__init__(*parts)  # type: ignore[arg-type]
        self.told: list[list[tuple[str, str, str]]] = []
        self._heard = asyncio.Condition()

    async def tell(self, found: Sequence[Need]) -> None:
        await super().tell(found)
        async with self._heard:
            self.told.append([(need.reason, need.symbol, need.what) for need in found])
            self._heard.notify_all()

    async def until(self, true: Callable[[list[list[tuple[str, str, str]]]], bool]) -> None:
        """Wait until what was told makes it true."""
        async with asyncio.timeout(60), self._heard:
            await self._heard.wait_for(lambda: true(self.told))
