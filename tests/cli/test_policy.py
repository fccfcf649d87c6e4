"""The parameters of the Fusion Score as a user handles them: files, options, runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from influence_graph.model.policy.file import load_policy
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.fusion.planted import WEIGHTS, plant_touchpoint_log
from tests.cli.conftest import Run

STORY = """event_id,at,consumer,brand,kind,points,with_brands
concert,2026-05-01T20:00:00Z,singer,sweater,concert,3,
fish,2026-05-08T20:00:00Z,singer,restaurant,complaint,-8,sweater
"""


@pytest.fixture
def story(run: Run, tmp_path: Path) -> Run:
    (tmp_path / "story.csv").write_text(STORY)
    assert run("ingest", "story.csv").code == 0
    return run


def sweater(run: Run, *arguments: str, **environment: str) -> float:
    outcome = run("score", "--brand", "sweater", *arguments, **environment)
    assert outcome.code == 0, outcome.err
    return float(outcome.rows[0]["fusion_score"])


def test_the_shown_policy_is_a_file_that_changes_nothing(story: Run, tmp_path: Path) -> None:
    shown = story("policy", "show").out
    (tmp_path / "policy.toml").write_text(shown)
    assert load_policy(tmp_path / "policy.toml") == FusionPolicy()
    assert story("policy", "show", "--policy", "policy.toml").out == shown
    assert "0 parameters other than the default" in story("policy", "check", "policy.toml").err
    assert sweater(story, "--policy", "policy.toml") == sweater(story) == pytest.approx(1.0, abs=1e-9)


def test_options_go_before_the_file_and_the_file_before_the_default(story: Run, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text("spillover = 0.5\nhalf_life_days = 7\n")
    fades = 3 * 0.5 - 4
    assert sweater(story, "--policy", "p.toml") == pytest.approx(fades, abs=1e-9)
    assert sweater(story, INFLUENCE_GRAPH_POLICY="p.toml") == pytest.approx(fades, abs=1e-9)
    assert sweater(story, "--policy", "p.toml", "--half-life", "inf") == pytest.approx(-1, abs=1e-9)
    assert sweater(story, "--policy", "p.toml", "--spillover", "0") == pytest.approx(1.5, abs=1e-9)
    one = ("--half-life", "brand_experience=3.5")
    assert sweater(story, "--policy", "p.toml", *one) == pytest.approx(3 * 0.25 - 4, abs=1e-9)


def test_a_run_a_file_and_the_default_can_be_compared(story: Run, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text("spillover = 0.5\n[[rival]]\nbrands = ['nova', 'atlas']\nrelation = -0.5\n")
    assert story("score", "--policy", "p.toml", "--write").code == 0
    run_id = story("runs").rows[0]["id"]
    expected = [
        {"parameter": "spillover", "old": 0.25, "new": 0.5},
        {"parameter": "rivals.atlas|nova", "old": None, "new": -0.5},
    ]
    assert story("policy", "diff", "default", "p.toml").rows == expected
    assert story("policy", "diff", "default", run_id).rows == expected
    same = story("policy", "diff", run_id, "p.toml")
    assert (same.out, same.code) == ("", 0)
    assert "same parameters" in same.err


def test_weights_are_fitted_and_written_if_the_data_can_tell(run: Run, tmp_path: Path) -> None:
    plant_touchpoint_log(WEIGHTS, 0, bonds=2000).to_csv(tmp_path / "log.csv", index=False)
    assert run("ingest", "log.csv").code == 0
    (tmp_path / "base.toml").write_text("spillover = 0.5\n")
    settings = ("--window", "6d", "--exposure", "count", "--policy", "base.toml")
    fitted = run("policy", "fit", *settings, "-o", "fitted.toml")
    assert fitted.code == 0, fitted.err
    assert "the data show what precedes recommending" in fitted.err
    rows = {row["touchpoint"]: row for row in fitted.rows}
    assert rows["engagement"]["low"] < WEIGHTS["engagement"] < rows["engagement"]["high"]
    policy = load_policy(tmp_path / "fitted.toml")
    recovery = rows["problem_recovery"]
    assert recovery["low"] < WEIGHTS["problem_recovery"] < recovery["high"] < 0
    assert (policy.spillover, policy.weight("engagement"), policy.weight("problem_recovery")) == (0.5, 1.0, 0.0)
    assert policy.weights["loyalty"] == FusionPolicy().weights["loyalty"]


def test_no_policy_is_written_if_the_data_cannot_tell(story: Run, tmp_path: Path) -> None:
    fitted = story("policy", "fit", "-o", "fitted.toml")
    assert fitted.code == 1
    assert "cannot tell" in fitted.err
    assert all(row["weight"] is None for row in fitted.rows)
    assert not (tmp_path / "fitted.toml").exists()
    assert story("policy", "fit").code == 0


BAD = {
    "file:line": (["score", "--policy", "bad.toml"], 2, "bad.toml:2: half_life_days of engagement is -1"),
    "check": (["policy", "check", "bad.toml"], 2, "bad.toml:2:"),
    "no such file": (["score", "--policy", "none.toml"], 1, "none.toml"),
    "no such run": (["policy", "diff", "default", "defalt"], 1, "'default'"),
    "run of another kind": (["policy", "diff", "default", "RANK"], 2, "score run"),
    "window of 0": (["policy", "fit", "--window", "0d"], 2, "window is 0:00:00"),
    "unknown half-life": (["score", "--half-life", "engagment=3"], 2, "'engagement'"),
}


@pytest.mark.parametrize(("arguments", "code", "said"), BAD.values(), ids=BAD)
def test_bad_policies_get_one_line_and_their_exit_code(
    story: Run, tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    (tmp_path / "bad.toml").write_text("[half_life_days]\nengagement = -1\n")
    if "RANK" in arguments:
        assert story("rank", "--write").code == 0
        arguments = [story("runs").rows[0]["id"] if word == "RANK" else word for word in arguments]
    outcome = story(*arguments)
    assert (outcome.code, outcome.out) == (code, ""), outcome.err
    assert said in outcome.err
    assert outcome.err.count("\n") == 1
