"""The worker processes of a storm: forked from a warm parent, killed without warning, replaced at once."""

import multiprocessing
from random import Random

from tests.chaos.worker import work

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.chaos.worker"])


class Crew:
    """So many workers on one database."""

    def __init__(self, url: str, play: str, size: int) -> None:
        self._url = url
        self._play = play
        self._hired = 0
        self._workers = [self._hire(None) for _ in range(size)]

    def kill_one(self, rng: Random) -> None:
        """SIGKILL to one of them; its heir is told who died."""
        place = rng.randrange(len(self._workers))
        dead = self._workers[place]
        dead.kill()
        dead.join()
        self._workers[place] = self._hire(dead.name)

    def mend(self) -> None:
        """Replace those that ended by themselves, as a supervisor would."""
        for place, worker in enumerate(self._workers):
            if not worker.is_alive():
                self._workers[place] = self._hire(worker.name)

    def dismiss(self) -> None:
        for worker in self._workers:
            worker.kill()
            worker.join()

    def _hire(self, dead_holder: str | None) -> "multiprocessing.process.BaseProcess":
        self._hired += 1
        holder = f"worker-{self._hired}"
        process = _CONTEXT.Process(
            target=work, args=(self._url, self._play, holder, dead_holder), name=holder, daemon=True
        )
        process.start()
        return process
