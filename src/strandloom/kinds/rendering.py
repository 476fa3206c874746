"""`rendering`: words for what another strand says in numbers.

Posted by cil.scribe about lessons whose standing changed, about reports of a day and about braids of many
outcomes; read by people.  The strand that it renders stays as it is: words never change a number or a status.
"""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from strandloom.kinds.registry import Body, kind


@kind(
    "rendering",
    posted_by="cil.scribe",
    read_by="people",
    tags=("cil:rendering", "cil:rendering:<what>"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering(Body):
    """A few sentences, and who wrote them."""

    what: Literal["lesson", "report", "braid"]
    of: UUID  # the strand that it puts into words
    text: str
    writer: str  # `rule`, or the model with the prompt's version
