"""``recompute``: what is printed where, which steps can be named, and which codes it ends with."""

from __future__ import annotations

import json
from pathlib import Path
from unittest import mock

import pytest

from influence_graph.app.recompute import work
from influence_graph.app.recompute.comparing import Distance
from tests.cli.commands.conftest import Call

LINES = ("--format", "jsonl")


def test_the_steps_are_data_and_the_progress_is_not(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    first = call("recompute", "--only", "rank, fusion", "--verify", "--artifact", path, *LINES)
    assert first.code == 0, first.err
    done = {row["step"]: row for row in first.rows}
    assert {name: row["outcome"] for name, row in done.items() if row["outcome"] != "skipped"} == {
        "score": "calculated",
        "rank": "calculated",
    }
    assert done["score"]["difference"] == 0
    assert "score calculated (full)" in first.err
    assert "score, rank became current together, 80 interactions read" in first.err
    assert [step["kind"] for step in json.loads(path.read_text())["recalculation"]["steps"]] == list(done)
    again = call("recompute", "--only", "rank", "--only", "fusion", "--format", "table")
    assert "all that it is calculated from is as it was" in again.out
    assert done["rank"]["run"] in again.out
    assert "nothing to calculate" in again.err
    runs = call("runs", "--format", "table").out
    assert "score-" in runs
    assert "asked" not in runs


@pytest.mark.parametrize(
    ("options", "code", "line"),
    [
        (("--only", "rnak"), 1, "error: no step 'rnak'; did you mean 'rank'?"),
        (("--since", "score-1"), 1, "error: 'score-1' is no time, and no run of a recalculation on record; "),
        (("--store", "nowhere"), 1, "error: "),
    ],
)
def test_what_is_wrong_is_told_in_a_line(call: Call, options: tuple[str, ...], code: int, line: str) -> None:
    found = call("recompute", *options)
    assert (found.code, found.out) == (code, "")
    assert found.err.startswith(line)
    assert found.err.count("\n") == 1


def test_what_cannot_be_verified_is_not_written(call: Call) -> None:
    far = mock.patch.object(work, "distance", return_value=Distance(0.5, 0.25, False))
    with far:
        found = call("recompute", "--only", "rank", "--verify")
    assert found.code == 1
    assert "rank differs from its full calculation by 0.25 at most and 0.5 in all, the limit is 1e-08" in found.err
    assert call("runs", *LINES).rows == []


def test_a_time_without_a_zone_is_one_in_utc(call: Call) -> None:
    call("recompute", "--only", "rank", *LINES)
    rows = call("recompute", "--only", "rank", "--since", "2026-01-01T08:00", *LINES).rows
    assert {row["step"]: row["why"] for row in rows}["rank"] == "nothing was recalculated by the time named"
