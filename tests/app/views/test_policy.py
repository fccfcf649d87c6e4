"""Policies by name, and weights that a store suggests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from influence_graph.analyses.fusion.touchpoint_weights import fit_touchpoint_weights
from influence_graph.app.ingest import IngestOptions, ingest
from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.ranking import RankJob
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.app.views.policy import DEFAULT, fit_weights, fitted_policy, policy_records, write_policy
from influence_graph.errors import InputError, NotFound
from influence_graph.model.parameters import FitParameters, RankParameters, ScoreParameters
from influence_graph.model.policy.file import load_policy
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.touchpoints import KindRule, TouchpointTable
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.analyses.fusion.planted import WEIGHTS, plant_touchpoint_log
from tests.app.jobs.small import filled

TABLE = TouchpointTable.load()
OWN = FusionPolicy(spillover=0.5, half_life_days=30.0, version="own")


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    return filled(EmbeddedStore(tmp_path / "store"))


def run_ids(store: EmbeddedStore) -> dict[str, str]:
    return {each.kind: each.id for each in store.runs()}


def test_the_default_policy_has_the_table_that_is_given(store: EmbeddedStore) -> None:
    assert policy_records(store, [DEFAULT], TABLE)[0] == FusionPolicy().to_dict()
    other = TouchpointTable({"serenade": KindRule("brand_experience")})
    assert policy_records(store, [DEFAULT], other)[0] == FusionPolicy(table=other).to_dict()


@pytest.mark.parametrize("name", ["own.toml", "OWN.TOML", "own"])
def test_a_file_is_a_policy_whatever_its_suffix_if_it_is_there(
    store: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write_policy(OWN, Path(name))
    assert policy_records(store, [name], TABLE)[0] == OWN.to_dict()
    with store.snapshot() as view:
        assert policy_records(view, [name], TABLE)[0] == OWN.to_dict()


def test_a_score_run_gives_the_policy_that_it_was_calculated_with(store: EmbeddedStore) -> None:
    run(ScoreJob(), store, ScoreParameters(policy=OWN), write=True)
    assert policy_records(store, [run_ids(store)["score"]], TABLE)[0] == OWN.to_dict()


def test_a_run_of_another_kind_has_no_policy(store: EmbeddedStore) -> None:
    run(RankJob(), store, RankParameters(), write=True)
    with pytest.raises(InputError, match="is a rank run and has no policy; name a score run"):
        policy_records(store, [run_ids(store)["rank"]], TABLE)[0]


def test_an_unknown_name_offers_score_runs_and_the_default(store: EmbeddedStore) -> None:
    run(ScoreJob(), store, ScoreParameters(), write=True)
    run(RankJob(), store, RankParameters(), write=True)
    known = run_ids(store)
    with pytest.raises(NotFound) as error:
        policy_records(store, [known["score"][:-1]], TABLE)[0]
    assert known["score"] in error.value.remedy
    assert known["rank"] not in error.value.remedy
    with pytest.raises(NotFound, match="did you mean 'default'"):
        policy_records(store, ["Defualt"], TABLE)[0]
    with pytest.raises(NotFound, match="name a TOML file"):
        policy_records(store, ["42"], TABLE)[0]


@pytest.mark.parametrize("policy", [FusionPolicy(), OWN, FusionPolicy(outcome="loyalty", half_life_days=float("inf"))])
def test_a_written_policy_is_loaded_again_as_it_was(tmp_path: Path, policy: FusionPolicy) -> None:
    write_policy(policy, tmp_path / "p.toml")
    assert load_policy(tmp_path / "p.toml").to_dict() == policy.to_dict()


def test_a_policy_that_cannot_be_written_leaves_the_former_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_policy(OWN, tmp_path / "none" / "p.toml")
    write_policy(OWN, tmp_path / "p.toml")
    before = (tmp_path / "p.toml").read_bytes()
    with pytest.raises(InputError, match="cannot be written"):
        write_policy(FusionPolicy(), tmp_path / "p.toml" / "below")
    assert (tmp_path / "p.toml").read_bytes() == before


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[EmbeddedStore, pd.DataFrame]:
    """Return a store with a log in which some touchpoints precede recommending, and the log."""
    log = plant_touchpoint_log(WEIGHTS, 0)
    folder = tmp_path_factory.mktemp("planted")
    log.to_csv(folder / "log.csv", index=False)
    store = EmbeddedStore(folder / "store")
    ingest(store, [folder / "log.csv"], IngestOptions(rejects=folder / "rejects.jsonl"))
    return store, log


def test_the_weights_of_a_store_are_those_of_its_interactions(planted: tuple[EmbeddedStore, pd.DataFrame]) -> None:
    store, _ = planted
    found = fit_weights(store, FitParameters(window=timedelta(days=6), exposure="count"), FusionPolicy())
    expected = fit_touchpoint_weights(store.interactions(), "recommend", timedelta(days=6), None, "count", None)
    pd.testing.assert_frame_equal(found.frame, expected.frame)
    rows = found.frame.set_index("touchpoint")
    assert rows.loc["engagement", "low"] < WEIGHTS["engagement"] < rows.loc["engagement", "high"]


def test_the_time_of_a_fit_leaves_out_what_was_later(planted: tuple[EmbeddedStore, pd.DataFrame]) -> None:
    store, _ = planted
    whole = fit_weights(store, FitParameters(), FusionPolicy())
    latest = store.latest()
    assert latest is not None
    early = fit_weights(store, FitParameters(as_of=latest - timedelta(days=60)), FusionPolicy())
    assert 0 < early.n_outcomes < whole.n_outcomes


def test_a_fitted_policy_changes_the_weights_of_its_outcome_alone(
    planted: tuple[EmbeddedStore, pd.DataFrame],
) -> None:
    fit = fit_weights(planted[0], FitParameters(window=timedelta(days=6)), OWN)
    policy = fitted_policy(OWN, fit)
    assert max(policy.weights["recommend"].values()) == 1.0
    assert min(policy.weights["recommend"].values()) >= 0.0
    assert policy.weights["loyalty"] == OWN.weights["loyalty"]
    assert policy.version == "own, recommend fitted"
    assert replace(policy, weights=OWN.weights, version=OWN.version) == OWN


def test_no_policy_is_fitted_where_the_data_cannot_tell(store: EmbeddedStore) -> None:
    fit = fit_weights(store, FitParameters(as_of=datetime(2026, 3, 1, tzinfo=UTC)), FusionPolicy())
    assert not fit.significant
    with pytest.raises(InputError):
        fitted_policy(FusionPolicy(), fit)
