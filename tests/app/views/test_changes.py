"""What changed between two recalculations of a store, and why: the story, a town with and without a planted cause."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.ranking import RankJob
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.app.recompute.recompute import recompute
from influence_graph.app.views.changes import read_changes, recent_changes, what_changed
from influence_graph.app.views.report import gather
from influence_graph.errors import NotFound
from influence_graph.model.parameters import RankParameters, ReportParameters, ScoreParameters
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import PEOPLE
from influence_graph.reports.pages.report import render_report
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.app.jobs.small import DAY as FIRST_DAY
from tests.app.jobs.small import add, filled
from tests.app.views import changing


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "embedded":
        yield EmbeddedStore(tmp_path / "store")
    else:
        yield request.getfixturevalue("neo4j_store")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return EmbeddedStore(tmp_path / "store")


def test_the_fish_of_the_story_is_the_cause(empty: Store) -> None:
    found = what_changed(changing.story(empty), kinds=["score"])
    assert found.bonds is not None
    rows = found.bonds.bonds.set_index(["consumer", "brand"])
    assert rows.loc[("singer", "restaurant"), "change"] == -8
    assert rows.loc[("singer", "sweater"), "change"] == -2
    assert (rows["unexplained"] == 0).all()
    told = "\n".join(found.sentences())
    assert "The Blue Mackerel (restaurant) fell by" in told
    assert "new complaint of The pop singer (singer) (singer-fish)" in told
    assert "Harbour Knitwear (sweater) fell by 2 points" in told
    assert "which spilled over from The Blue Mackerel (restaurant)" in told
    assert "The pop singer (singer) and The Blue Mackerel (restaurant) fell by 8" in found.summary()
    causes = found.bonds.causes.set_index("brand")
    assert causes.loc["restaurant", "largest"].tolist()[0] == "singer-fish"
    frame = found.to_frame()
    assert frame.loc[0, ["kind", "consumer", "brand", "cause"]].tolist() == [
        "score", "singer", "restaurant", "singer-fish"
    ]  # fmt: skip


def test_complaints_planted_in_a_town_are_the_first_cause(store: Store) -> None:
    town = list(changing.town_batches())
    people = next(batch.table["id"].to_pylist() for batch in town if batch.kind is PEOPLE)[:25]
    brand = next(batch.table["id"].to_pylist() for batch in town if batch.kind.name == "brands")[3]
    found = what_changed(changing.town(store, *changing.complaints(brand, people)))
    assert found.bonds is not None
    assert found.bonds.brands.loc[0, ["brand", "unexplained"]].tolist() == [brand, 0.0]
    first = found.bonds.causes.iloc[0]
    assert first[["brand", "reason", "kind", "unusual"]].tolist() == [brand, "new", "complaint", True]
    assert first["events"] >= 25
    assert first["change"] < 0
    assert any(line.startswith("Out of the ordinary: ") and f"({brand})" in line for line in found.sentences())


def test_the_word_of_a_celebrity_is_the_first_cause(store: Store) -> None:
    event = {"at": changing.DAY + timedelta(hours=9), "consumer": "p007", "brand": "b04", "kind": "mention"}
    star = {**event, "event_id": "planted", "points": -90.0, "with_brands": "b09"}
    found = what_changed(changing.town(store, star))
    assert found.bonds is not None
    assert found.bonds.brands.loc[0, "brand"] == "b04"
    assert found.bonds.causes.loc[0, ["largest", "largest_consumer", "unusual"]].tolist() == ["planted", "p007", True]
    other = found.bonds.terms[(found.bonds.terms["brand"] == "b09") & (found.bonds.terms["via"] == "b04")]
    assert other[["event_id", "link_event"]].to_numpy().tolist() == [["planted", "planted"]]


def test_without_a_cause_nothing_is_claimed(store: Store) -> None:
    found = what_changed(changing.town(store))
    assert found.bonds is not None
    assert len(found.bonds.bonds)  # a day like any other has its events
    assert not (found.bonds.causes["unusual"] == True).any()  # noqa: E712 - None is neither
    assert not any(line.startswith("Out of the ordinary") for line in found.sentences())


def test_what_is_added_late_is_told_by_its_place_in_the_ledger(empty: Store) -> None:
    filled(empty)
    recompute(empty, changing.SCORES)
    late = {"event_id": "late", "at": FIRST_DAY.replace(day=2), "consumer": "ann", "brand": "acme", "points": 2.0}
    add(empty, "interactions", {**late, "direction": "to_brand"})
    recompute(empty, changing.SCORES)
    found = what_changed(empty)
    assert found.bonds is not None
    assert found.bonds.bonds[["consumer", "brand", "change", "unexplained"]].to_numpy().tolist() == [
        ["ann", "acme", 2.0, 0.0]
    ]
    assert found.bonds.terms[["event_id", "reason"]].to_numpy().tolist() == [["late", "became known late"]]


def test_runs_that_were_written_alone_are_compared_as_far_as_they_tell(store: Store) -> None:
    run(ScoreJob(), filled(store), ScoreParameters(), write=True)
    late = {"event_id": "late", "at": FIRST_DAY.replace(day=2), "consumer": "ann", "brand": "acme", "points": 2.0}
    add(store, "interactions", {**late, "direction": "to_brand"})
    run(ScoreJob(), store, ScoreParameters(), write=True)
    found = what_changed(store)
    assert found.bonds is not None
    assert found.bonds.bonds["unexplained"].tolist() == [2.0]
    assert "how many interactions the earlier run had read is not on record" in found.notes[0]
    with store.snapshot() as view:
        assert read_changes(view, brief=True).bonds is not None


def test_a_new_tie_is_named_where_ties_are_dated(store: Store) -> None:
    filled(store)
    recompute(store, changing.SCORES)
    add(store, "ties", {"source": "dan", "target": "ann", "kind": "follows", "since": FIRST_DAY.replace(year=2999)})
    recompute(store, changing.SCORES)
    found = what_changed(store, kinds=["rank"])
    (rank,) = found.results
    ann = rank.links[rank.links["id"] == "ann"]
    assert ann.iloc[0][["from_id", "what"]].tolist() == ["dan", "new link"]
    assert any("ann rose" in line and "by a new link from dan" in line for line in found.sentences())


def test_where_ties_have_no_date_nobody_can_tell(store: Store) -> None:
    filled(store)
    recompute(store, changing.SCORES)
    add(store, "ties", {"source": "dan", "target": "ann", "kind": "follows"})
    recompute(store, changing.SCORES)
    (rank,) = what_changed(store, kinds=["rank"]).results
    assert rank.links.empty
    assert rank.sentences()[-1] == (
        "Which ties are new cannot be told: those on record do not give the former graph back."
    )


def test_other_parameters_are_said(store: Store) -> None:
    run(RankJob(), filled(store), RankParameters(), write=True)
    run(ScoreJob(), store, ScoreParameters(), write=True)
    run(RankJob(), store, RankParameters(damping_factor=0.5), write=True)
    first = next(each.id for each in reversed(store.runs()) if each.kind == "rank")
    last = next(each.id for each in store.runs() if each.kind == "rank")
    found = what_changed(store, first, last)
    assert "other parameters than before (damping_factor)" in found.sentences()[-1]
    run(ScoreJob(), store, ScoreParameters(policy=FusionPolicy(half_life_days=30)), write=True)
    found = what_changed(store, kinds=["score"])
    assert found.notes == ("Fusion Score: the policy differs (half_life_days), which changes scores, too.",)


def test_pruned_results_are_said_and_nothing_changed_is_said(store: Store) -> None:
    run(ScoreJob(), filled(store), ScoreParameters(), write=True)
    run(ScoreJob(), store, ScoreParameters(), write=True)
    assert what_changed(store).summary().endswith("no result changed.")
    assert store.prune(1) == 1
    with pytest.raises(NotFound, match="no results by previous"):
        what_changed(store)


def test_the_report_tells_what_changed(store: Store) -> None:
    with filled(store).snapshot() as view:
        assert recent_changes(view) is None
    assert "What changed since" not in render_report(gather(store, ReportParameters()))
    recompute(store, changing.SCORES)
    event = {"event_id": "new", "at": FIRST_DAY.replace(day=12), "consumer": "ann", "brand": "acme", "points": 5.0}
    add(store, "interactions", event)
    recompute(store, changing.SCORES)
    data = gather(store, ReportParameters())
    assert data.changes is not None
    page = render_report(data)
    assert "What changed since" in page
    assert "ann and acme rose by 5" in page
    assert gather(store, ReportParameters(as_of=FIRST_DAY)).changes is None
