from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.model.display import html_table, short_line
from influence_graph.model.runs import Run

STARTS = (
    '<figure style="margin: 0">',
    '<div style="overflow-x: auto" tabindex="0">',
    '<table class="dataframe">',
    '<tr style="text-align: right;">',
    '<th scope="col">',
)
"""Tags with attributes, all of them constant."""
figures = st.dictionaries(
    st.text(max_size=30), st.one_of(st.text(), st.integers(), st.floats(), st.lists(st.text())), max_size=20
)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1234567, "1,234,567"),
        (0.123456789, "0.123457"),
        (True, "yes"),
        (None, "none"),
        (("a", "b", "c", "d", "e"), "a b c and 2 more"),
        ([], ""),
        ("two\nlines", "two\\nlines"),
    ],
)
def test_each_kind_of_value_has_its_form(value, shown):
    assert short_line("X", {"y": value}) == f"<X: y {shown}>"


def test_an_object_without_figures_is_its_name():
    assert short_line("X", {}) == "<X>"


@given(figures)
def test_any_figures_make_one_printable_line(found):
    line = short_line("Seeds", found)
    assert len(line) <= 150
    assert line.isprintable()
    assert line.startswith("<Seeds")
    assert line.endswith(">")


@given(st.text(min_size=1), figures)
def test_no_text_becomes_markup(text, found):
    page = html_table(text, found, pd.DataFrame({"id": [text, "<b>"], "<i>": ["&", 1]}))
    rest = page
    for tag in ("figure", "figcaption", "b", "div", "table", "thead", "tbody", "tr", "th", "td"):
        rest = rest.replace(f"</{tag}>", "").replace(f"<{tag}>", "")
    for start in STARTS:
        rest = rest.replace(start, "")
    assert "<" not in rest
    assert "&lt;b&gt;" in page


def test_numbers_have_six_digits_and_what_is_missing_is_empty():
    page = html_table("X", {}, pd.DataFrame({"a": [0.123456789, None]}))
    assert "<td>0.123457</td>" in page
    assert "<td></td>" in page
    assert "<b>X</b>; 2 rows" in page
    assert "1 edge<" in html_table("X", {}, pd.DataFrame({"a": [1]}), noun="edge")
    missing = pd.DataFrame({"a": [1, None], "b": [None, "x"], "c": [pd.NaT, pd.Timestamp("2026-01-01")]})
    page = html_table("X", {}, missing.astype({"a": "Int64"}))
    assert not any(word in page for word in ("NaN", "None", "NA", "NaT"))
    assert page.count("<td></td>") == 3


def test_parameters_that_are_one_value_are_told_below_the_figures():
    given = {"damping_factor": 0.85, "seeds": ["a", "<b>"], "policy": {"x": 1}, "deadline": None, "won": []}
    page = html_table("X", {"nodes": 3}, pd.DataFrame({"a": [1]}), parameters=given)
    assert "<br><small>calculated with damping_factor 0.85, seeds a &lt;b&gt;</small>" in page
    assert "calculated" not in html_table("X", {}, pd.DataFrame({"a": [1]}))


def test_a_table_has_no_colors_of_its_own_and_tells_its_headings():
    page = html_table("X", {}, pd.DataFrame({"a": [1]}))
    assert "color" not in page
    assert "background" not in page
    assert '<th scope="col">a</th>' in page


def test_a_run_shows_itself_in_a_line_however_many_parameters_it_has() -> None:
    at = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
    run = Run("rank-1", "rank", "finished", at, at, "digest", "0.1.0", {str(n): n for n in range(1000)})
    assert repr(run) == "<Run: id rank-1, status finished, started 2026-06-01 09:30>"
