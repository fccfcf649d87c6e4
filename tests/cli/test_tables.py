"""Tables for a terminal of 80 columns, and files and pipes in every format."""

from __future__ import annotations

import io
import json
import math
from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.cli import tables
from influence_graph.cli.options import DurationType, SizeType, shown
from influence_graph.cli.output import _cell, emit, progress
from influence_graph.cli.transfer import show_reports
from influence_graph.model import runs as kept_run
from influence_graph.stores.base import AppendReport
from tests.cli.conftest import Run

WHEN = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def kept(**parameters: object) -> kept_run.Run:
    return kept_run.Run("rank-1", "rank", "finished", WHEN, WHEN, "d", "0", parameters)


@given(
    st.dictionaries(
        st.text(max_size=20), st.one_of(st.none(), st.text(), st.floats(), st.lists(st.integers())), max_size=9
    )
)
def test_what_was_requested_is_one_short_line(parameters: dict[str, object]) -> None:
    (row,) = tables.runs([kept(**parameters)]).to_dict("records")
    assert (row["id"], row["status"]) == ("rank-1", "finished")
    assert len(row["parameters"]) <= 70
    assert row["parameters"].isprintable() or row["parameters"] == ""


def test_what_was_left_at_nothing_is_not_listed() -> None:
    (row,) = tables.runs([kept(a=None, b="", c=[], d={}, e=0, f=0.123456, g=False)]).to_dict("records")
    assert row["parameters"] == "e=0 f=0.123 g=False"
    assert tables.runs([]).columns.tolist() == ["id", "status", "parameters"]


def test_where_there_is_no_figure_a_table_says_why_and_names_that_nobody_has_are_left_out() -> None:
    frame = pd.DataFrame(
        {"consumer": ["a", "b"], "consumer_name": [None, None], "brand": ["x", "x"], "brand_name": ["X", None]}
        | {"reciprocity": [0.5, math.nan], "lift": [math.nan, 2.0], "share": [0.1, 0.2], "to": [4, None]}
    )
    shown = tables.with_reasons(tables.without_empty_names(frame))
    assert list(shown.columns) == ["consumer", "brand", "brand_name", "reciprocity", "lift", "share", "to"]
    assert shown["reciprocity"].tolist() == [0.5, "not on record"]
    assert shown["lift"].tolist() == ["too few", 2.0]
    assert shown["share"].tolist() == [0.1, 0.2]
    assert shown["to"].isna().tolist() == [False, True]
    assert frame["reciprocity"].isna().sum() == 1


def test_figures_have_their_intervals_and_what_is_not_ranked_none() -> None:
    row = {"method": "jaccard", "prior": "global"}
    for name, value in (("log_likelihood", -0.123), ("auc", math.nan), ("rmse", 1234.5)):
        row |= {name: value, f"{name}_low": value - 1, f"{name}_high": value + 1}  # type: ignore[dict-item]
    frame = pd.DataFrame([row, row | {"prior": "none"}])
    found = tables.evaluation(frame)
    assert found["method/prior"].tolist() == ["jaccard/global", "jaccard"]
    assert found["log_likelihood"][0] == "-0.12 [-1.12,0.88]"
    assert found["auc"][0] == ""
    assert found["rmse"][0] == "1234 [1234,1236]"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (math.nan, ""),
        (1234567.8, "1,234,568"),
        (123456.7, "123,457"),
        (pd.Timestamp(WHEN), "2026-01-02 03:04"),
        (pd.NaT, ""),
        (None, ""),
        (pd.NA, ""),
        ("a\nb", "a\\nb"),
        ("x" * 300, "x" * 199 + "…"),
        (True, "true"),
    ],
)
def test_each_value_has_its_form_in_a_table(value: object, text: str) -> None:
    assert _cell(value) == text


def test_a_long_table_says_how_to_see_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    frame = pd.DataFrame({"n": range(25)})
    emit(frame, "table")
    shown_ = capsys.readouterr()
    assert len(shown_.out.splitlines()) == 21
    assert shown_.err == "20 of 25 rows; --top 0 shows all\n"
    emit(frame, "table", top=5)
    cut = capsys.readouterr()
    assert (len(cut.out.splitlines()), cut.err) == (6, "")


def test_parquet_goes_to_a_pipe(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    frame = pd.DataFrame({"id": ["ann", "bob"], "score": [0.1, 1e-300]})
    emit(frame, "parquet", top=1)
    back = pd.read_parquet(io.BytesIO(capsysbinary.readouterr().out))
    assert back.to_dict("records") == [{"id": "ann", "score": 0.1}]


def test_without_a_terminal_there_is_no_progress_bar() -> None:
    with progress() as update:
        assert update is None


def test_a_report_of_several_kinds_is_a_row_each(capsys: pytest.CaptureFixture[str]) -> None:
    show_reports([AppendReport("people", inserted=2), AppendReport("ties", unchanged=3)], "jsonl")
    done = capsys.readouterr()
    assert [json.loads(line)["kind"] for line in done.out.splitlines()] == ["people", "ties"]
    assert done.err == ""
    show_reports([AppendReport("ties", unchanged=3)], "jsonl")
    assert "nothing changed" in capsys.readouterr().err


@given(st.integers(0, 10**7))
def test_a_shown_length_of_time_is_read_as_it_was(seconds: int) -> None:
    from datetime import timedelta

    span = timedelta(seconds=seconds)
    assert DurationType().convert(shown(span), None, None) == span


@given(st.integers(0, 4096), st.sampled_from(["", "K", "M", "G", "k", "KB", "mb", " G "]))
def test_a_size_is_its_number_of_units_of_1024(number: int, unit: str) -> None:
    power = " KMG".find(unit.strip().upper()[:1] or " ")
    assert SizeType().convert(f"{number}{unit}", None, None) == number * 1024**power
    assert SizeType().convert(number, None, None) == number


def test_figures_that_differ_look_different() -> None:
    values = [-0.01012, -0.01031, -0.2]
    columns = {f"{name}{end}": values for name in ("log_likelihood", "auc", "rmse") for end in ("", "_low", "_high")}
    shown = tables.evaluation(pd.DataFrame({"method": ["a", "b", "c"], "prior": "none", **columns}))
    assert shown["log_likelihood"].tolist() == [f"{value:.4f} [{value:.4f},{value:.4f}]" for value in values]
    assert shown["auc"].nunique() == 3


@pytest.fixture
def story(run: Run) -> Run:
    """Run commands beside a store with the story."""
    assert run("import", "story").code == 0
    return run


def words(out: str) -> set[str]:
    """Return what stands between blanks in *out*, no line of which is wider than a terminal."""
    assert max(map(len, out.splitlines())) <= 80
    return set(out.split())


@pytest.mark.parametrize(
    "command",
    [("score", "--top", "0"), ("score", "--consumer", "singer"), ("explain", "june", "sweater"), ("rank",)],
    ids=" ".join,
)
def test_no_number_is_folded_beside_names_in_80_columns(story: Run, command: tuple[str, ...]) -> None:
    rows = story(*command, "--format", "jsonl").rows
    assert any(name.endswith("name") for name in rows[0])
    found = words(story(*command, "--format", "table", COLUMNS="80").out)
    shown_ = rows if "--top" in command else rows[:20]
    numbers = [v for row in shown_ for v in row.values() if isinstance(v, int | float) and not isinstance(v, bool)]
    assert numbers
    assert {_cell(number) for number in numbers} <= found


def test_reciprocity_that_is_not_on_record_is_said_in_a_table_and_empty_elsewhere(story: Run) -> None:
    rows = story("score", "--format", "jsonl").rows
    one_sided = [row for row in rows if row["to_consumer"] == 0.0]
    assert 0 < len(one_sided) < len(rows)
    assert [row for row in rows if row["reciprocity"] is None] == one_sided
    csv_ = pd.read_csv(io.StringIO(story("score", "--format", "csv").out), keep_default_na=False)
    assert (csv_["reciprocity"] == "").sum() == len(one_sided)
    table = story("score", "--top", "0", "--format", "table", COLUMNS="200").out
    assert table.count("not on record") == len(one_sided)
    assert "nan" not in table.casefold()
