"""Restarting what fails, with growing pauses and a limit; what keeps failing is raised, never hidden."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from loguru import logger

from strandloom.basics import cancelled
from strandloom.basics.clock import Clock
from strandloom.basics.errors import BadInput, CannotStart, NotYet


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarts:
    """How often something may fail before it is given up."""

    limit: int = 5
    within_s: float = 300.0
    base_s: float = 0.5
    cap_s: float = 30.0
    waits_s: float = 5.0  # for what does not answer yet; that is no failure, and has no limit

    def pause_s(self, failures: Sequence[datetime], now: datetime) -> float | None:
        """How long to wait after the last of these failures; None: give up."""
        recent = sum((now - at).total_seconds() <= self.within_s for at in failures)
        if recent > self.limit:
            return None
        return float(min(self.cap_s, self.base_s * 2 ** max(recent - 1, 0)))


PATIENT = Restarts()


async def keep_running(
    name: str, run: Callable[[], Awaitable[None]], clock: Clock, restarts: Restarts = PATIENT
) -> None:
    """Run it until it ends by itself; restart it when it fails, unless a person must mend something."""
    failures: list[datetime] = []
    while True:
        try:
            return await run()
        except NotYet as error:
            cancelled.pass_on()
            logger.warning("waiting", what=name, why=str(error), again_in_s=restarts.waits_s)
            await clock.sleep(restarts.waits_s)
        except (CannotStart, BadInput):
            raise
        except Exception as error:
            cancelled.pass_on()
            failures.append(clock.wall())
            pause_s = restarts.pause_s(failures, clock.wall())
            if pause_s is None:
                error.add_note(f"{name} failed {len(failures)} times; it is given up")
                raise
            logger.opt(exception=error).error("restarting", what=name, failures=len(failures), in_s=pause_s)
            await clock.sleep(pause_s)
