"""What the Trader learnt by trading, as a hypothesis: it suggests, and only later orders confirm."""

from strandloom.kinds.execution import ExecutionLearning
from strandloom.kinds.lesson import Action, Hypothesis
from strandloom.kinds.performance import Style

WORTH_TRYING = 32  # orders before it is put to the gate
LONGEST_S = 3_600  # that such an order rests
_ENTER: dict[Style, Action] = {"maker": "enter_maker", "sliced": "enter_sliced"}


def supposed(learnt: ExecutionLearning, cost_model: str) -> Hypothesis | None:
    """What is worth putting to the gate: never the yardstick itself, and only what stands out.

    What was seen so far confirms nothing; savings are net, so there is no further cost.
    """
    action = _ENTER.get(learnt.style)
    if action is None or learnt.lesson_type == "undecided" or learnt.orders < WORTH_TRYING:
        return None
    return Hypothesis(
        family="execution",
        predicate=learnt.predicate,
        action_hint=action,
        horizon_s=LONGEST_S,
        cost_model=cost_model,
        cost_bps=0.0,
        writer="rule",
    )
