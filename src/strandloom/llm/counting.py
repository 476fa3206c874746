"""Finds every number in a text, in digits or in words, and asks whether the evidence has it."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import isfinite

from strandloom.llm.figures import Number, spelled

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_TOKEN = re.compile(r"""[^\s()"“”„'’—–;]+""")
_UNITS = {
    "%": ("_percent", "_share"),
    "percent": ("_percent",),
    "bps": ("_bps",),
    "bp": ("_bps",),
    "usd": ("_usd",),
    "dollars": ("_usd",),
    "blocks": ("blocks",),
    "seconds": ("_s",),
    "minutes": ("_min", "_minutes"),
}
_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUES = {word: n for n, word in enumerate(_SMALL)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_VAGUE = frozenset(
    [
        "half",
        "halves",
        "third",
        "thirds",
        "quarter",
        "quarters",
        "double",
        "doubled",
        "twice",
        "triple",
        "tripled",
        "thrice",
        "dozen",
        "dozens",
        "tenfold",
        "hundreds",
        "thousands",
        "millions",
        "billions",
        "percentage",
    ]
)
_PRONOUN = 1  # "one" is also a word for a thing


def number_fault(text: str, numbers: Mapping[str, Number | None]) -> str | None:
    """The first number that is not one of these, or that is given another unit."""
    allowed = _allowed(numbers)
    for said, value, unit in (*_in_digits(text), *_in_words(text)):
        names = [] if value is None else allowed.get(value, [])
        if not names:
            return f"{said!r} is no number of the evidence"
        endings = _UNITS.get(unit, ())
        if endings and not any(name.endswith(endings) for name in names):
            return f"{said!r} is not in {unit} in the evidence"
    return None


def _allowed(numbers: Mapping[str, Number | None]) -> dict[Decimal, list[str]]:
    allowed: dict[Decimal, list[str]] = {}
    for name, value in numbers.items():
        if value is not None and isfinite(value):
            exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
            for each in {Decimal(spelled(value)), exact}:
                allowed.setdefault(each, []).append(name)
    return allowed


def _in_digits(text: str) -> Iterator[tuple[str, Decimal | None, str]]:
    tokens = _TOKEN.findall(text.replace("−", "-"))
    for token, following in zip(tokens, [*tokens[1:], ""], strict=False):
        if not any(sign.isnumeric() for sign in token):
            continue
        bare = token.strip(".,:!?≈±$€")
        unit = "%" if bare.endswith("%") else following.strip(".,:!?").lower()
        bare = bare.removesuffix("%")
        plain = bare.isascii() and _NUMBER.fullmatch(bare)
        yield token, Decimal(bare.replace(",", "")) if plain else None, unit


def _in_words(text: str) -> Iterator[tuple[str, Decimal | None, str]]:
    """Runs of number words: `fifty-seven percent`; what only hints at a number has no value."""
    run: list[str] = []
    for word in [*re.findall(r"[^\W\d_]+", text.lower()), ""]:
        if word in _VALUES or (run and word in _SCALES):
            run.append(word)
            continue
        if run and _value(run) != _PRONOUN:
            yield " ".join(run), Decimal(_value(run)), word
        run = []
        if word in _VAGUE or word in _SCALES:
            yield word, None, ""


def _value(run: list[str]) -> int:
    total = part = 0
    for word in run:
        if word in _SCALES:
            part = max(part, 1) * _SCALES[word]
            if word != "hundred":
                total, part = total + part, 0
        else:
            part += _VALUES[word]
    return total + part
