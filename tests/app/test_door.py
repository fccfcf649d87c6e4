"""Who comes into a store under which name, who stays out, and what is left of where records came from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from influence_graph.app.door import Privacy, key_of, known_key
from influence_graph.app.ingest import FileReport, IngestOptions, import_dataset, ingest
from influence_graph.app.transfer import copy
from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.ingest.mapping.rules import changes_of
from influence_graph.ingest.pseudonyms import STATE, read_key
from influence_graph.model.erasure import Selection
from influence_graph.model.records import KINDS
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.stores.given import rows

if TYPE_CHECKING:
    from influence_graph.stores.neo4j.store import Neo4jStore

PEOPLE = """id,name,kind,style,city,followers
{ann},Annabel Xu,consumer,,Rome,12
{june},Juno Yale,influencer,active,Oslo,x9
"""
TIES = """source,target,kind,weight
{ann},{june},follows,1
{bob},{bob},follows,1
{june},{ann},friend,{bob}
{bob},{ann},friend,2
{zoe},{ann}
"""
EVENTS = """event_id,at,consumer,brand,kind
e1,2026-01-01T00:00Z,{ann},acme,wear
e2,2026-01-02T00:00Z,{june},acme,wear
e3,{ann},{june},acme,wear
e4,2026-01-02T00:00Z,{june},acme,wear,{bob}
"""
CLEAR = {name: f"{name}@ex.org" for name in ("ann", "june", "bob", "zoe")}
TOLD = [*CLEAR.values(), "Annabel", "Juno"]


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    return EmbeddedStore(tmp_path / "store")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return written(tmp_path / "files", CLEAR)


def written(folder: Path, names: dict[str, str]) -> list[Path]:
    folder.mkdir()
    for name, text in (("people", PEOPLE), ("ties", TIES), ("interactions", EVENTS)):
        (folder / f"{name}.csv").write_text(text.format(**names))
    return [folder / f"{name}.csv" for name in ("people", "ties", "interactions")]


def privacy(folder: Path, *, pseudonymize: bool = True, **more: Any) -> Privacy:
    return Privacy(pseudonymize=pseudonymize, key_file=folder / "key", **more)


def take(store: Store, paths: Sequence[Path], given: Privacy, **more: Any) -> list[FileReport]:
    folder = paths[0].parent.parent
    return ingest(store, paths, IngestOptions(rejects=folder / "rejects.jsonl", privacy=given, **more))


def add_up(report: FileReport) -> bool:
    taken = report.inserted + report.updated + report.unchanged
    return report.rows == taken + report.rejected + report.forgotten


def test_no_id_or_name_is_left_in_store_rejects_or_messages(
    store: EmbeddedStore, files: list[Path], tmp_path: Path
) -> None:
    said: list[str] = []
    reports = take(store, files, privacy(tmp_path, note=said.append))
    assert all(map(add_up, reports))
    assert [report.rejected for report in reports] == [0, 3, 2]
    lines = (tmp_path / "rejects.jsonl").read_text()
    assert [json.loads(line)["line"] for line in lines.splitlines()] == [3, 3, 4, 6, 4, 5]
    kept = json.dumps([rows(store, kind) for kind in KINDS.values()], default=str)
    database = b"".join(path.read_bytes() for path in store.folder.rglob("*") if path.is_file()).decode("latin-1")
    for text in (lines, repr(reports), repr(said), kept, database):
        assert [told for told in TOLD if told in text] == []
    assert len(said) == 1
    assert str(tmp_path / "key") in said[0]


def test_a_store_of_pseudonyms_is_that_of_files_in_which_they_were_written(
    store: EmbeddedStore, files: list[Path], tmp_path: Path
) -> None:
    take(store, files, privacy(tmp_path))
    key = read_key(tmp_path / "key")
    assert key is not None
    by_hand = written(tmp_path / "by hand", {name: key.pseudonym(id_) for name, id_ in CLEAR.items()})
    by_hand[0].write_text(by_hand[0].read_text().replace("Annabel Xu", "").replace("Juno Yale", ""))
    twin = EmbeddedStore(tmp_path / "twin")
    take(twin, by_hand, Privacy())
    assert store.digest() == twin.digest()
    again = take(store, [*files, *by_hand], privacy(tmp_path))
    assert sum(report.inserted + report.updated for report in again) == 0


def test_ids_made_of_rows_are_keyed_and_stay_the_same(store: EmbeddedStore, files: list[Path], tmp_path: Path) -> None:
    made = changes_of(("event_id=digest",), ())
    (first,) = take(store, files[2:], privacy(tmp_path), changes=made)
    (again,) = take(store, files[2:], privacy(tmp_path), changes=made)
    assert (first.inserted, again.inserted, again.unchanged) == (2, 0, 2)
    clear = EmbeddedStore(tmp_path / "clear")
    take(clear, files[2:], Privacy(), changes=made)
    ids = [{row["event_id"] for row in rows(each, "interactions")} for each in (store, clear)]
    assert ids[0].isdisjoint(ids[1])


def test_ids_and_pseudonyms_are_not_mixed_unless_allowed(
    store: EmbeddedStore, files: list[Path], tmp_path: Path
) -> None:
    take(store, files[:2], privacy(tmp_path))
    before = store.digest()
    with pytest.raises(InputError, match=r"people have pseudonyms in the store .*; add --pseudonymize, or allow"):
        take(store, files[:2], Privacy())
    assert store.digest() == before
    clear = EmbeddedStore(tmp_path / "clear")
    take(clear, files[:2], Privacy())
    with pytest.raises(InputError, match="people have ids, not pseudonyms, in the store"):
        take(clear, files[:2], privacy(tmp_path))
    assert clear.state(STATE) is None
    take(clear, files[:2], privacy(tmp_path, mix_ids=True))
    take(store, files[:2], privacy(tmp_path, pseudonymize=False, mix_ids=True))
    assert store.digest() == clear.digest() != before


def test_a_store_of_brands_alone_may_begin_with_pseudonyms(store: EmbeddedStore, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    brands = tmp_path / "files" / "brands.csv"
    brands.write_text("id,name\nacme,Acme\n")
    take(store, [brands], Privacy(), kind="brands")
    take(store, [brands], privacy(tmp_path), kind="brands")
    assert rows(store, "brands")[0]["name"] == "Acme"


def test_another_key_or_none_is_refused(store: EmbeddedStore, files: list[Path], tmp_path: Path) -> None:
    take(store, files, privacy(tmp_path))
    before = store.digest()
    (tmp_path / "key").rename(tmp_path / "moved")
    with pytest.raises(InputError, match=r"there is no key of the store .* name its file with --key-file"):
        take(store, files, privacy(tmp_path))
    assert not (tmp_path / "key").exists()
    key_of(EmbeddedStore(tmp_path / "other"), privacy(tmp_path))
    for refused in (lambda: take(store, files, privacy(tmp_path)), lambda: known_key(store, tmp_path / "key")):
        with pytest.raises(InputError, match="is not the one of the store"):
            refused()
    assert store.digest() == before
    assert known_key(store, tmp_path / "moved").check == (store.state(STATE) or {})["key"]


def test_a_dry_run_makes_neither_key_nor_store(store: EmbeddedStore, files: list[Path], tmp_path: Path) -> None:
    reports = take(store, files, privacy(tmp_path), dry_run=True)
    assert [report.inserted for report in reports] == [2, 2, 2]
    assert not (tmp_path / "key").exists()
    assert not store.folder.exists()


def test_who_was_forgotten_stays_out_and_is_counted(store: EmbeddedStore, files: list[Path], tmp_path: Path) -> None:
    take(store, files, Privacy())
    key = key_of(store, privacy(tmp_path, pseudonymize=False))
    ann = CLEAR["ann"]
    store.erase(Selection((ann,), (key.tombstone(ann),)))
    given = privacy(tmp_path, pseudonymize=False)
    reports = take(store, files, given)
    assert all(map(add_up, reports))
    assert [report.forgotten for report in reports] == [1, 2, 1]
    assert "1 row left out: names somebody who was forgotten" in reports[0].notes
    assert ann not in json.dumps([rows(store, kind) for kind in KINDS.values()], default=str)
    (again,) = take(store, files[:1], given, dry_run=True)
    assert (again.forgotten, again.unchanged) == (1, 1)
    for refused in (Privacy(key_file=tmp_path / "none"), Privacy(key_file=tmp_path / "none", mix_ids=True)):
        with pytest.raises(InputError, match="there is no key of the store"):
            take(store, files, refused)
        with pytest.raises(InputError, match="there is no key of the store"):
            import_dataset(store, IMPORTERS["story"], None, ImportOptions(), privacy=refused)
    assert not (tmp_path / "none").exists()


def test_who_was_forgotten_stays_out_of_copies_and_under_a_pseudonym(
    store: EmbeddedStore, files: list[Path], tmp_path: Path
) -> None:
    take(store, files, privacy(tmp_path))
    other = EmbeddedStore(tmp_path / "other")
    copy(store, other, privacy=privacy(tmp_path, pseudonymize=False))
    assert other.digest() == store.digest()
    assert other.state(STATE) == store.state(STATE)
    key = known_key(store, tmp_path / "key")
    ann = key.pseudonym(CLEAR["ann"])
    other.erase(Selection((ann,), (key.tombstone(ann),)))
    said: list[str] = []
    copy(store, other, privacy=privacy(tmp_path, pseudonymize=False, note=said.append))
    assert said == ["4 rows left out: name somebody who was forgotten"]
    (report, *_) = take(other, files, privacy(tmp_path))
    assert report.forgotten == 1
    with pytest.raises(InputError, match="there is no key of the store"):
        copy(store, other, privacy=Privacy(key_file=tmp_path / "none"))


def test_a_copy_mixes_neither_ids_with_pseudonyms_nor_keys(files: list[Path], tmp_path: Path) -> None:
    named, clear, foreign = (EmbeddedStore(tmp_path / name) for name in ("named", "clear", "foreign"))
    take(named, files, privacy(tmp_path))
    take(clear, files, Privacy())
    take(foreign, files, Privacy(pseudonymize=True, key_file=tmp_path / "another"))
    for one, other in ((named, clear), (clear, named)):
        with pytest.raises(InputError, match=r"people have pseudonyms in .*named and ids in .*clear"):
            copy(one, other)
    with pytest.raises(InputError, match="were made with different keys"):
        copy(named, foreign)
    copy(named, clear, privacy=Privacy(mix_ids=True))
    assert (clear.state(STATE) or {})["pseudonyms"] is True


def test_a_data_set_comes_in_under_pseudonyms(store: EmbeddedStore, tmp_path: Path) -> None:
    said: list[str] = []
    options = ImportOptions(note=said.append)
    import_dataset(store, IMPORTERS["story"], None, options, privacy=privacy(tmp_path))
    key = known_key(store, tmp_path / "key")
    clear = EmbeddedStore(tmp_path / "clear")
    import_dataset(clear, IMPORTERS["story"], None, ImportOptions())
    people = {row["id"] for row in rows(store, "people")}
    assert people == {key.pseudonym(row["id"]) for row in rows(clear, "people")}
    assert any("stored as they are" in line for line in said)
    assert store.counts() == clear.counts()


def test_errors_of_files_show_no_id(store: EmbeddedStore, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    headless = tmp_path / "files" / "list.csv"
    headless.write_text("ann@ex.org,Annabel Xu\njune@ex.org,Juno Yale\n")
    with pytest.raises(UnreadableFile) as caught:
        take(store, [headless], privacy(tmp_path))
    edges = tmp_path / "files" / "edges.txt"
    edges.write_text("ann@ex.org june@ex.org 1\njune@ex.org bob@ex.org ann@ex.org\n")
    with pytest.raises(UnreadableFile) as of_import:
        import_dataset(store, IMPORTERS["edges"], edges, ImportOptions(), privacy=privacy(tmp_path))
    for error in (caught.value, of_import.value):
        assert [told for told in TOLD if told in str(error)] == []
        assert error.__cause__ is None
        assert error.__suppress_context__


def test_a_file_is_one_source_by_its_contents_and_a_refused_one_none(
    store: EmbeddedStore, files: list[Path], tmp_path: Path
) -> None:
    take(store, files, Privacy())
    renamed = files[0].rename(files[0].with_name("people of monday.csv"))
    bad = files[0]
    bad.write_text("id,name\n,x\n")
    take(store, [renamed, bad], Privacy(), kind="people")
    assert [(each.number, Path(each.name).name, each.rows) for each in store.sources()] == [
        (1, "people.csv", 2),
        (2, "ties.csv", 2),
        (3, "interactions.csv", 2),
    ]
    import_dataset(store, IMPORTERS["story"], None, ImportOptions())
    import_dataset(store, IMPORTERS["story"], None, ImportOptions())
    other = EmbeddedStore(tmp_path / "other")
    copy(store, other)
    copy(store, other)
    assert [each.name for each in store.sources()][3:] == ["import story"]
    assert [(each.name, each.rows) for each in other.sources()] == [(store.url, sum(store.counts().values()))]


@pytest.mark.neo4j
def test_a_server_does_not_learn_who_and_keeps_out_who_was_forgotten(
    neo4j_store: Neo4jStore, files: list[Path], tmp_path: Path
) -> None:
    take(neo4j_store, files, privacy(tmp_path))
    embedded = EmbeddedStore(tmp_path / "store")
    take(embedded, files, privacy(tmp_path))
    assert neo4j_store.digest() == embedded.digest()
    nodes = neo4j_store.query("MATCH (n) RETURN labels(n), properties(n)").rows
    between = neo4j_store.query("MATCH ()-[r]->() RETURN type(r), properties(r)").rows
    assert [told for told in TOLD if told in repr((nodes, between))] == []
    assert [each.rows for each in neo4j_store.sources()] == [2, 2, 2]
    key = known_key(neo4j_store, tmp_path / "key")
    ann = key.pseudonym(CLEAR["ann"])
    neo4j_store.erase(Selection((ann,), (key.tombstone(ann),)))
    again = take(neo4j_store, files, privacy(tmp_path))
    assert [report.forgotten for report in again] == [1, 2, 1]
    assert all(map(add_up, again))
    with pytest.raises(InputError, match="there is no key of the store"):
        take(neo4j_store, files, Privacy(pseudonymize=True, key_file=tmp_path / "none"))
