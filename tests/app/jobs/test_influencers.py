"""Influencers found in a store: what is taken up, done besides and spoken of, and what a run keeps of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import influence_graph as ig
from influence_graph.analyses.influencers.records import Done, done
from influence_graph.app.forget.forget import forget
from influence_graph.app.ingest import import_dataset
from influence_graph.app.jobs.influencers import InfluencersJob, among_consumers
from influence_graph.app.jobs.job import read, run
from influence_graph.app.recompute.recompute import recompute
from influence_graph.app.transfer import copy
from influence_graph.errors import InputError, NotFound
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.ingest.worlds import WorldParameters, generate_world
from influence_graph.model.parameters import ForgetParameters, InfluencerJobParameters, RecomputeParameters
from influence_graph.model.recalculations import Outcome
from influence_graph.model.records import INTERACTIONS, TIES, Batch
from influence_graph.model.results import INFLUENCERS
from influence_graph.model.runs import Run
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.app.jobs.small import DAY, add
from tests.stores.given import batch

JOB = InfluencersJob()
WORLD = {"people": 2000, "seed": 1}
FOUND = ("Consumer", "ann", 9.5, 4.0, 20.0, "passive", 1e-4, 0.01, 2, 5, 1.75, 90.0, 40.0, None, 1)


def did(*rows: tuple[Any, ...], **options: Any) -> Done:
    """Return what *rows* of person, brand, kind, day, valence and perhaps item say that people did."""
    names = ("consumer", "brand", "kind", "at", "valence", "item")
    events = [
        {"event_id": f"e{n}", **dict(zip(names, row, strict=False)), "at": DAY + timedelta(days=row[3])}
        for n, row in enumerate(rows)
    ]
    return done(batch(INTERACTIONS, *events).table, ig.TouchpointTable.load(), **options)


def rows(frame: pd.DataFrame | None, *columns: str) -> list[tuple[Any, ...]]:
    return [] if frame is None else list(frame[list(columns)].itertuples(index=False, name=None))


def test_the_first_use_is_taken_up_and_visits_and_complaints_are_only_done() -> None:
    found = did(
        ("ann", "hat", "visit", 0, None),
        ("ann", "hat", "complaint", 1, None),
        ("ann", "hat", "purchase", 2, None),
        ("ann", "hat", "wear", 3, None),
        ("bob", "hat", "purchase", 4, -1.0),
        ("bob", "hat", "advert", 5, None),  # the brand did that
    )
    assert rows(found.taken, "user", "item") == [("ann", "hat")]
    assert found.taken["time"].tolist() == [pd.Timestamp(DAY + timedelta(days=2))]
    assert [user for user, _ in rows(found.besides, "user", "time")] == ["ann", "ann", "ann", "bob"]
    assert found.spoken is None


def test_who_speaks_of_a_brand_speaks_of_each_of_its_items() -> None:
    records = [("ann", "hat", "purchase", 0, None), ("ann", "hat", "wear", 1, None), ("ann", "hat", "share", 2, None)]
    assert rows(did(*records).spoken, "user", "item") == [("ann", "hat")]
    by_kind = did(*records, item="brand+kind", kinds=["Purchase", "wear"])
    assert rows(by_kind.taken, "item") == [("hat purchase",), ("hat wear",)]
    assert sorted(rows(by_kind.spoken, "item")) == [("hat purchase",), ("hat wear",)]


def test_an_item_that_records_name_is_taken_up_and_what_names_none_is_left_out_and_told() -> None:
    records = [
        ("ann", "hat", "purchase", 0, None, "501"),
        ("ann", "hat", "wear", 1, None, "green"),
        ("ann", "coat", "wear", 2, None, "501"),
        ("ann", "hat", "wear", 3, None),
        ("ann", "hat", "complaint", 4, None),
        ("ann", "hat", "share", 5, None, "green"),
        ("bob", "hat", "share", 6, None),
    ]
    found = did(*records, item="brand+item")
    assert rows(found.taken, "item", "brand") == [("hat 501", "hat"), ("hat green", "hat"), ("coat 501", "coat")]
    assert rows(found.spoken, "user", "item") == [("ann", "hat green")]  # and of what bob took up of the hat: nothing
    assert len(rows(found.besides, "user")) == 4
    assert found.notes == ("2 of 6 interactions name no item and are left out",)
    said = [*records[:3], ("ann", "hat", "share", 5, None)]
    assert sorted(rows(did(*said, item="brand+item").spoken, "item")) == [("hat 501",), ("hat green",)]
    assert did(*records).notes == ()
    with pytest.raises(InputError, match="none of 1 interaction names an item; give records the column item"):
        did(records[3], item="brand+item")


def test_named_items_are_what_a_file_of_them_is(tmp_path: Path, world: EmbeddedStore) -> None:
    events = world.interactions().to_pandas().astype({"consumer": object, "brand": object})
    events = events[events["kind"].isin(["purchase", "visit"])].reset_index(drop=True)
    named, beside = (EmbeddedStore(tmp_path / name) for name in ("named", "beside"))
    first = events.index.isin(events[events["kind"] == "purchase"].drop_duplicates(["consumer", "brand"]).index)
    items = events.assign(item=events["brand"].where(first), brand="shop")
    taken = items[first].rename(columns={"consumer": "user", "at": "time"})
    taken.assign(item="shop " + taken["item"])[["user", "item", "time"]].to_parquet(tmp_path / "log.parquet")
    for store, records in ((named, items), (beside, items[~first])):
        store.append(TIES, [batch(TIES, *(row for table in world.records(TIES) for row in table.to_pylist()))])
        table = pa.Table.from_pandas(records, INTERACTIONS.schema, preserve_index=False)
        store.append(INTERACTIONS, [Batch(INTERACTIONS, table, pa.array(range(len(records)), pa.int64()))])
    told: list[str] = []
    by_name = run(JOB, named, InfluencerJobParameters(item="brand+item"), notify=told.append).result
    by_file = run(JOB, beside, InfluencerJobParameters(actions=tmp_path / "log.parquet")).result
    assert by_name.log["items"] > 10
    pd.testing.assert_frame_equal(by_name.table, by_file.table)
    takes = int((events["kind"] == "purchase").sum())
    left = [f"{takes - int(first.sum()):,} of {takes:,} interactions name no item and are left out"]
    assert told == (left if takes > first.sum() else [])


def test_what_takes_something_up_can_be_named() -> None:
    visits = [("ann", "shop", "visit", 0, None), ("bob", "shop", "visit", 1, None)]
    with pytest.raises(InputError, match=r"none of 2 interactions anything was taken up.*--kind visit"):
        did(*visits)
    assert rows(did(*visits, kinds=["visit"]).taken, "user") == [("ann",), ("bob",)]
    with pytest.raises(NotFound, match="did you mean 'visit'"):
        did(*visits, kinds=["visits"])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    store = EmbeddedStore(tmp_path_factory.mktemp("world"))
    import_dataset(store, IMPORTERS["world"], None, ImportOptions(**WORLD))
    run(JOB, store, InfluencerJobParameters(), write=True)
    return store


def test_a_store_gives_those_planted_in_it_and_keeps_them_as_its_current_run(world: EmbeddedStore) -> None:
    planted = {one["id"]: one["style"] for one in generate_world(WorldParameters(**WORLD)).truth["influencers"]}
    kept = world.results("influencers")
    assert kept is not None
    found = {row["id"]: row for row in kept[1].to_pylist()}
    assert len(found.keys() & planted.keys()) >= 6
    assert len(found.keys() - planted.keys()) <= 1
    for id_ in found.keys() & planted.keys():
        assert found[id_]["style"] == {"active": "active", "silent": "passive"}[planted[id_]]
        assert found[id_]["caused_low"] <= found[id_]["score"] <= found[id_]["caused_high"]
    assert kept[0].parameters["found"] == len(found)
    assert (kept[0].parameters["activity"], kept[0].parameters["spoken"]) == (True, True)
    assert world.query("SELECT count(*) FROM influencers").rows == [(len(found),)]
    assert world.query("SELECT count(*) FROM ranks WHERE kind = 'influencers'").rows == [(len(found),)]


def test_followers_of_a_brand_are_those_who_took_it_up_after(world: EmbeddedStore) -> None:
    inputs = read(JOB, world, InfluencerJobParameters())
    people = world.results("influencers")[1]["id"].to_pylist()  # type: ignore[index]
    first = {(row.user, row.item): row.time for row in inputs.done.taken.itertuples()}
    audience: dict[str, set[str]] = {id_: set() for id_ in people}
    for tie in inputs.ties.itertuples():
        for sees, seen in [(tie.source, tie.target), *([(tie.target, tie.source)] if tie.kind == "friend" else [])]:
            if seen in audience:
                audience[seen].add(sees)
    brand = inputs.done.taken["item"].value_counts().index[0]
    after = {
        id_: sum((who, brand) in first and first[who, brand] > first[id_, brand] for who in audience[id_])
        for id_ in people
        if (id_, brand) in first
    }
    expected = {id_: count for id_, count in after.items() if count}
    assert dict(rows(among_consumers(inputs, brand, people), "id", "followed")) == expected
    assert expected


def test_it_is_recalculated_where_a_tie_gets_another_date_and_not_before(world: EmbeddedStore, tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "copy")
    copy(world, store)
    assert "influencers" not in {step.kind for step in recompute(store, RecomputeParameters(only=("degree",))).steps
                                 if step.outcome is Outcome.CALCULATED}  # fmt: skip
    asked = RecomputeParameters(only=("influencers",))

    def outcome() -> Outcome:
        return next(step.outcome for step in recompute(store, asked).steps if step.kind == "influencers")

    assert [outcome(), outcome()] == [Outcome.CALCULATED, Outcome.UNCHANGED]
    tie = pa.concat_tables(list(store.records("ties"))).slice(0, 1).to_pylist()[0]
    add(store, "ties", tie | {"since": tie["since"] + timedelta(days=400)})
    assert outcome() is Outcome.CALCULATED


@pytest.fixture
def few(store: Store) -> Store:
    """Return a store of six people, one of whom was found."""
    keep(store, "influencers-1", FOUND)
    return store


def keep(store: Store, id_: str, *found: tuple[Any, ...]) -> None:
    schema = INFLUENCERS.schema
    table = pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in found], schema=schema)
    store.write(Run(id_, "influencers", "finished", DAY, DAY, "d", "0"), table)


def test_a_person_who_is_forgotten_is_no_more_among_those_found(few: Store, tmp_path: Path) -> None:
    keep(few, "influencers-2", FOUND)
    forgotten = forget(few, ForgetParameters(people=("ann",)), key_file=tmp_path / "key")
    assert forgotten.erased.results["influencers"] == 2
    for each in few.runs():
        if each.kind == "influencers":
            assert few.results_of(each.id)[1].num_rows == 0


def test_a_store_of_few_says_that_nobody_can_be_tested_and_keeps_an_empty_run(store: Store) -> None:
    result = run(JOB, store, InfluencerJobParameters(), write=True).result
    assert set(result.table["status"]) == {"cannot be tested"}
    assert result.sentences()[0].startswith("Of 0 people tested")
    kept = store.results("influencers")
    assert kept is not None
    assert (kept[1].num_rows, kept[0].parameters["tested"]) == (0, 0)


def test_what_is_missing_is_said_in_one_line(embedded: Store, tmp_path: Path) -> None:
    (tmp_path / "strangers.csv").write_text("user,item,time\nzed,x,2026-01-01\n")
    for parameters, message in [
        ({"item": "color"}, r"item is 'color', must be 'brand' or 'brand\+kind'"),
        ({"fdr": 0.0}, "fdr is 0.0, must be above 0 and below 1"),
        ({"actions": tmp_path / "strangers.csv"}, "none of the 1 actions is of a user among"),
        ({"as_of": DAY - timedelta(days=9)}, "holds no interactions: nobody took anything up"),
    ]:
        with pytest.raises(InputError, match=message):
            run(JOB, embedded, InfluencerJobParameters(**parameters))
    empty = EmbeddedStore(tmp_path / "empty")
    empty.migrate()
    with pytest.raises(InputError, match="holds no ties"):
        run(JOB, empty, InfluencerJobParameters())
