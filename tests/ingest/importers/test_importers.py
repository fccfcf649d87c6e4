"""Public data sets: the counts of their publishers, stable ids, and the rules of record files."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.analyses.interactions.meaning import meaning_of
from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.chunks import Chunk
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.ingest.repeats import WEIGHTS_ADDED
from influence_graph.ingest.validate import Validator
from influence_graph.model.records import INTERACTIONS, KINDS, Batch
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.public_data import public_data

FOLDERS = {
    "lastfm": "lastfm_hetrec2011",
    "ciao": "ciao_tang",
    "stackexchange": "stackexchange_android",
    "airline": "airline_tweets",
    "cdnow": "cdnow",
    "edges": "im_graphs/wiki-Vote.txt",
}
COUNTS = {
    "lastfm": {"people": 1892, "brands": 17_632, "ties": 12_717, "interactions": 92_834},
    "ciao": {"people": 2375, "brands": 16_861, "ties": 57_544, "interactions": 36_065},
    "stackexchange": {"people": 9953, "brands": 679, "ties": 48_573, "interactions": 679 + 28_343},
    "airline": {"people": 14_485, "brands": 6, "interactions": 14_485},
    "cdnow": {"people": 23_570, "brands": 1, "interactions": 69_659},
    "edges": {"people": 7115, "ties": 103_689},
}


def published(name: str) -> Path:
    return public_data(FOLDERS[name])


def batches(name: str, path: Path | None = None, **options) -> list[Batch]:
    return list(IMPORTERS[name].read(path, ImportOptions(**options)))


def frames(found: list[Batch]) -> dict[str, pd.DataFrame]:
    tables: dict[str, list[pa.Table]] = {}
    for batch in found:
        tables.setdefault(batch.kind.name, []).append(batch.table)
    return {name: pa.concat_tables(parts).to_pandas() for name, parts in tables.items()}


@pytest.fixture(scope="module", params=sorted(FOLDERS))
def imported(request: pytest.FixtureRequest) -> tuple[str, list[Batch]]:
    return request.param, batches(request.param, published(request.param))


def test_counts_are_those_of_the_publisher(imported: tuple[str, list[Batch]]) -> None:
    name, found = imported
    assert {kind: len(frame) for kind, frame in frames(found).items()} == COUNTS[name]


def test_batches_are_what_the_validator_would_have_made(imported: tuple[str, list[Batch]]) -> None:
    for batch in imported[1]:
        raw = {name: batch.table[name].combine_chunks() for name in batch.table.column_names}
        text = {name: column.cast(pa.string()) for name, column in raw.items() if column.null_count < len(column)}
        if "at" in text:
            text["at"] = pa.array([time.isoformat() for time in raw["at"].to_pylist()])
        validator = Validator(batch.kind, batch.file)
        validated, rejects = validator.validate(Chunk(text, batch.lines.to_numpy()))
        assert rejects == []
        assert not TouchpointTable.load().unknown(validator.kinds)
        assert validated.table.equals(pa.table(raw, schema=batch.kind.schema))


def test_keys_are_unique_and_kinds_come_in_the_order_of_the_store(imported: tuple[str, list[Batch]]) -> None:
    order = [kind for kind, _ in itertools.groupby(batch.kind.name for batch in imported[1])]
    assert order == [kind for kind in KINDS if kind in order]
    for kind, frame in frames(imported[1]).items():
        assert not frame.duplicated(list(KINDS[kind].key)).any()


def test_every_end_of_a_tie_or_interaction_is_declared(imported: tuple[str, list[Batch]]) -> None:
    found = frames(imported[1])
    people = set(found["people"]["id"])
    if "ties" in found:
        assert people >= set(found["ties"]["source"]) | set(found["ties"]["target"])
    if "interactions" in found:
        assert people >= set(found["interactions"]["consumer"])
        assert set(found["brands"]["id"]) >= set(found["interactions"]["brand"])


def test_a_second_import_changes_no_row(tmp_path: Path, imported: tuple[str, list[Batch]]) -> None:
    name, first = imported
    store = EmbeddedStore(tmp_path)
    store.migrate()
    for batch in first:
        assert store.append(batch.kind, [batch]).inserted == batch.table.num_rows
    before = store.digest()
    for batch in batches(name, published(name)):
        report = store.append(batch.kind, [batch])
        assert (report.inserted, report.updated, report.conflicts) == (0, 0, [])
        assert report.unchanged == batch.table.num_rows
    assert store.digest() == before


def test_lastfm_sums_and_friends_agree_with_the_files() -> None:
    folder = published("lastfm")
    found = frames(batches("lastfm", folder))
    plays = found["interactions"]
    assert plays["weight"].sum() == 69_183_975
    assert plays["event_id"].iloc[0] == "lastfm:2:51"
    assert set(plays["at"]) == {pd.Timestamp("2011-05-01", tz="UTC")}
    pairs = pd.read_csv(folder / "user_friends.dat", sep="\t", dtype=str)
    expected = {tuple(sorted(pair)) for pair in zip(pairs["userID"], pairs["friendID"], strict=True)}
    assert set(zip(found["ties"]["source"], found["ties"]["target"], strict=True)) == expected
    assert found["brands"].set_index("id")["name"]["1"] == "MALICE MIZER"


def test_ciao_stars_become_valence_and_epochs_times() -> None:
    folder = published("ciao")
    reviews = frames(batches("ciao", folder))["interactions"]
    rated = pd.read_csv(folder / "ciao_ratings_36065.csv")
    np.testing.assert_array_equal(reviews["valence"], (rated["rating"] - 3) / 2)
    seconds = (reviews["at"] - pd.Timestamp(0, tz="UTC")).dt.total_seconds()
    np.testing.assert_array_equal(seconds, rated["epoch"])
    assert reviews["event_id"].str.endswith(":2").sum() == rated.groupby(["user", "product"]).size().ge(2).sum()


def test_stackexchange_seconds_count_from_the_start_that_was_given() -> None:
    start = datetime(2020, 2, 29, 12, tzinfo=UTC)
    found = frames(batches("stackexchange", published("stackexchange"), at=start))["interactions"]
    second = found[found["event_id"] == "stackexchange:1:244"].iloc[0]
    assert second["at"] == start + timedelta(seconds=48_358_445)
    assert second["brand"] == "question-1"
    assert (found.groupby("brand")["at"].min() == start).all()


def test_airline_times_agree_with_the_time_in_each_tweet_id() -> None:
    notes: list[str] = []
    found = frames(batches("airline", published("airline"), note=notes.append))["interactions"]
    ids = found["event_id"].str.removeprefix("airline:").astype(np.int64).to_numpy()
    minted = pd.to_datetime((ids >> 22) + 1_288_834_974_657, unit="ms", utc=True)
    assert (minted.floor("min") == found["at"]).all()
    assert notes == ["tweets.csv: 155 rows repeat a tweet and were left out"]
    assert dict(found.groupby("kind")["valence"].agg(["min", "max"]).loc["complaint"]) == {"min": -1.0, "max": -1.0}
    late = found[found["touchpoint"] == "expediting"]
    assert len(late) > 1700
    assert (late["valence"] == -1).all()


def test_what_the_touchpoint_table_says_is_not_stated_again(imported: tuple[str, list[Batch]]) -> None:
    given = frames(imported[1]).get("interactions")
    if given is None:
        return
    assert given["direction"].isna().all()
    assert given["touchpoint"].notna().any() == (imported[0] == "airline")


def test_cdnow_has_all_dollars_and_repeats_from_the_second_day_on() -> None:
    (table,) = [batch.table for batch in batches("cdnow", published("cdnow")) if batch.kind is INTERACTIONS]
    found = table.to_pandas()
    assert set(found["kind"]) == {"purchase"}
    assert found["consumer"].nunique() == 23_570
    days = found.groupby("consumer")["at"].transform("min") < found["at"]
    assert (meaning_of(read_ledger(table), TouchpointTable.load()).showing("loyalty") == days).all()
    assert found["value"].sum() == pytest.approx(69_659 * 35.893648, rel=1e-6)
    same_day = found["event_id"].str.rsplit(":", n=1).str[1].astype(int)
    assert (same_day > 1).sum() == 2068


@pytest.mark.parametrize(
    ("name", "nodes", "edges"), [("NetHEPT_snowgy_wc", 15_233, 32_213), ("CA-GrQc.rkg", 5242, 14_484)]
)
def test_the_size_line_and_self_loops_of_an_edge_list_give_no_tie(name: str, nodes: int, edges: int) -> None:
    path = public_data(f"im_graphs/{name}.txt")
    with pytest.raises(UnreadableFile, match="--size-line"):
        batches("edges", path)
    found = frames(batches("edges", path, size_line=True))
    assert (len(found["people"]), len(found["ties"])) == (nodes, edges)


@pytest.mark.parametrize(
    "text",
    [
        "a b 0.5\nb c 2\n",
        "a,b,0.5\r\nb,c,2\r\n",
        "# made by hand\nsource;target;weight\na;b;0.5\n# in between;\nb;c;2\n",
        "\ufeffFrom\tTo\tWeight\na\tb\t0.25\nb\tc\t2\na\tb\t0.25\nc\tc\t1\n",
    ],
    ids=["blanks", "commas", "semicolons", "tabs"],
)
def test_edge_lists_of_any_layout_give_the_same_ties(tmp_path: Path, text: str) -> None:
    path = tmp_path / "graph.txt"
    path.write_text(text, encoding="utf-8", newline="")
    found = frames(batches("edges", path))
    ties = found["ties"][["source", "target", "kind", "weight"]]
    assert ties.to_numpy().tolist() == [["a", "b", "follows", 0.5], ["b", "c", "follows", 2.0]]
    assert sorted(found["people"]["id"]) == ["a", "b", "c"]


def test_friends_in_an_edge_list_are_kept_once(tmp_path: Path) -> None:
    path = tmp_path / "graph.csv"
    path.write_text("b,a\na,b\nc,b\nb,c\n")
    notes: list[str] = []
    ties = frames(batches("edges", path, tie_kind="friend", note=notes.append))["ties"]
    assert ties[["source", "target"]].to_numpy().tolist() == [["a", "b"], ["b", "c"]]
    assert notes == [f"graph.csv: 2 edges repeat an earlier one between the same two: {WEIGHTS_ADDED}"]


def bad_edge_lists() -> Iterator[tuple[str, bytes, str]]:
    yield "negative", b"a b 1\nb c -2\n", "line 2"
    yield "infinite", b"a b 1\nb c inf\n", "line 2"
    yield "no number", b"a b 1\nb c much\n", "line 2"
    yield "ragged", b"a b\nb c 1 2 3\n", "columns"
    yield "one column", b"a\nb\n", "1 columns"
    yield "empty", b"# nothing\n", "contains no edge"
    yield "not text", b"\xff,a\n", "UTF-8"
    yield "missing end", b"a,b\n,c\n", "line 2"


@pytest.mark.parametrize(
    ("content", "reason"), [(c, s) for _, c, s in bad_edge_lists()], ids=[n for n, _, _ in bad_edge_lists()]
)
def test_a_bad_edge_list_is_refused_with_its_place(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "graph.txt"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=reason) as refused:
        batches("edges", path)
    assert refused.value.remedy


def test_a_prefix_is_put_before_every_id_and_not_before_event_ids(tmp_path: Path) -> None:
    (tmp_path / "edges.txt").write_text("1,2\n")
    (tmp_path / "cascades.txt").write_text("1 2 60,\n")
    found = frames(batches("stackexchange", tmp_path, prefix="se-"))
    assert sorted(found["people"]["id"]) == ["se-1", "se-2"]
    assert found["ties"][["source", "target"]].to_numpy().tolist() == [["se-1", "se-2"]]
    assert found["interactions"]["brand"].tolist() == ["se-question-1"] * 2
    assert found["interactions"]["event_id"].tolist() == ["stackexchange:1:1", "stackexchange:1:2"]


@pytest.mark.parametrize("name", sorted(FOLDERS))
def test_a_wrong_path_is_refused_with_what_is_expected(tmp_path: Path, name: str) -> None:
    for path in (None, tmp_path / "nowhere", tmp_path):
        with pytest.raises(UnreadableFile) as refused:
            batches(name, path)
        assert IMPORTERS[name].source in refused.value.remedy
        assert IMPORTERS[name].files[0] in f"{refused.value} *"


@pytest.mark.parametrize("name", ["ciao", "lastfm", "stackexchange", "airline", "cdnow"])
def test_files_with_other_content_are_refused(tmp_path: Path, name: str) -> None:
    for file in IMPORTERS[name].files:
        (tmp_path / file).write_text("what;is,this\n1 2 3 4 5;6\n")
    with pytest.raises(UnreadableFile) as refused:
        batches(name, tmp_path)
    assert refused.value.remedy
    assert str(tmp_path) in str(refused.value)


def test_a_set_is_found_by_its_folder_or_by_one_of_its_files() -> None:
    folder = published("cdnow")
    by_file = batches("cdnow", folder / "CDNOW_master.txt")
    assert [b.table.num_rows for b in by_file] == [b.table.num_rows for b in batches("cdnow", folder)]


def test_an_unknown_zone_or_kind_is_refused() -> None:
    with pytest.raises(InputError, match="Mars"):
        batches("cdnow", published("cdnow"), timezone="Mars/Olympus")
    with pytest.raises(InputError, match="Mars"):
        batches("airline", published("airline"), timezone="Mars/Olympus")
    with pytest.raises(InputError, match="enemy"):
        ImportOptions(tie_kind="enemy")
    with pytest.raises(InputError, match="zone"):
        ImportOptions(at=datetime(2020, 1, 1))
    for name in ("story", "town"):
        with pytest.raises(InputError, match="prefix"):
            batches(name, prefix="x-")
