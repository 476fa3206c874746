"""Named, versioned cost models: one and the same for plans, outcomes and backtests."""

from dataclasses import dataclass

from strandloom.basics.errors import BadInput

BPS = 10_000.0
REFERENCE_NOTIONAL_USD = 10_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CostModel:
    """What one side of a trade costs, in basis points of its notional."""

    name: str
    taker_fee_bps: float
    maker_fee_bps: float
    flat_slippage_bps: float | None = None  # instead of spread and impact

    def taker_bps(self, half_spread_bps: float, slippage_bps: float) -> float:
        """A side that crosses the spread."""
        if self.flat_slippage_bps is not None:
            return self.taker_fee_bps + self.flat_slippage_bps
        return self.taker_fee_bps + half_spread_bps + slippage_bps

    def maker_bps(self) -> float:
        """A side that waits in the book."""
        if self.flat_slippage_bps is not None:
            return self.maker_fee_bps + self.flat_slippage_bps
        return self.maker_fee_bps

    def round_trip_bps(self, half_spread_bps: float, slippage_bps: float) -> float:
        """In and out by crossing."""
        return 2.0 * self.taker_bps(half_spread_bps, slippage_bps)


VENUE = CostModel(name="venue/1", taker_fee_bps=4.5, maker_fee_bps=1.5)
FLAT = CostModel(name="flat/1", taker_fee_bps=26.0, maker_fee_bps=26.0, flat_slippage_bps=10.0)
MODELS = {model.name: model for model in (VENUE, FLAT)}


def cost_model(name: str) -> CostModel:
    """The model of that name; «venue» and «flat» mean their newest versions."""
    newest = {"venue": VENUE, "flat": FLAT}
    model = MODELS.get(name) or newest.get(name)
    if model is None:
        raise BadInput(f"there is no cost model {name!r}; there are: {', '.join(MODELS)}")
    return model


def modelled_half_spread_bps(
    minute_sd_bps: float, bid: float | None = None, ask: float | None = None
) -> float:
    """Half the quoted spread where there is a quote, else a tenth of a minute's standard deviation."""
    if bid is not None and ask is not None and 0.0 < bid < ask:
        return (ask - bid) / (ask + bid) * BPS
    return min(max(0.1 * minute_sd_bps, 0.25), 50.0)


def modelled_slippage_bps(
    minute_sd_bps: float, minute_volume_usd: float, notional_usd: float = REFERENCE_NOTIONAL_USD
) -> float:
    """The square-root law: one minute's sd for a trade as large as a minute's volume."""
    share = notional_usd / max(minute_volume_usd, notional_usd / 4.0)
    return float(min(max(minute_sd_bps * share**0.5, 0.0), 100.0))
