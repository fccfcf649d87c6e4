"""Numbers, times and names as a reader wants them."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest

from influence_graph.errors import InputError
from influence_graph.reports.files import write_atomic
from influence_graph.reports.words import clean, day, distinct_labels, minute, named, signed


@pytest.mark.parametrize(
    ("value", "shown"),
    [(3.0, "+3.0"), (-2.0, "−2.0"), (0.9202126, "+0.92"), (0.0, "0.0"), (-1e-9, "0.0"), (12345.5, "+12,345.5")],
)
def test_signed_numbers_have_a_sign_and_no_needless_zeros(value: float, shown: str) -> None:
    assert signed(value) == shown


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_are_none_are_a_dash(value: float) -> None:
    assert signed(value) == "–"


def test_times_are_days_or_minutes_and_missing_ones_a_dash() -> None:
    moment = datetime(2026, 6, 6, 20, 5, tzinfo=UTC)
    assert (day(moment), minute(moment)) == ("2026-06-06", "2026-06-06 20:05 UTC")
    assert [day(None), minute(None), day(pd.NaT), minute(pd.NaT)] == ["–"] * 4


def test_names_fall_back_to_ids_and_are_cut() -> None:
    assert named({"a": "Ada", "b": ""}, "a") == "Ada"
    assert named({"b": ""}, "b") == "b"
    assert len(named({}, "x" * 99)) == 34
    assert clean("a\u202eb\nc") == "a b c"


def test_labels_that_occur_twice_get_their_id() -> None:
    assert distinct_labels(["Ada", "Bo", "Ada"], ["1", "2", "3"]) == ["Ada (1)", "Bo", "Ada (3)"]


def test_files_are_written_as_text_or_bytes_or_refused(tmp_path) -> None:
    write_atomic(tmp_path / "a.html", "ü")
    assert (tmp_path / "a.html").read_bytes() == "ü".encode()
    write_atomic(tmp_path / "a.html", b"\x00")
    assert (tmp_path / "a.html").read_bytes() == b"\x00"
    with pytest.raises(InputError, match="no-folder"):
        write_atomic(tmp_path / "no-folder" / "a.html", "x")
