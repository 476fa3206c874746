"""The grammar of tags and of the patterns that subscribe to them; what is not written here never matches."""

import re
from collections.abc import Iterable
from functools import lru_cache

TEAMS = ("market", "raw_data", "cil", "dm", "trader", "learning", "system")
MAX_TAGS = 32
_PART = "[a-z0-9_]+"
_TEAM = "|".join(TEAMS)
_TAG = re.compile(rf"(?:{_TEAM})(?::{_PART})+")
_PATTERN = re.compile(rf"\*|(?:{_TEAM}):\*|(?:{_TEAM}):{_PART}:\*|(?:{_TEAM})(?::{_PART})+")


def problem(tag: str) -> str | None:
    """What is wrong with a tag, or None: `team:topic[:detail…]`, parts of a-z, 0-9 and _."""
    if isinstance(tag, str) and _TAG.fullmatch(tag):
        return None
    return f"{tag!r} is not a tag; write team:topic[:detail…] with a team of {', '.join(TEAMS)}"


def pattern_problem(pattern: str) -> str | None:
    """What is wrong with a pattern, or None: a tag, `team:*`, `team:topic:*` or `*`."""
    if isinstance(pattern, str) and _PATTERN.fullmatch(pattern):
        return None
    return f"{pattern!r} is not a pattern; write a tag, team:*, team:topic:* or *"


@lru_cache(maxsize=65_536)
def keys(tag: str) -> frozenset[str]:
    """Every pattern that matches this tag: the tag, `team:topic:*`, `team:*` and `*`."""
    team, topic = tag.split(":")[:2]
    return frozenset((tag, f"{team}:{topic}:*", f"{team}:*", "*"))


def match(patterns: Iterable[str], tags: Iterable[str]) -> bool:
    """Do these patterns want a strand with these tags?  Without tags only `*` does."""
    wanted = frozenset(patterns)
    return "*" in wanted or any(not wanted.isdisjoint(keys(tag)) for tag in tags)
