"""What is fixed about one perpetual: its units, its legal prices and its margin tiers."""

from dataclasses import dataclass, field
from decimal import Decimal

MICRO = 1_000_000  # micro-dollars in a dollar
E8 = 100_000_000  # commands carry prices and sizes in units of 1e-8, as fine as the wire can write them
_MAX_FINE_PX = 100_000  # five digits: below this every tick is a legal price


@dataclass(frozen=True, slots=True)
class Tier:
    """From this notional on, at most so much leverage."""

    lower_usd: int  # micro-dollars
    max_leverage: int


@dataclass(frozen=True, slots=True)
class Band:
    """A tier worked out for speed: maintenance margin is `notional / divisor - deduction`."""

    lower_usd: int
    max_leverage: int
    divisor: int
    deduction: int


def bands(tiers: tuple[Tier, ...]) -> tuple[Band, ...]:
    """The maintenance formula of each tier; deductions make it continuous from one tier to the next."""
    made: list[Band] = []
    for tier in tiers:
        divisor = 2 * tier.max_leverage
        deduction = 0
        if made:
            last = made[-1]
            deduction = last.deduction + tier.lower_usd // divisor - tier.lower_usd // last.divisor
        made.append(Band(tier.lower_usd, tier.max_leverage, divisor, deduction))
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Asset:
    """One row of the universe.  `index` is the asset id of the protocol."""

    index: int
    name: str
    sz_decimals: int
    max_leverage: int
    tiers: tuple[Tier, ...] = ()
    margin_table: int = 0  # the protocol's id of the tiers; ids below 50 mean one tier of that leverage
    only_isolated: bool = False
    px_decimals: int = field(init=False)
    whole: int = field(init=False)  # ticks in one dollar
    lots: int = field(init=False)  # lots in one base unit
    px_cut: int = field(init=False)  # 1e-8 units in a tick
    sz_cut: int = field(init=False)  # 1e-8 units in a lot
    bands: tuple[Band, ...] = field(init=False)

    def __post_init__(self) -> None:
        if not 0 <= self.sz_decimals <= 6:
            raise ValueError(f"{self.name}: sz_decimals must be 0 to 6, not {self.sz_decimals}")
        put = object.__setattr__
        put(self, "tiers", self.tiers or (Tier(0, self.max_leverage),))
        put(self, "margin_table", self.margin_table or self.max_leverage)
        put(self, "px_decimals", 6 - self.sz_decimals)
        put(self, "whole", 10**self.px_decimals)
        put(self, "lots", 10**self.sz_decimals)
        put(self, "px_cut", 10 ** (8 - self.px_decimals))
        put(self, "sz_cut", 10 ** (8 - self.sz_decimals))
        put(self, "bands", bands(self.tiers))

    def step(self, px: int) -> int:
        """The distance between legal prices here: five significant figures, whole dollars always legal."""
        if px < _MAX_FINE_PX:
            return 1
        step, edge, whole = 10, 10 * _MAX_FINE_PX, self.whole
        while step < whole and px >= edge:
            step *= 10
            edge *= 10
        return min(step, whole)

    def band(self, ntl: int) -> Band:
        """The tier that this notional (micro-dollars) falls into."""
        found = self.bands[0]
        for band in self.bands:
            if ntl < band.lower_usd:
                break
            found = band
        return found

    def maintenance(self, ntl: int) -> int:
        """Maintenance margin of a notional, rounded up."""
        band = self.band(ntl)
        return -(-ntl // band.divisor) - band.deduction

    def price(self, px: int) -> Decimal:
        """Ticks as dollars."""
        return Decimal(px).scaleb(-self.px_decimals)

    def size(self, sz: int) -> Decimal:
        """Lots as base units."""
        return Decimal(sz).scaleb(-self.sz_decimals)

    def px_text(self, px: int) -> str:
        """Ticks as dollars for people: no zeros at the end."""
        return f"{self.price(px).normalize():f}"

    def px_of(self, price: float | Decimal) -> int:
        """The nearest tick: for market data, which need not be legal order prices."""
        return round(price * self.whole)

    def sz_of(self, size: float | Decimal) -> int:
        """Whole lots, rounded down: for market volumes."""
        return int(size * self.lots)


def dollars(usd: int) -> Decimal:
    """Micro-dollars as dollars."""
    return Decimal(usd).scaleb(-6)


def micro(usd: Decimal | int) -> int:
    """Dollars as micro-dollars, rounded down."""
    return int(usd * MICRO)


def e8(value: Decimal | int | str) -> int:
    """A price or size as commands carry it; anything finer than 1e-8 is refused."""
    scaled = Decimal(value).scaleb(8)
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"{value} has more than eight decimals")
    return whole
