"""The one finding that explains most of the gap between plan and reality, and what to do about it: pure."""

from strandloom.kinds.execution import ExecutionInsights, Finding, Recommendation
from strandloom.kinds.performance import PerformanceAnalysis, Style
from strandloom.teams.trader.because import WORTH_BPS

WORDS: dict[Recommendation, str] = {
    "keep": "go on like this",
    "expect_less": "expect less of such a move",
    "expect_more": "such a move may be worth more than was planned",
    "wait_in_the_book": "enter by waiting in the book where the plan allows it",
    "send_smaller_orders": "send smaller orders",
    "hold_shorter": "hold shorter where funding is paid",
}


def insight(trade: PerformanceAnalysis) -> ExecutionInsights:
    """Of a closed trade."""
    name, by_bps = max(sorted(trade.gaps_bps.items()), key=lambda item: abs(item[1]), default=("move", 0.0))
    whole = sum(map(abs, trade.gaps_bps.values()))
    finding = _finding(name, by_bps)
    recommendation = _recommendation(name, by_bps, trade.style)
    expected_bps = trade.expected_bps
    gap_bps = (trade.realised_bps or 0.0) - expected_bps if expected_bps is not None else 0.0
    return ExecutionInsights(
        decision=trade.decision,
        plan=trade.plan,
        symbol=trade.symbol,
        venue=trade.venue,
        finding=finding,
        share=abs(by_bps) / whole if whole else 0.0,
        gap_bps=gap_bps,
        by_bps=by_bps,
        recommendation=recommendation,
        text=f"{trade.symbol}: {trade.because}. {WORDS[recommendation].capitalize()}.",
        patterns=trade.patterns,
    )


def _finding(name: str, by_bps: float) -> Finding:
    if abs(by_bps) < WORTH_BPS:
        return "as_planned"
    if name == "move":
        return "the_move_was_smaller" if by_bps < 0 else "the_move_was_larger"
    return "slippage" if name == "slippage" else "fees" if name == "fees" else "funding"


def _recommendation(name: str, by_bps: float, style: Style) -> Recommendation:
    if abs(by_bps) < WORTH_BPS or (by_bps > 0 and name != "move"):
        return "keep"
    if name == "move":
        return "expect_less" if by_bps < 0 else "expect_more"
    if name == "funding":
        return "hold_shorter"
    return "wait_in_the_book" if style == "taker" else "send_smaller_orders"
