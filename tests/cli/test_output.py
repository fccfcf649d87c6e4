"""Tables on a terminal: what does not fit is laid out so that it does."""

from __future__ import annotations

import pandas as pd
import pytest

from influence_graph.cli.output import emit

WIDE = pd.DataFrame([{f"a_long_name_{i}": float(i) for i in range(20)}])


def test_one_wide_row_goes_down_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    emit(WIDE, "table")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 20
    assert lines[0].split() == ["a_long_name_0", "0"]
    assert lines[19].split() == ["a_long_name_19", "19"]


def test_one_narrow_row_and_several_wide_ones_stay_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    emit(WIDE.iloc[:, :3], "table")
    assert capsys.readouterr().out.splitlines()[0].split() == ["a_long_name_0", "a_long_name_1", "a_long_name_2"]
    emit(pd.concat([WIDE.iloc[:, :5]] * 2), "table")
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_a_short_table_stands_in_for_the_rows_on_a_terminal_only(capsys: pytest.CaptureFixture[str]) -> None:
    short = pd.DataFrame({"told": ["x"]})
    emit(WIDE, "table", table=short)
    assert capsys.readouterr().out.split() == ["told", "x"]


FIGURES = pd.DataFrame(
    {
        "consumer": ["a-person-with-a-rather-long-id", "b"],
        "fusion_score": [123456.0, -0.000123457],
        "at": pd.to_datetime(["2026-01-02T03:04:05Z", None]),
        "total": [12_345_678, 9],
        "interval": ["-0.01234 [-0.01301,-0.01198]", ""],
        "told": ["some words that may be broken wherever there is a blank between them", "few"],
        "sure": [True, False],
    }
)
NUMBERS = ["123,456", "2026-01-02", "03:04", "12345678", "-0.01234", "[-0.01301,-0.01198]", "true"]


@pytest.mark.parametrize("width", [24, 30, 40, 60, 80, 120, 200])
@pytest.mark.parametrize("rows", [1, 2])
def test_no_number_is_cut_however_narrow_the_terminal_is(
    width: int, rows: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    emit(FIGURES.head(rows), "table")
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= width
    assert "…" not in printed
    for number in [*NUMBERS, *(["-0.000123457", "9", "false"] if rows == 2 else [])]:
        assert number in printed.split()


def test_a_table_that_fits_stays_one_and_narrows_its_widest_column_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    emit(FIGURES[["consumer", "fusion_score", "told"]], "table")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["consumer", "fusion_score", "told"]
    assert len(lines) > 3


def test_rows_without_room_go_down_the_page_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    emit(FIGURES[["fusion_score", "interval", "total"]], "table")
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == ["fusion_score", "123,456"]
    assert lines.count([]) == 1
    assert lines[-1] == ["total", "9"]
