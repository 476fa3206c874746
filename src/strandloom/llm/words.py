"""What prose may be: short, plain, without addresses or commands, and every number one of the evidence."""

import re
import unicodedata
from collections.abc import Iterator

from strandloom.llm.counting import number_fault
from strandloom.llm.port import Evidence

_MARKS = re.compile(r"[<>{}\[\]`\\|#@^~*_]")
_ADDRESS = re.compile(r"https?:|www\.|://|\w\.[^\W\d_]{2}", re.IGNORECASE)
_SPEAKER = re.compile(r"\b(?:system|assistant|user|tool|function|developer)\s*:", re.IGNORECASE)
_SUBVERTS = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|prompt|rule|previous|above|limit)",
    re.IGNORECASE | re.DOTALL,
)
_VERBS = (
    "activate|add|approve|buy|call|cancel|click|close|delete|disable|download|drop|enable|enter|execute|exit|go"
    "|halt|hedge|hold|increase|install|invoke|long|open|place|promote|raise|reduce|resume|retire|run|scale|sell"
    "|send|set|short|size|stop|submit|suspend|take|trade|transfer|use|visit|withdraw"
)
_JOINTS = re.compile(r"[\s:@|=+]+")
_WORD = re.compile(r"[^\W\d_]")
_COMMAND = re.compile(
    rf"(?:^|[.!?:;\n]\s*|\b(?:please|must|should|shall|now)\s+)(?:now\s+|then\s+)?(?:{_VERBS})\b",
    re.IGNORECASE,
)


def fault(text: str, evidence: Evidence, longest: int) -> str | None:
    """What is wrong with a text, or None."""
    if not text.strip():
        return "the text is empty"
    if len(text) > longest:
        return f"the text has {len(text)} characters, {longest} are allowed"
    plain = unicodedata.normalize("NFKC", text)
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cn", "Cs") for sign in plain):
        return "the text has control or hidden characters"
    rest = without_names(plain, evidence)
    return _shape_fault(rest) or number_fault(rest, evidence.numbers)


def without_names(text: str, evidence: Evidence) -> str:
    """The text without the names that the evidence gave, which may carry digits and dots of their own."""
    for name in sorted(set(_names(evidence)), key=len, reverse=True):
        text = re.sub(rf"(?<![\w.]){re.escape(name)}(?!\w)", "–", text)
    return text


def _names(evidence: Evidence) -> Iterator[str]:
    """Whole names, and parts that are words: `volume.spike` of `BTC volume.spike:up@5m`.

    What is made of letters alone stays: no check stumbles over it, and `buy` may be part of a command.
    """
    for given in evidence.names.values():
        for name in (given,) if isinstance(given, str) else given:
            parts = (part.strip(".,;()") for part in _JOINTS.split(name))
            found = (name, *(part for part in parts if _WORD.search(part)))
            yield from (each for each in found if each and not each.isalpha())


def _shape_fault(text: str) -> str | None:
    for what, pattern in (
        ("an address", _ADDRESS),
        ("a mark that prose does not need", _MARKS),
        ("a speaker's label", _SPEAKER),
        ("words against its instructions", _SUBVERTS),
        ("a command", _COMMAND),
    ):
        if found := pattern.search(text):
            return f"the text has {what}: {found[0].strip()[:40]!r}"
    return None
