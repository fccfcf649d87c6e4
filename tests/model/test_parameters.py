"""Parameters as a run records them, and each default in one place."""

from __future__ import annotations

import inspect
import json
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import influence_graph as ig
from influence_graph.model import parameters
from influence_graph.model.graph import GraphKind
from influence_graph.model.parameters import (
    DiffusionParameters,
    LearnParameters,
    RankParameters,
    ReachParameters,
    ScoreParameters,
    SeedsParameters,
    recorded,
)

ALL = [each for each in vars(parameters).values() if is_dataclass(each) and each.__module__ == parameters.__name__]


@pytest.mark.parametrize(
    "given",
    [
        RankParameters(graph=GraphKind.TIES, window=timedelta(days=3), personalization={"ann": 2.0}),
        ReachParameters(ids=("ann",), as_of=datetime(2026, 1, 1, tzinfo=UTC)),
        SeedsParameters(k=1, costs=Path("folder/costs.csv")),
        LearnParameters(actions=Path("log.csv")),
        ScoreParameters(brands=("acme",)),
    ],
)
def test_what_is_recorded_is_json_with_a_value_for_each_field(given) -> None:
    record = recorded(given)
    assert json.loads(json.dumps(record)) == record
    assert list(record) == [field.name for field in fields(given)]


def test_times_are_iso_lengths_of_time_seconds_and_files_names() -> None:
    record = recorded(ReachParameters(as_of=datetime(2026, 1, 1, tzinfo=UTC), within=timedelta(hours=1)))
    assert (record["as_of"], record["within"]) == ("2026-01-01T00:00:00+00:00", 3600.0)
    assert recorded(SeedsParameters(costs=Path("folder/costs.csv")))["costs"] == "costs.csv"


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.__name__)
def test_every_field_is_described(each: type) -> None:
    inherited = {field.name for base in each.__bases__ if is_dataclass(base) for field in fields(base)}
    text = inspect.getdoc(each) or ""
    for field in fields(each):
        assert field.name in inherited or f"{field.name}:" in text, f"{each.__name__}.{field.name}"


@pytest.mark.parametrize(
    ("function", "owner", "names"),
    [
        (ig.pagerank, RankParameters, ("damping_factor", "tolerance", "max_iterations")),
        (ig.hits, RankParameters, ("tolerance", "max_iterations")),
        (ig.psi_score, RankParameters, ("tolerance", "max_iterations")),
        (ig.influence_passivity, RankParameters, ("tolerance", "max_iterations")),
        (ig.activity, RankParameters, ("window",)),
        (ig.reach_of_all, RankParameters, ("model", "quality", "rr_sets")),
        (ig.spread, ReachParameters, ("model", "quality", "simulations", "deadline")),
        (ig.maximize, SeedsParameters, ("model", "quality", "epsilon", "delta", "ratio", "memory_limit", "budget")),
        (ig.learn, LearnParameters, ("method", "window", "prior")),
        (ig.learn_probabilities, LearnParameters, ("method", "window", "prior")),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_the_library_has_the_defaults_of_the_commands(function, owner, names) -> None:
    signature = inspect.signature(function).parameters
    for name in names:
        assert signature[name].default == getattr(owner(), name), name


def test_diffusion_is_the_same_for_all_that_spreads() -> None:
    for each in (RankParameters(), ReachParameters(), SeedsParameters()):
        for field in fields(DiffusionParameters):
            assert getattr(each, field.name) == getattr(DiffusionParameters(), field.name)
