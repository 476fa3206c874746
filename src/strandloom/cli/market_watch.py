"""Behind `strandloom market watch`: a feed and an assembler without a board, drawn as they go."""

import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from strandloom.cli import given, show
from strandloom.cli.data_store import names
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.market import minute as minutes
from strandloom.market.assembler import Assembler
from strandloom.market.beat import Alarm, Beat
from strandloom.market.feeds.port import Closed
from strandloom.market.freshness import Fresh, Freshness
from strandloom.market.source import Source, source
from strandloom.market.store import BarStore

Draw = Callable[[datetime, str], None]


async def run(feed: str | None, symbols: str | None, limit: int | None, *, as_json: bool) -> None:
    """Watch until the feed ends, the limit is reached, or Ctrl-C."""
    settings = given.settings()
    if wanted := names(symbols):
        settings = settings.model_copy(update={"symbols": tuple(wanted)})
    store: BarStore | None = None
    async with source(settings, feed or settings.feed, store) as market:
        market.go_to(market.first)
        watched = Watched(market)
        if sys.stdout.isatty() and not as_json:
            await _live(watched, limit)
        else:
            await watched.follow(limit, lambda now, said: None, lambda beat: _line(watched, beat, as_json))


class Watched:
    """What has been seen of a feed so far."""

    def __init__(self, market: Source) -> None:
        self.market = market
        self.fresh = Freshness(market.symbols)
        self.given = 0

    async def follow(self, limit: int | None, draw: Draw, told: Callable[[Beat], None]) -> None:
        """Take what the feed tells, and hand on each heartbeat and each change."""
        assembler = Assembler(self.market.feed.venue, self.market.first)
        async for event in self.market.feed.closed(self.market.symbols, self.market.first):
            if isinstance(event, Closed):
                self.fresh.bars(event.bars, event.now)
            said = ""
            for decided in assembler.take(event):
                said = self._decided(decided, told)
                if limit is not None and self.given >= limit:
                    draw(event.now, said)
                    return
            draw(event.now, said)

    def _decided(self, decided: Beat | Alarm, told: Callable[[Beat], None]) -> str:
        if isinstance(decided, Alarm):
            return f"the feed is silent since {minutes.opens(decided.minute):%H:%M}"
        self.given += 1
        self.fresh.missed((*decided.body.late, *decided.body.missing), decided.minute)
        told(decided)
        return f"heartbeat {decided.body.minute:%Y-%m-%d %H:%M}, {_state(decided.body)}"


def _state(body: Heartbeat) -> str:
    absent = (*body.late, *body.missing)
    state = f"without {', '.join(absent)}" if absent else "complete"
    return f"{state}, caught up" if body.catch_up else state


def _line(watched: Watched, beat: Beat, as_json: bool) -> None:
    """A heartbeat for pipes and programs."""
    now = minutes.closes(beat.minute)
    symbols = [_row(one) for one in watched.fresh.at(now)]
    values: dict[str, Any] = {"minute": beat.body.minute, "state": _state(beat.body)}
    if as_json:
        show.line({**values, "symbols": symbols}, as_json=True)
    else:
        closes = [f"{row['symbol']} {row['close']}" for row in symbols]
        show.line({**values, "closes": "  ".join(closes)}, as_json=False)


def _row(one: Fresh) -> dict[str, Any]:
    bar = one.bar
    return {
        "symbol": one.symbol,
        "age_s": one.age_s,
        "bar": None if bar is None else bar.at,
        "open": None if bar is None else bar.open,
        "high": None if bar is None else bar.high,
        "low": None if bar is None else bar.low,
        "close": None if bar is None else bar.close,
        "volume": None if bar is None else bar.volume,
        "missing": one.missing,
        "per_minute": round(one.per_minute, 2),
    }


async def _live(watched: Watched, limit: int | None) -> None:
    from rich.live import Live

    last = "waiting for the first heartbeat"
    with Live(_table(watched, None, last), refresh_per_second=8) as live:

        def draw(now: datetime, said: str) -> None:
            nonlocal last
            last = said or last
            live.update(_table(watched, now, last))

        await watched.follow(limit, draw, lambda beat: None)


def _table(watched: Watched, now: datetime | None, said: str) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    market = watched.market
    clock = f"{now:%Y-%m-%d %H:%M:%S} UTC" if now else "…"
    drawn = Table(
        title=f"{market.about}\n{clock}  {said}",
        title_justify="left",
        box=SIMPLE_HEAD,
        caption="age: seconds since the newest bar closed; gap: missing minutes of the last day",
        caption_justify="left",
    )
    for name in ("symbol", "age s", "last bar", "close", "change", "volume", "gap", "bars/min"):
        drawn.add_column(name, justify="left" if name in ("symbol", "last bar") else "right", no_wrap=True)
    for one in watched.fresh.at(now) if now else ():
        drawn.add_row(*_cells(one), style="red" if one.missing or (one.age_s or 0) > 120 else None)
    return drawn


def _cells(one: Fresh) -> list[str]:
    bar = one.bar
    if bar is None:
        return [one.symbol, "–", "–", "–", "–", "–", str(one.missing), "0.0"]
    return [
        one.symbol,
        f"{max(one.age_s or 0.0, 0.0):.0f}",
        f"{bar.at:%H:%M}{' flat' if bar.filled else ''}",
        f"{bar.close:,.6g}" if bar.close < 1e5 else f"{bar.close:,.0f}",
        f"{100 * (bar.close / bar.open - 1):+.3f} %",
        f"{bar.volume:,.4g}",
        str(one.missing),
        f"{one.per_minute:.1f}",
    ]
