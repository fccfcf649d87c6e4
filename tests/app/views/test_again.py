"""Commands that give figures again: what a shell makes of them is the policy, the store and the words."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from influence_graph.app.views.again import at, commands, length
from influence_graph.cli.commands.score import score
from influence_graph.cli.options import DurationType, TimeType, policy_of
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.app.jobs.small import filled

TABLE = TouchpointTable.load()
POLICIES = {
    "default": (FusionPolicy(), 0),
    "options": (FusionPolicy(outcome="loyalty", half_life_days=180.5, spillover=0.1), 0),
    "half-lives by touchpoint": (FusionPolicy(half_life_days={"engagement": 7.0, "expediting": 30.0}), 0),
    "a half-life that no option states exactly": (FusionPolicy(half_life_days=math.pi * 1e-5), 1),
    "a file": (FusionPolicy(paid=0.5, rivals={("acme", 'it\'s "bolt"\\'): -1.0}, version="EOF END $HOME `x`"), 1),
    "a table": (FusionPolicy(table=TABLE.with_lines({"wear": {"weight": 9.0}, "a 'kind'": {"valence": -0.5}})), 1),
    "another default": (replace(FusionPolicy(), table=replace(TABLE, default=replace(TABLE.default, weight=3.0))), 1),
    "both": (FusionPolicy(blame=0.3, table=TABLE.with_lines({"wear": {"weight": 9.0}})), 2),
}


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    return filled(EmbeddedStore(tmp_path / "it's a $store"))


def words_of(text: str, folder: Path) -> list[list[str]]:
    """Return the words of each command as a shell makes them, after it wrote its files in *folder*."""
    folder.mkdir()
    program = folder / "influence-graph"
    program.write_text(f"#!{sys.executable}\nimport json, sys\nprint(json.dumps(sys.argv[1:]))\n")
    program.chmod(0o755)
    path = {"PATH": f"{folder}:/usr/bin:/bin"}
    done = subprocess.run(["sh", "-eu"], input=text, cwd=folder, env=path, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(("policy", "files"), POLICIES.values(), ids=POLICIES)
def test_a_shell_makes_the_policy_again(
    store: EmbeddedStore, tmp_path: Path, policy: FusionPolicy, files: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = commands(store, policy, ["score", "--brand", "a b'c"])
    ((name, *words),) = words_of(text, tmp_path / "shell")
    assert (name, text.count("cat > ")) == ("score", files)
    monkeypatch.chdir(tmp_path / "shell")
    with score.make_context("score", words) as context:
        assert context.params["brand"] == ("a b'c",)
        assert context.params["store"].url == store.url
        options = {
            each: context.params[each] for each in ("policy", "outcome", "half_life", "spillover", "touchpoints")
        }
        assert policy_of(options, store) == policy


def test_the_table_of_the_store_needs_no_file(store: EmbeddedStore) -> None:
    table = TABLE.with_lines({"wear": {"weight": 9.0}})
    store.set_touchpoints(table)
    assert "touchpoints" not in commands(store, FusionPolicy(table=table), ["score"])
    assert "--touchpoints" in commands(store, FusionPolicy(), ["score"])


def test_a_command_without_scores_takes_no_policy(store: EmbeddedStore, tmp_path: Path) -> None:
    policy = FusionPolicy(spillover=0.5)
    found = words_of(commands(store, policy, ["-", "rank"], ["brands", "--top", "0"]), tmp_path / "shell")
    assert found == [
        ["rank", "--store", store.url],
        ["brands", "--top", "0", "--spillover", "0.5", "--store", store.url],
    ]


@pytest.mark.parametrize("span", [timedelta(days=30), timedelta(hours=36), timedelta(microseconds=1_500_001)])
def test_lengths_and_times_are_read_back(span: timedelta) -> None:
    assert DurationType().convert(length(span), None, None) == span
    time = datetime(2026, 6, 14, 12, 0, 0, 123456, tzinfo=UTC)
    assert TimeType().convert(at(time)[1], None, None) == time
    assert at(None) == []
