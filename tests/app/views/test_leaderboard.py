"""All brands of a store side by side: names, time, and thousands of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from influence_graph.app.ingest import import_dataset
from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.app.views.leaderboard import view_brands_together
from influence_graph.errors import InputError
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.model.parameters import LeaderboardParameters, ScoreParameters
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.app.jobs.small import DAY, add, filled
from tests.app.jobs.test_job import Counted
from tests.public_data import public_data


def test_brands_have_names_and_the_sums_of_the_scores(tmp_path: Path) -> None:
    store = filled(EmbeddedStore(tmp_path / "store"))
    add(store, "brands", {"id": "acme", "name": "Acme & Co"})
    counted = Counted(store)
    found = view_brands_together(counted, LeaderboardParameters(by="sum"))
    assert counted.snapshots == ["snapshot"]
    scores = run(ScoreJob(), store, ScoreParameters()).groupby("brand")["fusion_score"].sum()
    assert found.board.brands.set_index("brand")["bond_sum"].to_dict() == pytest.approx(scores.to_dict())
    assert found.names.brands == {"acme": "Acme & Co"}
    assert "influence-graph brands --by sum --top 0" in found.origin.commands
    early = view_brands_together(store, LeaderboardParameters(as_of=DAY.replace(day=2))).board.brands
    assert set(early["brand"]) == {"acme", "bolt"}


def test_a_store_without_interactions_is_refused(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    add(store, "brands", {"id": "acme"})
    with pytest.raises(InputError, match="no interactions"):
        view_brands_together(store, LeaderboardParameters())


def test_seventeen_thousand_artists_stand_side_by_side(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "lastfm")
    import_dataset(store, IMPORTERS["lastfm"], public_data("lastfm_hetrec2011"), ImportOptions())
    found = view_brands_together(store, LeaderboardParameters())
    frame = found.board.brands
    assert len(frame) == 17_632
    assert frame["bonds"].sum() == found.board.acts == 92_834
    known = frame["mean_bond"].notna()
    assert ((frame["consumers"] >= 10) == known).all()
    assert frame["rank"][known].max() == known.sum()
    assert "not on record" in " ".join(found.board.sections()["Judgment"])
