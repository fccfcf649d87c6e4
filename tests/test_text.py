"""Messages are one printable line; names similar to a wrong one are offered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.errors import InfluenceGraphError
from influence_graph.text import did_you_mean, nearest, one_line


def test_nearest_ignores_case_and_puts_the_best_first() -> None:
    assert nearest("NOVA", ["novum", "nova", "atlas"])[0] == "nova"


def test_nothing_near_gives_the_other_remedy() -> None:
    assert did_you_mean("xyzzy", ["nova"], "list them") == "list them"


def test_a_remedy_names_at_most_three() -> None:
    assert did_you_mean("anna", ["anna1", "anna2", "anna3", "anna4"], "") .count("'anna") == 3  # fmt: skip


def test_a_million_names_are_not_all_compared() -> None:
    seen = 0

    def names() -> Iterator[str]:
        nonlocal seen
        for i in range(1_000_000):
            seen += 1
            yield f"n{i}"

    assert nearest("n5x", names())
    assert seen < 50_000


@given(st.text(max_size=80), st.integers(1, 100))
def test_one_line_is_printable_and_short_and_keeps_printable_text(text: str, limit: int) -> None:
    found = one_line(text, limit)
    assert found.isprintable()
    assert len(found) <= limit
    if text.isprintable() and len(text) <= limit:
        assert found == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\nb", "a\\nb"), ("\x1b[31m", "\\x1b[31m"), ("x\u202ey", "x\\u202ey"), ("é", "é"), ("abcdef", "abcd…")],
)
def test_control_characters_are_escaped_and_long_texts_are_cut(text: str, expected: str) -> None:
    assert one_line(text, 9 if text != "abcdef" else 5) == expected


@given(st.text(max_size=50), st.text(max_size=50))
def test_an_error_is_one_line_with_its_remedy(message: str, remedy: str) -> None:
    text = str(InfluenceGraphError(message, remedy=remedy))
    assert text.isprintable()
    assert text == (f"{one_line(message)}; {one_line(remedy)}" if remedy else one_line(message))


def test_what_is_no_text_is_compared_as_text() -> None:
    assert nearest(12, [1, 13, "1x", None]) == ["1", "1x", "13"]
    assert did_you_mean(None, [5], "list them") == "list them"
