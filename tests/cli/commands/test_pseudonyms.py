"""``ingest --pseudonymize``, ``pseudonym`` and ``sources``: what they print, and their one-line refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from influence_graph.ingest.pseudonyms import VARIABLE, read_key
from tests.cli.commands.conftest import Call

PEOPLE = "id,name\nann@ex.org,Annabel\nbob@ex.org,Bob\n"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    return path


def test_a_store_is_asked_by_pseudonyms_that_the_key_gives(
    empty: Call, people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "key")
    taken = empty("ingest", people, "--as", "people", "--pseudonymize", "--format", "jsonl")
    assert taken.rows[0]["inserted"] == 2
    assert taken.err.count("made the key key: keep a copy, apart from the store") == 1
    assert "Annabel" not in taken.out + taken.err
    key = read_key(tmp_path / "key")
    assert key is not None
    asked = [key.pseudonym(id_) for id_ in ("bob@ex.org", "ann@ex.org")]
    assert empty("pseudonym", "bob@ex.org", " ann@ex.org").out.split() == asked
    assert empty("pseudonym", "-", stdin="bob@ex.org\nann@ex.org\n").out.split() == asked
    exported = empty("export", "people", "--format", "jsonl").rows
    assert sorted(row["id"] for row in exported) == sorted(asked)


def test_sources_are_listed_with_their_rows(empty: Call, people: Path) -> None:
    empty("ingest", people, "--as", "people")
    empty("import", "story")
    listed = empty("sources", "--format", "jsonl").rows
    assert [(row["number"], row["name"]) for row in listed] == [(1, str(people)), (2, "import story")]
    assert [row["rows"] for row in listed] == [2, 362]


def test_refusals_are_one_line_and_change_nothing(empty: Call, people: Path, tmp_path: Path) -> None:
    inside = empty("ingest", people, "--as", "people", "--pseudonymize", "--key-file", "influence-graph-data/key")
    assert (inside.code, inside.err.count("\n")) == (2, 1)
    assert "lies in the store influence-graph-data, whose copies would hold it" in inside.err
    (tmp_path / "key").write_text("00" * 32)
    (tmp_path / "key").chmod(0o644)
    read = empty("ingest", people, "--as", "people", "--pseudonymize", "--key-file", "key")
    assert (read.code, read.err) == (2, "error: others can read the key file key (mode 0644); chmod 600 key\n")
    none = empty("pseudonym", "ann", "--key-file", "none")
    assert (none.code, none.err) == (
        2,
        f"error: there is no key in none; name its file with --key-file or {VARIABLE}\n",
    )
    assert not (tmp_path / "influence-graph-data").exists()
    assert not (tmp_path / "none").exists()
