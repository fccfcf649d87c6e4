"""What an answer makes of a mapping."""

import pytest

from influence_graph.ingest.guessing.asking import REPEATS, SKIP, TIMEZONE, Choice, Question, answered
from influence_graph.ingest.mapping.mapping import Mapping, Rule

MAPPING = Mapping(kind="interactions", fields={"at": Rule(columns=("a",))}, ask={"brand": "which"})


def test_a_free_text_is_a_constant() -> None:
    changed = answered(MAPPING, Question(about="brand", text="?", free=True), "acme")
    assert changed.fields["brand"] == Rule(constant="acme")
    assert not changed.ask


def test_a_choice_is_its_rule_or_leaves_the_field_out() -> None:
    rule = Rule(columns=("b",))
    question = Question(about="at", text="?")
    assert answered(MAPPING, question, Choice(label="b", rule=rule)).fields == {"at": rule}
    assert answered(MAPPING, question, Choice(label="none")).fields == {}


@pytest.mark.parametrize(("value", "skip"), [("yes", {"Status": ("failed",)}), ("no", {})])
def test_rows_to_leave_out(value: str, skip: dict) -> None:
    question = Question(about=SKIP, text="?", column="Status", values=("failed",))
    assert answered(MAPPING, question, Choice(label="", value=value)).skip == skip


def test_the_zone() -> None:
    assert answered(MAPPING, Question(about=TIMEZONE, text="?", free=True), "Europe/Berlin").timezone == "Europe/Berlin"


def test_repeated_rows_change_nothing() -> None:
    assert answered(MAPPING, Question(about=REPEATS, text="?"), Choice(label="yes", value="yes")) == MAPPING
