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
