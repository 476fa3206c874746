"""Every prompt of the repository can be asked, and says what version it is."""

from strandloom.basics import paths
from strandloom.llm import shapes
from strandloom.llm.prompts import HOUSE, prompt, request
from tests.unit.llm.asks import an_ask

NAMES = sorted(
    file.relative_to(paths.prompts()).with_suffix("").as_posix() for file in paths.prompts().rglob("*.md")
)


def test_every_prompt_stands_under_the_rules_of_the_house() -> None:
    assert HOUSE in NAMES and len(NAMES) > 5
    for name in NAMES:
        if name != HOUSE:
            assert prompt(name).text.startswith(prompt(HOUSE).text[:200])
            assert prompt(name).version.startswith(f"{name}@")


def test_the_version_follows_the_words() -> None:
    assert prompt("cil/braid").version != prompt("cil/lesson").version
    assert prompt("cil/braid").version == prompt("cil/braid").version


def test_the_key_names_everything_that_the_reply_depends_on() -> None:
    def key(model: str = "tiny", **fields: object) -> str:
        ask = an_ask(**fields)
        return request(ask, shapes.prose(ask), model).key

    keys = [
        key(),
        key(model="other"),
        key(agent="cil.other"),
        key(prompt="cil/lesson"),
        key(numbers={"net_bps": 1}),
        key(names={}),
        key(quoted={"note": "x"}),
        key(longest=100),
    ]
    assert len(set(keys)) == len(keys)
    assert key() == key()


def test_evidence_in_another_order_is_the_same_question() -> None:
    one, other = an_ask(numbers={"a": 1, "b": 2}), an_ask(numbers={"b": 2, "a": 1})
    assert request(one, shapes.prose(one), "m").key == request(other, shapes.prose(other), "m").key
