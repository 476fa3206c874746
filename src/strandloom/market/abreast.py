"""A module that never thinks before the bars of its minute have come, where the market is followed."""

from dataclasses import replace

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.module import Module, Seat, door
from strandloom.blackboard.strand import Said, Strand
from strandloom.market.filling import Filling


class Abreast:
    """The same module; the window is brought up to each strand first, which costs nothing where it leads."""

    def __init__(self, module: Module, filling: Filling) -> None:
        self.name = module.name
        self.reads = module.reads
        self._module = module
        self._filling = filling

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        await self._filling.reach(strand.at)
        return await self._module.handle(strand, desk)

    async def again(self, strand: Strand, desk: Desk) -> Said:
        """Somebody tried before; the module may have a door of its own for that."""
        await self._filling.reach(strand.at)
        return await door(self._module, attempts=2)(strand, desk)


def abreast(seat: Seat, filling: Filling) -> Seat:
    """The same seat with its module kept abreast of the market."""
    return replace(seat, module=Abreast(seat.module, filling))
