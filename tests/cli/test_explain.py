"""``explain`` and ``score`` over time, and what ``ingest`` does with times and corrections."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.views.test_explain import EVENTS
from tests.cli.conftest import Run


@pytest.fixture
def loaded(run: Run, tmp_path: Path) -> Run:
    (tmp_path / "events.csv").write_text(EVENTS)
    assert run("ingest", "events.csv").code == 0
    return run


def test_explain_between_two_times_sums_to_the_change(loaded: Run) -> None:
    rows = loaded("explain", "singer", "sweater", "--between", "2026-05-13", "2026-05-26").rows
    assert sum(row["change"] for row in rows) == -3.0
    assert {row["event_id"]: row["by"] for row in rows}["oops"] == "fix"
    shown = loaded("explain", "singer", "sweater", "--between", "2026-05-13", "2026-05-26", "--format", "table").out
    assert "changed from +6 on 2026-05-13 to +3 on 2026-05-26:" in shown
    assert "-5 retracted by fix: on 2026-05-12 positive interaction of the consumer (wear)" in shown


def test_hindsight_differs_from_what_was_known(loaded: Run) -> None:
    then = loaded("score", "--brand", "sweater", "--as-of", "2026-05-13").rows
    hindsight = loaded("score", "--brand", "sweater", "--valid-at", "2026-05-13")
    assert (then[0]["fusion_score"], hindsight.rows[0]["fusion_score"]) == (6.0, 3.0)
    assert "at 2026-05-13 00:00 UTC in hindsight" in hindsight.err
    terms = loaded("explain", "singer", "sweater", "--valid-at", "2026-05-13", "--as-of", "2026-05-20").rows
    assert sum(row["contribution"] for row in terms) == 8.0


def test_a_plot_is_written_beside_the_terms(loaded: Run, tmp_path: Path) -> None:
    outcome = loaded("explain", "singer", "sweater", "--plot", "plot.svg")
    assert outcome.code == 0
    assert len(outcome.rows) == 3
    assert "concert" in (tmp_path / "plot.svg").read_text()


def test_the_future_is_rejected_beyond_the_allowed_skew(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text("event_id,at,consumer,brand\nplan,2150-01-01T00:00:00Z,ann,sweater\n")
    assert run("ingest", "plan.csv").rows[0]["rejected"] == 1
    reject = json.loads((tmp_path / "rejects.jsonl").read_text())
    assert (reject["column"], reject["value"]) == ("at", "2150-01-01T00:00:00+00:00")
    assert "--allow-skew" in reject["remedy"]
    assert run("ingest", "plan.csv", "--allow-skew", "99999d").rows[0]["inserted"] == 1
    assert (
        run("ingest", "plan.csv", "--allow-skew", "999999999d", "--not-before", "2151-01-01").rows[0]["rejected"] == 1
    )


def test_a_conflict_says_how_to_correct(loaded: Run, tmp_path: Path) -> None:
    (tmp_path / "again.csv").write_text(
        "event_id,at,consumer,brand,kind,points\nconcert,2026-05-01T20:00:00Z,singer,sweater,concert,4\n"
    )
    assert loaded("ingest", "again.csv").rows[0]["conflicts"] == 1
    assert "replaces=concert" in (tmp_path / "rejects.jsonl").read_text()


BAD = {
    "two kinds of time": (["--between", "2026-05-01", "2026-05-02", "--as-of", "2026-05-02"], 2, "--between"),
    "backwards": (["--between", "2026-05-02", "2026-05-01"], 2, "is empty"),
    "plot in hindsight": (["--valid-at", "2026-05-02", "--plot", "x.svg"], 2, "--valid-at"),
    "plot of another format": (["--plot", "x.pdf"], 2, "'.pdf'"),
    "plot nowhere": (["--plot", "nowhere/x.svg"], 2, "nowhere"),
    "plot before anything": (["--as-of", "2020-01-01", "--plot", "x.svg"], 2, "no plot"),
}


@pytest.mark.parametrize(("options", "code", "said"), BAD.values(), ids=BAD)
def test_bad_options_of_explain_get_one_line(loaded: Run, options: list[str], code: int, said: str) -> None:
    outcome = loaded("explain", "singer", "sweater", *options)
    assert outcome.code == code, outcome.err
    assert said in outcome.err
    assert "Traceback" not in outcome.err


def test_a_skew_in_words_is_refused(run: Run) -> None:
    outcome = run("ingest", "x.csv", "--allow-skew", "soon")
    assert outcome.code == 2
    assert "'soon' is not a duration" in outcome.err
