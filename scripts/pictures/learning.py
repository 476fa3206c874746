"""The pictures of docs/learning.md: every curve comes from the functions that the network itself uses."""

import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from strandloom.scoring import gate, resonance
from strandloom.scoring.demotion import ALPHA, doubt
from strandloom.scoring.drift import Drift
from strandloom.scoring.evidence import Estimate, Floats, Outcomes, blocks, in_order
from strandloom.scoring.nulls import Sample

INK, GRID, PAPER = "#22303c", "#e6e9ec", "#ffffff"
GOOD, BAD, CALM, WARM = "#1b9e5a", "#d1495b", "#4a6fa5", "#e09f3e"
SD_BPS = 40.0
BLOCK_S = 3_600


def figure(width: float = 8.0, height: float = 3.4, columns: int = 1) -> tuple[Figure, list[Axes]]:
    drawn = Figure(figsize=(width, height), facecolor=PAPER, layout="constrained")
    axes = [drawn.add_subplot(1, columns, place + 1) for place in range(columns)]
    for each in axes:
        each.grid(color=GRID, linewidth=0.8)
        each.set_axisbelow(True)
        each.spines[["top", "right"]].set_visible(False)
        each.tick_params(colors=INK, labelsize=8)
    return drawn, axes


def titled(axes: Axes, title: str, x: str, y: str) -> None:
    axes.set_title(title, fontsize=9.5, color=INK, loc="left")
    axes.set_xlabel(x, fontsize=8.5, color=INK)
    axes.set_ylabel(y, fontsize=8.5, color=INK)


def phi() -> Figure:
    """One timeframe says little; several that agree say much, and one that disagrees takes it back."""
    drawn, (left, right) = figure(columns=2)
    z = np.linspace(-4, 4, 201)
    for n, colour in ((12, WARM), (60, CALM), (240, INK)):
        scale = Estimate(mean=z, se=np.ones_like(z), n_blocks=np.full(z.size, n, dtype=np.int64))
        left.plot(z, resonance.agreement(scale), color=colour, label=f"{n} blocks")
    left.legend(frameon=False, fontsize=8)
    titled(left, "One timeframe's voice", "mean result in standard errors", "m, from −1 to +1")
    cases = {
        "1m alone": [2.0],
        "1m and 5m": [2.0, 2.0],
        "four agree": [2.0, 2.0, 2.0, 2.0],
        "three agree,\none is flat": [2.0, 2.0, 2.0, 0.0],
        "three agree,\none loses": [2.0, 2.0, 2.0, -2.0],
        "all lose": [-2.0, -2.0, -2.0, -2.0],
    }
    values = [phi_of(scales) for scales in cases.values()]
    shown = [0.0 if np.isnan(value) else value for value in values]
    right.barh(range(len(cases)), shown, color=[GRID if np.isnan(v) else CALM for v in values])
    for row, value in enumerate(values):
        text = "not known" if np.isnan(value) else f"{value:.2f}"
        right.text((0.0 if np.isnan(value) else value) + 0.02, row, text, va="center", fontsize=8, color=INK)
    right.set_yticks(range(len(cases)), list(cases), fontsize=8)
    right.invert_yaxis()
    right.set_xlim(0, 1)
    titled(right, "φ of a pattern, 60 blocks on each timeframe", "φ", "")
    return drawn


def phi_of(z: list[float]) -> float:
    values = np.array(z)
    n = np.full(values.size, 60, dtype=np.int64)
    m = resonance.agreement(Estimate(mean=values, se=np.ones(values.size), n_blocks=n))
    return float(resonance.phi(np.zeros(values.size, dtype=np.int64), m, n.astype(np.float64), 1)[0])


def forecasts(hits: Floats, p: float, base: float, seed: int) -> Outcomes:
    """One key whose forecasts say `p` while `hits` of them come true, one outcome per block."""
    rng = np.random.default_rng(seed)
    n = hits.size
    won = rng.random(n) < hits
    results = np.where(won, SD_BPS, -SD_BPS)
    return in_order(
        Outcomes(
            key=np.zeros(n, dtype=np.int64), order=np.arange(n), opened_s=np.arange(n) * BLOCK_S,
            r_bps=results, gross_bps=results, p=np.full(n, p), base=np.full(n, base), n_keys=1,
            block_s=np.array([BLOCK_S]),
        )
    )  # fmt: skip


def rho_after(rows: Outcomes, counts: range) -> list[float]:
    found = []
    for n in counts:
        cut = Outcomes(
            key=rows.key[:n], order=rows.order[:n], opened_s=rows.opened_s[:n], r_bps=rows.r_bps[:n],
            gross_bps=rows.gross_bps[:n], p=rows.p[:n], base=rows.base[:n], n_keys=1, block_s=rows.block_s,
        )  # fmt: skip
        found.append(float(resonance.feedback(blocks(cut), cut.p, cut.base, cut.won).rho[0]))
    return found


def rho() -> Figure:
    """Skill that lasts against skill that ends: ρ forgets within a few windows of twenty blocks."""
    drawn, (axes,) = figure(height=3.0)
    counts, n = range(1, 401), 400
    lasting = forecasts(np.full(n, 0.68), 0.68, 0.5, seed=5)
    ending = forecasts(np.where(np.arange(n) < 200, 0.68, 0.42), 0.68, 0.5, seed=5)
    guessing = forecasts(np.full(n, 0.5), 0.6, 0.5, seed=8)
    for rows, colour, name in (
        (lasting, GOOD, "says 68 %, hits 68 %"),
        (ending, BAD, "the same until block 200, then 42 %"),
        (guessing, WARM, "says 60 %, hits 50 %"),
    ):
        axes.plot(counts, rho_after(rows, counts), color=colour, label=name)
    axes.axvline(200, color=INK, linewidth=0.8, linestyle=":")
    axes.set_ylim(-0.03, 1.05)
    axes.legend(frameon=False, fontsize=8, loc="center right")
    titled(axes, "ρ of three forecasters, as each block comes in", "blocks so far", "ρ")
    return drawn


def theta() -> Figure:
    """θ counts independent life: copies of one living pattern do not make the network more alive."""
    drawn, (axes,) = figure(width=6.4, height=3.0)
    rng = np.random.default_rng(2)
    base = rng.normal(0, 1, (40, 4_000))
    shares = np.arange(0, 41, 4)
    alone = [theta_of(base, alive) for alive in shares]
    copies = [theta_of(np.vstack([base] + [base[:1]] * 40), alive, 40) for alive in shares]
    axes.plot(shares, alone, color=CALM, marker="o", markersize=4, label="40 patterns, each for itself")
    axes.plot(
        shares, copies, color=WARM, marker="x", markersize=5, label="the same and 40 copies of the first"
    )
    axes.legend(frameon=False, fontsize=8)
    titled(axes, "θ: how alive is the network?", "patterns with φ = 0.8 and ρ = 0.7, of 40", "θ")
    return drawn


def theta_of(returns: Floats, alive: int, copies: int = 0) -> float:
    """The first `alive` patterns live; copies live where the first one does."""
    n = returns.shape[0]
    lives = np.arange(n) < alive
    if copies:
        lives[n - copies :] = alive > 0
    corr = resonance.correlations(returns)
    return resonance.theta(np.full(n, 50.0), np.where(lives, 0.8, 0.0), np.where(lives, 0.7, 0.0), corr)


def looks() -> Figure:
    """Four looks at three candidates: the bound that a first look must clear, and what each one shows."""
    drawn, (left, right) = figure(columns=2)
    rng = np.random.default_rng(14)
    level = gate.Q / gate.FEWEST_TRIALS
    candidates = ((11.0, GOOD, "a real edge", 4), (0.0, WARM, "nothing", 7), (-9.0, BAD, "it loses", 3))
    for edge, colour, name, size in candidates:
        net = rng.normal(edge, SD_BPS, max(gate.LOOKS))
        n = np.arange(10, net.size + 1)
        left.plot(n, np.cumsum(net)[9:] / n, color=colour, linewidth=1.2, label=name)
        seen = [sample(net[:count]) for count in gate.LOOKS]
        p = [gate.look_p([look]) for one in seen if (look := gate.look_at(one, one)) is not None]
        right.plot(gate.LOOKS[-len(p) :], np.minimum.accumulate(p), color=colour, marker="o", markersize=size)
    needed = [needed_bps(count, level, number) for number, count in enumerate(gate.LOOKS)]
    left.plot(gate.LOOKS, needed, color=INK, marker="v", linestyle="none", label="needed at the look")
    left.axhline(0, color=INK, linewidth=0.8)
    left.set_ylim(-35, 35)
    left.legend(frameon=False, fontsize=7.5, ncols=2)
    titled(left, "Mean net result so far", "blocks after registration", "bps")
    right.set_yscale("log")
    right.axhline(level, color=INK, linestyle=":", linewidth=1)
    right.text(235, level * 1.6, f"{level:g}: passes, were it the only one", fontsize=8, color=INK)
    titled(right, "p over the looks so far", "blocks at the look", "p")
    return drawn


def sample(values: Floats) -> Sample:
    return Sample.of(values, np.ones(values.size))


def needed_bps(count: int, level: float, number: int) -> float:
    """The mean at which the lower bound of a look stands at zero."""
    flat = Sample(n=count, mean=0.0, se=SD_BPS / np.sqrt(count), skew=0.0)
    return -gate.adjusted_lower(flat, gate.Look(number=number, p=0.0), level)


def doubts() -> Figure:
    """A bet against the claim: it ruins whoever bets against a living edge, and wins when the edge dies."""
    drawn, (axes,) = figure(height=3.0)
    rng = np.random.default_rng(6)
    claim, n, dies = 0.16 * SD_BPS, 500, 60
    noise = rng.normal(0, SD_BPS, n)
    living = doubt(noise + claim / gate.CLAIM_SHARE, claim=claim, sd=SD_BPS)
    dying = doubt(
        noise + np.where(np.arange(n) < dies, claim / gate.CLAIM_SHARE, -0.5 * claim), claim=claim, sd=SD_BPS
    )
    axes.plot(living.wealth, color=GOOD, label="the edge lives")
    stop = (dying.suspended_at or n - 1) + 1
    axes.plot(dying.wealth[:stop], color=BAD, label=f"the edge dies at block {dies}")
    axes.axhline(1 / ALPHA, color=INK, linestyle=":", linewidth=1)
    axes.text(5, 1 / ALPHA * 1.15, f"{1 / ALPHA:.0f}: suspended", fontsize=8, color=INK)
    axes.axvline(dies, color=INK, linewidth=0.8, linestyle=":")
    axes.set_yscale("log")
    axes.legend(frameon=False, fontsize=8, loc="lower left")
    titled(axes, "The doubter's wealth", "blocks after promotion", "wealth (began with 1)")
    return drawn


def drift() -> Figure:
    """In a rising month every long trade wins; beyond the drift of the market nothing is left."""
    drawn, (left, right) = figure(columns=2)
    rng = np.random.default_rng(9)
    minutes, holding = 30 * 1_440, 60
    price = np.exp(np.cumsum(rng.normal(0.075, 3.0, minutes) * 1e-4))
    left.plot(np.arange(minutes) / 1_440, 100 * price, color=CALM, linewidth=1)
    titled(left, "A month that rises", "days", "price")
    summed = Drift.of(0, price, np.zeros(minutes, dtype=np.int64))
    opened = np.arange(6 * 1_440, minutes - holding, 97)
    gross = np.log(price[opened + holding] / price[opened]) * 1e4
    base = np.array([summed.baseline_bps(int(at), holding, 0) for at in opened], dtype=np.float64)
    bins = np.linspace(-90, 110, 41)
    right.hist(gross, bins=bins, color=GOOD, alpha=0.55, label=f"always long: {gross.mean():+.1f} bps")
    beyond = gross - base
    right.hist(beyond, bins=bins, color=WARM, alpha=0.55, label=f"beyond the drift: {beyond.mean():+.1f} bps")
    right.axvline(0, color=INK, linewidth=0.8)
    right.set_ylim(0, right.get_ylim()[1] * 1.3)
    right.legend(frameon=False, fontsize=8, loc="upper left")
    titled(right, "Entries at any minute, held for an hour", "gross result, bps", "entries")
    return drawn


PICTURES: dict[str, Callable[[], Figure]] = {
    "phi": phi,
    "rho": rho,
    "theta": theta,
    "looks": looks,
    "doubt": doubts,
    "drift": drift,
}


def main(folder: str) -> None:
    mpl.rcParams["svg.hashsalt"] = "strandloom"
    mpl.rcParams["font.family"] = "DejaVu Sans"
    for name, draw in PICTURES.items():
        draw().savefig(Path(folder) / f"learning-{name}.png", dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main(sys.argv[1])
