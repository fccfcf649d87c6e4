"""``runs`` in this process, on the story: listed, shown, compared and pruned."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commands.conftest import Call


@pytest.fixture
def written(call: Call) -> Call:
    """Write the scores before the fish of the story, then those after it."""
    for day in ("2026-06-13", "2026-06-14"):
        assert call("score", "--write", "--as-of", day).code == 0
    return call


def test_runs_alone_still_lists(written: Call) -> None:
    listed = [json.loads(line) for line in written("runs", "--format", "jsonl").out.splitlines()]
    assert [run["kind"] for run in listed] == ["score", "score"]
    assert [run["status"] for run in listed] == ["finished", "superseded"]


def test_diff_names_the_cause_with_names_beside_ids(written: Call) -> None:
    done = written("runs", "diff", "--format", "table")
    assert done.code == 0
    assert "0 bonds rose and 2 fell, together by -10 points" in done.out
    assert "new complaint of The pop singer (singer) (singer-fish)" in done.out
    rows = [json.loads(line) for line in written("runs", "diff", "--format", "jsonl").out.splitlines()]
    assert [(row["consumer"], row["brand"], row["change"], row["cause"]) for row in rows] == [
        ("singer", "restaurant", -8.0, "singer-fish"),
        ("singer", "sweater", -2.0, "singer-fish"),
    ]
    assert rows[0]["brand_name"] == "The Blue Mackerel"


@pytest.mark.parametrize(("show", "rows"), [("brands", 2), ("causes", 2), ("events", 2), ("links", 0)])
def test_every_kind_of_rows_can_be_had(written: Call, show: str, rows: int) -> None:
    assert len(written("runs", "diff", "--show", show, "--format", "jsonl").out.splitlines()) == rows


def test_two_runs_by_their_ids_and_a_plot(written: Call, tmp_path: Path) -> None:
    last, first = (json.loads(line)["id"] for line in written("runs", "--format", "jsonl").out.splitlines())
    done = written("runs", "diff", first, last, "--plot", tmp_path / "changes.svg", "--format", "csv")
    assert done.out.count("singer-fish") == 2
    assert "Changes of bonds" in (tmp_path / "changes.svg").read_text()
    same = written("runs", "diff", last, last, "--format", "table")
    assert same.out == "Unchanged: Fusion Score.\n"


def test_a_run_and_the_latest_state_are_shown(written: Call) -> None:
    run = json.loads(written("runs", "--format", "jsonl").out.splitlines()[0])["id"]
    facts = {row["what"]: row["value"] for row in json.loads(written("runs", "show", run, "--format", "json").out)}
    assert facts["as_of"] == "2026-06-14T00:00:00+00:00"
    assert facts["status"] == "finished"
    (current,) = json.loads(written("runs", "show", "latest", "--format", "json").out)
    assert current["id"] == run


def test_recalculations_are_listed_and_shown(call: Call) -> None:
    done = call("recompute", "--only", "score,rank", "--format", "jsonl")
    assert "Since" not in done.err  # there was nothing before
    (listed,) = (json.loads(line) for line in call("runs", "--recalculations", "--format", "jsonl").out.splitlines())
    assert (listed["interactions"], listed["calculated"]) == (80, 2)
    steps = call("runs", "show", listed["id"], "--format", "jsonl")
    assert [json.loads(line)["step"] for line in steps.out.splitlines()][:2] == ["score", "rank"]
    assert "80 interactions read" in steps.err
    again = call("recompute", "--only", "score", "--full", "--format", "jsonl")
    assert "no result changed." in again.err


def test_prune_keeps_what_is_current(written: Call) -> None:
    assert "1 run deleted, the newest 1 of each kind kept" in written("runs", "prune", "--keep", "1").err
    assert len(written("runs", "--format", "jsonl").out.splitlines()) == 1
    done = written("runs", "diff")
    assert done.code == 1
    assert "no results by previous" in done.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("diff", "lates"), 1, "no run, recalculation or time 'lates'; did you mean 'latest'?"),
        (("diff", "latest", "previous"), 2, "is later than"),
        (("diff", "--only", "ranks"), 2, "Invalid value for '--only'"),
        (("show", "nobody"), 1, "no run, recalculation or time 'nobody'"),
        (("prune", "--keep", "0"), 2, "Invalid value for '--keep'"),
        (("--format", "csv", "diff"), 2, "--format stands after the command: `runs diff --format …`"),
    ],
)
def test_bad_input_is_one_line(written: Call, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = written("runs", *arguments)
    assert done.code == code
    assert said in done.err


def test_a_store_without_results_says_how_to_get_some(call: Call) -> None:
    done = call("runs", "diff")
    assert done.code == 1
    assert "keeps no results; calculate some: `influence-graph recompute`" in done.err
