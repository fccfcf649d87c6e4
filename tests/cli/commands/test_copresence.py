"""``copresence``: files of who was where become ties, shown or kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from influence_graph.app.copresence import read_copresence, write_ties
from influence_graph.app.door import Privacy
from influence_graph.app.ingest import IngestOptions
from influence_graph.model.parameters import CopresenceParameters
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.cli.commands.conftest import Call
from tests.stores.given import rows

if TYPE_CHECKING:
    from influence_graph.stores.neo4j.store import Neo4jStore

VISITS = """person,place,time,till
annie,cafe,2026-05-01T23:30:00Z,1
june,cafe,2026-05-02,2
annie,gym,2026-05-08T08:00:00,3
june,gym,2026-05-08,4
"""
CAFE = ["annie", "june"]


@pytest.fixture
def visits(tmp_path: Path) -> Path:
    path = tmp_path / "visits.csv"
    path.write_text(VISITS)
    return path


def test_ties_are_shown_and_nothing_is_stored(empty: Call, visits: Path, tmp_path: Path) -> None:
    shown = empty("copresence", visits, "--timezone", "Europe/Berlin")
    assert shown.rows[0] == {
        "source": "annie", "target": "june", "kind": "exposed", "weight": 2.0, "since": "2026-05-02T00:00:00+02:00",
    }  # fmt: skip
    assert (shown.rows[1]["source"], shown.rows[1]["target"]) == ("june", "annie")
    assert "1 pair of 2 people at 2 places: 2 ties" in shown.err
    assert f"{visits}: columns ignored: till" in shown.err
    assert not (tmp_path / "influence-graph-data").exists()
    assert (
        empty("copresence", visits).rows[0]["since"] == "2026-05-08T00:00:00Z"
    )  # in UTC annie was there the day before


def test_what_is_shown_as_csv_is_ingested_as_what_is_written(empty: Call, visits: Path, tmp_path: Path) -> None:
    shown = empty("copresence", visits, "--timezone", "Asia/Tokyo", "--format", "csv")
    (tmp_path / "ties.csv").write_text(shown.out)
    assert empty("ingest", "ties.csv", "--store", "one").rows[0]["inserted"] == 2
    written = empty("copresence", visits, "--timezone", "Asia/Tokyo", "--write", "--store", "two")
    assert written.rows == [{"kind": "ties", "inserted": 2, "updated": 0, "unchanged": 0}]
    assert "2 people are named here and declared in no file yet" in written.err
    assert rows(EmbeddedStore(tmp_path / "one"), "ties") == rows(EmbeddedStore(tmp_path / "two"), "ties")


def test_the_same_again_changes_nothing_and_another_limit_is_told(empty: Call, visits: Path) -> None:
    berlin = ("--timezone", "Europe/Berlin", "--write")
    empty("copresence", visits, *berlin)
    again = empty("copresence", visits, *berlin)
    assert again.rows == [{"kind": "ties", "inserted": 0, "updated": 0, "unchanged": 2}]
    assert "nothing changed: all 2 ties were stored already" in again.err
    other = empty("copresence", visits, *berlin, "--least-days", "2")
    assert other.rows[0]["updated"] == 2
    assert "2 ties had other days or another date: those of this run hold now" in other.err
    assert [row["name"] for row in empty("sources").rows] == [f"copresence {visits}"] * 2


def test_several_files_count_together_and_can_be_forgotten(empty: Call, tmp_path: Path) -> None:
    lines = VISITS.splitlines(keepends=True)
    (tmp_path / "a.csv").write_text("".join(lines[:3]))
    (tmp_path / "b.csv").write_text("".join([lines[0], *lines[3:]]))
    both = empty("copresence", "a.csv", "b.csv", "--timezone", "Europe/Berlin", "--write")
    assert both.rows[0]["inserted"] == 2
    assert rows(EmbeddedStore(tmp_path / "influence-graph-data"), "ties")[0]["weight"] == 2
    assert empty("forget", "--source", "copresence a.csv b.csv", "--yes").code == 0
    assert rows(EmbeddedStore(tmp_path / "influence-graph-data"), "ties") == []


def test_crowds_are_left_out_and_told(empty: Call, tmp_path: Path) -> None:
    people = "".join(f"p{number},stadium,2026-05-01\n" for number in range(51))
    (tmp_path / "match.csv").write_text(f"person,place,time\n{people}p1,bar,2026-05-01\np2,bar,2026-05-01\n")
    found = empty("copresence", "match.csv")
    assert [row["source"] for row in found.rows] == ["p1", "p2"]
    assert "left out 1 crowd, a place on a day with more than 50 people: 96% of what is recorded" in found.err
    assert len(empty("copresence", "match.csv", "--most-people", "51").rows) == 51 * 50


def test_bad_rows_are_rejected_with_line_and_remedy(empty: Call, visits: Path, tmp_path: Path) -> None:
    visits.write_text(VISITS + "sam,cafe,yesterday,5\n,cafe,2026-05-02,6\n")
    found = empty("copresence", visits, "--timezone", "Europe/Berlin")
    assert len(found.rows) == 2
    assert "2 rows rejected: see rejects.jsonl" in found.err
    listed = [json.loads(line) for line in (tmp_path / "rejects.jsonl").read_text().splitlines()]
    assert [(each["line"], each["column"]) for each in listed] == [(6, "time"), (7, "person")]
    stopped = empty("copresence", visits, "--max-rejects", "1", "--write")
    assert stopped.code == 1
    assert "nothing was written" in stopped.err
    assert not (tmp_path / "influence-graph-data").exists()


def test_columns_of_other_names_are_mapped(empty: Call, tmp_path: Path) -> None:
    rows_of = "annie,01.05.2026\njune,01.05.2026\n"
    (tmp_path / "tills.csv").write_text(f"Card,Day\n{rows_of}")
    options = ("--map", "person=Card", "--map", "time=Day format %d.%m.%Y", "--set", "place=cafe")
    assert [row["source"] for row in empty("copresence", "tills.csv", *options).rows] == ["annie", "june"]
    other = empty("copresence", "tills.csv", "--map", "consumer=Card")
    assert "there is no field 'consumer'; fields are person, place, time" in other.err


def test_a_store_with_pseudonyms_gets_pseudonyms(empty: Call, visits: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INFLUENCE_GRAPH_KEY_FILE", "key")
    assert empty("copresence", visits, "--timezone", "Europe/Berlin", "--write", "--pseudonymize").code == 0
    known = empty("pseudonym", *CAFE).out.split()
    assert {row["source"] for row in empty("export", "ties", "--format", "jsonl").rows} == set(known)
    mixed = empty("copresence", visits, "--timezone", "Europe/Berlin", "--write")
    assert mixed.code == 2
    assert "people have pseudonyms" in mixed.err


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("person,time\nann,2026-05-01\n", (), "lacks place, required of co-presence"),
        ("person,time\nann,2026-05-01\n", (), "rename or add the column, or --map place=COLUMN"),
        ("person,place,time\n", (), "visits.csv has no record; write at least one below the header"),
        ("person,place,time\nann,bar,now\n", (), "its only row was rejected: time 'now' is not an ISO 8601 time"),
        (VISITS, ("--rejects", "visits.csv"), "visits.csv is an input file, and rejects would replace it"),
        (VISITS, ("--timezone", "Mars/Olympus"), "no time zone is named 'Mars/Olympus'"),
        (VISITS, ("--most-people", "1"), "1 is not in the range x>=2"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(
    empty: Call, visits: Path, text: str, options: tuple[str, ...], message: str
) -> None:
    visits.write_text(text)
    refused = empty("copresence", "visits.csv", *options)
    assert refused.code in (1, 2)
    assert message in refused.err
    assert not refused.out


@pytest.mark.neo4j
def test_both_stores_hold_the_same(neo4j_store: Neo4jStore, visits: Path, tmp_path: Path) -> None:
    paths, options = [visits], IngestOptions(rejects=tmp_path / "rejects.jsonl")
    seen = read_copresence(paths, options, CopresenceParameters("Europe/Berlin")).ties
    embedded = EmbeddedStore(tmp_path / "store")
    for store in (embedded, neo4j_store):
        assert write_ties(store, paths, seen, Privacy())[0].inserted == 2
        assert write_ties(store, paths, seen, Privacy())[0].unchanged == 2
    assert rows(embedded, "ties") == rows(neo4j_store, "ties")
    assert embedded.graph("ties").digest == neo4j_store.graph("ties").digest
