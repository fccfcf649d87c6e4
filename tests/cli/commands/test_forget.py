"""``forget``: what it says, what it refuses, and what else goes with a person."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from influence_graph.cli.main import main
from influence_graph.cli.shell.history import history_file
from influence_graph.stores.embedded.store import EmbeddedStore


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory, imported: Path) -> Path:
    """Return a folder with a store of the story, scores and a ranking, to copy."""
    store = tmp_path_factory.mktemp("scored") / "store"
    shutil.copytree(imported / "influence-graph-data", store)
    asked("score", "--write", "--store", str(store))
    asked("rank", "--write", "--store", str(store))
    return store.parent


@pytest.fixture
def here(scored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a copy of that folder."""
    shutil.copytree(scored, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INFLUENCE_GRAPH_STORE", "store")
    monkeypatch.setenv("INFLUENCE_GRAPH_KEY_FILE", str(tmp_path / "keys" / "key"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


def asked(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(main, list(arguments))
    assert done.exit_code == code, done.output
    return done


def refused(*arguments: str) -> str:
    done = CliRunner().invoke(main, list(arguments), standalone_mode=False)
    assert done.exception is not None
    return str(done.exception)


def people(folder: Path) -> list[str]:
    return [row["id"] for table in EmbeddedStore(folder / "store").records("people") for row in table.to_pylist()]


def test_a_dry_run_counts_and_changes_nothing(here: Path) -> None:
    before = (here / "store" / "ledger.duckdb").read_bytes()
    done = asked("forget", "annie", "--dry-run", "--format", "json")
    counts = {(row["of"], row["kind"]): (row["erased"], row["remaining"]) for row in json.loads(done.stdout)}
    assert counts["records", "people"] == (1, 19)
    assert counts["results", "rank"] == (1, None)
    assert "would go" in done.stderr
    assert (here / "store" / "ledger.duckdb").read_bytes() == before
    assert not (here / "keys").exists()


def test_the_rows_are_the_scores_that_have_changed(here: Path) -> None:
    before = {row["id"]: row["score"] for row in map(json.loads, asked("rank").stdout.splitlines())}
    done = asked("forget", "annie", "--yes")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    after = {row["id"]: row["score"] for row in map(json.loads, asked("rank").stdout.splitlines())}
    changed = {row["id"]: (row["before"], row["after"]) for row in rows if row["result"] == "rank"}
    assert changed == {
        id_: (score, after[id_]) for id_, score in before.items() if id_ != "annie" and abs(after[id_] - score) > 1e-9
    }
    assert "annie" not in people(here)
    assert "19 people" in done.stderr
    assert f"changed: {len(changed)} values of rank" in done.stderr
    assert "forgotten before" in refused("forget", "annie", "--yes")
    again = asked("import", "story")
    assert "left out" in again.stderr
    assert "annie" not in people(here)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["forget", "nobody", "--yes"], "has no consumer 'nobody'"),
        (["forget", "anie", "--yes"], "annie"),
        (["forget", "--yes"], "nobody to forget; give ids, --source FILE or --older-than AGE"),
        (["forget", "annie"], "cannot be brought back: add --yes"),
        (["forget", "--source", "no.csv", "--yes"], "knows of no source 'no.csv'; its last are #1 import story"),
        (["forget", "--older-than", "0d", "--yes"], "an age of 0"),
        (["forget", "--older-than", "soon", "--yes"], "is not a duration"),
    ],
)
def test_what_is_refused_changes_nothing(here: Path, arguments: list[str], said: str) -> None:
    before = EmbeddedStore(here / "store").digest()
    assert said in refused(*arguments)
    assert EmbeddedStore(here / "store").digest() == before


def test_ids_come_from_a_file_too(here: Path) -> None:
    (here / "leavers.txt").write_text("annie\n\n june \n")
    asked("forget", "--ids", "leavers.txt", "--yes")
    assert {"annie", "june"}.isdisjoint(people(here))


def test_a_source_takes_only_what_it_alone_has_brought(here: Path) -> None:
    (here / "more.csv").write_text("id,name\nannie,Annie\nzoe,Zoe\nyan,Yan\n")
    (here / "ties.csv").write_text("source,target\nyan,annie\n")
    asked("ingest", "more.csv", "--as", "people")
    asked("ingest", "ties.csv")
    done = asked("forget", "--source", "more.csv", "--yes")
    assert "1 record that another source gave, too, stays" in done.stderr
    assert {"annie", "yan"} <= set(people(here))
    assert "zoe" not in people(here)
    assert EmbeddedStore(here / "store").names("people", ["yan"]) == {}
    asked("ingest", "more.csv", "--as", "people")
    assert "zoe" in people(here)


def test_what_is_too_old_goes_and_who_remains_without_a_record_is_counted(here: Path) -> None:
    (here / "more.csv").write_text("id\nzoe\n")
    asked("ingest", "more.csv", "--as", "people")
    left = EmbeddedStore(here / "store").counts()
    done = asked("forget", "--older-than", "1d", "--yes")
    now = EmbeddedStore(here / "store").counts()
    assert (now["interactions"], now["campaigns"], now["sales"]) == (0, 0, 0)
    assert (now["people"], now["ties"]) == (left["people"], left["ties"])
    assert "1 person remains without a tie or an interaction" in done.stderr
    assert EmbeddedStore(here / "store").results("score") is None
    assert "score: " in done.stderr
    assert "its results of before are gone" in done.stderr
    asked("forget", "--older-than", "200y", "--yes")


def test_rejects_and_the_history_are_looked_at(here: Path) -> None:
    (here / "bad.csv").write_text("source,target,weight\nannie,june,-1\nrita,june,-2\n")
    asked("ingest", "bad.csv", code=1)
    rejects = here / "rejects.jsonl"
    rejects.write_text(rejects.read_text().replace('"value": "-1"', '"value": "annie,june,-1"'))
    history = history_file()
    history.parent.mkdir(parents=True)
    history.write_text("\n# 2026-01-01 10:00:00\n+SELECT 'annie'\n+FROM people\n\n# 2026-01-02 10:00:00\n+:help\n")
    done = asked("forget", "annie", "--yes")
    assert "looked at rejects.jsonl: 1 line went" in done.stderr
    assert [json.loads(line)["line"] for line in rejects.read_text().splitlines()] == [3]
    assert "1 statement in the history of the shell" in done.stderr
    assert "annie" in history.read_text()
    asked("forget", "june", "--yes", "--history")
    assert "annie" in history.read_text()
    history.write_text("\n# 2026-01-01 10:00:00\n+SELECT 'rita'\n+FROM people\n\n# 2026-01-02 10:00:00\n+:help\n")
    asked("forget", "rita", "--yes", "--history", "--rejects", str(here))
    assert history.read_text() == "\n# 2026-01-02 10:00:00\n+:help\n"


def test_files_of_the_inbox_that_name_somebody_are_told_and_stay(here: Path) -> None:
    """Independently: a plain search of the files for the id."""
    (here / "influence-graph.toml").write_text('[inbox]\nfolder = "incoming"\n')
    files = {
        "done/ties.csv": "source,target\nannie,bea\n",
        "done/ties.csv.rejects.jsonl": '{"file": "ties.csv", "column": "target", "value": "annie", "reason": "x"}\n',
        "done/other.csv": "source,target\nannies,bea\n",
        "failed/late.json": '[{"id": "\\u0061nnie"}]',
        "failed/late.json.report.json": '{"why": "no good row"}',
        "waiting.csv": "source,target\nbea,annie\n",
    }
    for name, text in files.items():
        path = here / "incoming" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (here / "incoming" / "done" / "old.csv.gz").write_bytes(gzip.compress(b"annie"))
    (here / "incoming" / "done" / "link.csv").symlink_to(here / "incoming" / "waiting.csv")
    done = asked("forget", "annie", "--yes")
    named = ("waiting.csv", "done/ties.csv", "done/ties.csv.rejects.jsonl", "failed/late.json")
    listed = ", ".join(f"incoming/{name}" for name in named)
    assert f"4 files in the inbox hold an id or a name; delete there what is to go: {listed}\n" in done.stderr
    assert (
        "not looked through: 1 file in the inbox, which is packed or no UTF-8: incoming/done/old.csv.gz\n"
        in done.stderr
    )
    assert {name: (here / "incoming" / name).read_text() for name in files} == files
    assert "in the inbox" not in asked("forget", "--older-than", "100y", "--yes").stderr
