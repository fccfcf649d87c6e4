"""The inbox: complete files only, moved when they are stored, repeated harmlessly, refused in one line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from influence_graph.errors import InfluenceGraphError, InputError, StoreUnreachable
from influence_graph.model.parameters import InboxParameters
from influence_graph.schedule import inbox as module
from influence_graph.schedule.inbox import Inbox
from influence_graph.stores.embedded.store import EmbeddedStore

HEADER = "event_id,at,consumer,brand,kind,points\n"
GOOD = "e1,2026-01-01T12:00:00Z,ann,acme,wear,1\n"
BAD = "e2,yesterday,ann,acme,wear,1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    return EmbeddedStore(tmp_path / "store")


def inbox(folder: Path, **more: object) -> Inbox:
    return Inbox(InboxParameters(folder, timedelta(seconds=10), **more))  # type: ignore[arg-type]


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_file_is_ready_once_it_stayed_as_it_is(folder: Path) -> None:
    watched, file = inbox(folder), folder / "a.csv"
    file.write_text(HEADER)
    assert watched.ready(0.0) == []
    with file.open("a") as more:
        more.write(GOOD)
    assert watched.ready(11.0) == []  # it has grown since
    assert watched.ready(20.0) == []
    assert watched.ready(21.0) == [file]
    os.utime(file, ns=(0, 0))
    assert watched.ready(22.0) == []


def test_a_file_that_is_replaced_is_another_one(folder: Path) -> None:
    watched, file = inbox(folder), folder / "a.csv"
    file.write_text(HEADER + GOOD)
    watched.ready(0.0)
    other = folder / "a.csv.part"
    other.write_text(HEADER + GOOD)
    os.utime(other, ns=(0, file.stat().st_mtime_ns))
    other.rename(file)
    assert watched.ready(11.0) == []
    assert watched.ready(21.0) == [file]


@pytest.mark.skipif(not hasattr(module.fcntl, "F_SETLEASE"), reason="this system does not tell who writes")
def test_a_file_that_somebody_has_open_for_writing_is_left(folder: Path) -> None:
    watched, file = inbox(folder), folder / "a.csv"
    with file.open("w") as writer:
        writer.write(HEADER)
        writer.flush()
        watched.ready(0.0)
        assert watched.ready(100.0) == []  # a slow writer
        with file.open():
            pass
    assert watched.ready(100.0) == [file]


@pytest.mark.parametrize("name", [".hidden.csv", "a.csv.part", "a.csv.TMP", "a.csv.crdownload", "a.csv~"])
def test_unfinished_names_are_not_looked_at(folder: Path, name: str) -> None:
    (folder / name).write_text(HEADER + GOOD)
    watched = inbox(folder)
    watched.ready(0.0)
    assert watched.ready(11.0) == []


def test_what_is_no_file_is_left_alone_and_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text(HEADER + GOOD)
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "more").mkdir()
    os.mkfifo(folder / "pipe.csv")
    watched = inbox(folder)
    watched.ready(0.0)
    assert watched.ready(11.0) == []
    assert [line.split(" is ")[1].split(",")[0] for line in watched.passed_over()] == [
        "a link",
        "a folder",
        "no regular file",
    ]


def test_a_stored_file_lies_in_done_with_its_report(folder: Path, store: EmbeddedStore) -> None:
    (folder / "a.csv").write_text(HEADER + GOOD + BAD)
    taken = inbox(folder).take(store, folder / "a.csv")
    assert taken.is_done
    assert taken.fields == {"rows": 2, "inserted": 1, "updated": 0, "unchanged": 0, "rejected": 1, "forgotten": 0}
    assert names(folder) == ["done", "failed"]
    assert names(folder / "done") == ["a.csv", "a.csv.rejects.jsonl", "a.csv.report.json"]
    report = json.loads((folder / "done" / "a.csv.report.json").read_text())
    assert (report["outcome"], report["reports"][0]["inserted"]) == ("done", 1)
    assert "yesterday" in (folder / "done" / "a.csv.rejects.jsonl").read_text()
    assert store.counts()["interactions"] == 1


def test_people_get_pseudonyms_where_that_is_asked_for(
    folder: Path, store: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFLUENCE_GRAPH_KEY_FILE", str(tmp_path / "key"))
    (folder / "a.csv").write_text(HEADER + GOOD)
    assert inbox(folder, pseudonymize=True).take(store, folder / "a.csv").is_done
    consumers = store.interactions().column("consumer").to_pylist()
    assert [id_.startswith("p-") for id_ in consumers] == [True]
    (folder / "b.csv").write_text(HEADER + GOOD)
    refused = inbox(folder).take(store, folder / "b.csv")  # ids and pseudonyms are not mixed
    assert not refused.is_done
    assert store.counts()["interactions"] == 1


@pytest.mark.parametrize(
    ("content", "more", "why"),
    [
        (HEADER + BAD, {}, "its only row was rejected"),
        (HEADER + GOOD + BAD, {"max_rejects": 0}, "more than --max-rejects 0"),
        ("what,ever\n1,2\n", {}, "matches no kind of record"),
        ("", {}, "empty"),
    ],
)
def test_what_cannot_be_stored_lies_in_failed_with_the_reason(
    folder: Path, store: EmbeddedStore, content: str, more: dict[str, object], why: str
) -> None:
    (folder / "a.csv").write_text(content)
    taken = inbox(folder, **more).take(store, folder / "a.csv")
    assert not taken.is_done
    report = json.loads((folder / "failed" / "a.csv.report.json").read_text())
    assert why in report["why"]
    assert why in taken.line
    assert (folder / "failed" / "a.csv").read_text() == content
    assert (folder / "failed" / "a.csv.rejects.jsonl").exists() == (BAD in content)


def test_a_crash_before_the_move_repeats_harmlessly(
    folder: Path, store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.csv").write_text(HEADER + GOOD + BAD)

    def crash(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", crash)
        with pytest.raises(KeyboardInterrupt):
            inbox(folder).take(store, folder / "a.csv")
    before = store.digest()
    assert (folder / "a.csv").exists()
    taken = inbox(folder).take(store, folder / "a.csv")
    assert taken.fields["unchanged"] == 1
    assert store.digest() == before
    assert names(folder / "done") == ["a.csv", "a.csv.rejects.jsonl", "a.csv.report.json"]


def test_a_name_that_is_taken_gets_a_number(folder: Path, store: EmbeddedStore) -> None:
    for number in range(3):
        (folder / "a.csv.gz").write_text(HEADER + GOOD.replace("e1", f"e{number}"))
        assert inbox(folder).take(store, folder / "a.csv.gz").fields["inserted"] == 1
    assert [name for name in names(folder / "done") if name.endswith("gz")] == ["a-2.csv.gz", "a-3.csv.gz", "a.csv.gz"]


def test_a_file_stays_where_the_store_is_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise StoreUnreachable("nothing answers")

    monkeypatch.setattr(module, "ingest", away)
    (folder / "a.csv").write_text(HEADER + GOOD)
    with pytest.raises(StoreUnreachable):
        inbox(folder).take(EmbeddedStore(folder.parent / "none"), folder / "a.csv")
    assert names(folder) == ["a.csv", "done", "failed"]


def test_a_file_that_is_gone_is_told(folder: Path, store: EmbeddedStore) -> None:
    with pytest.raises(InputError, match="is gone"):
        inbox(folder).take(store, folder / "a.csv")


def to_a_link(folder: Path) -> None:
    (folder / "done").symlink_to(folder.parent)


def to_a_file(folder: Path) -> None:
    (folder / "failed").write_text("")


def away(folder: Path) -> None:
    folder.rmdir()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [(to_a_link, "done is a link"), (to_a_file, "failed cannot be made: File exists"), (away, "does not exist")],
)
def test_a_folder_that_cannot_work_is_refused(folder: Path, spoil: Callable[[Path], None], message: str) -> None:
    spoil(folder)
    with pytest.raises(InputError, match=message):
        inbox(folder)


def test_another_file_system_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_device", lambda of: 1 if of.name == "inbox" else 2)
    with pytest.raises(InputError, match="on another file system than the inbox"):
        inbox(folder)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_missing_rights_are_refused(folder: Path) -> None:
    folder.chmod(0o500)
    with pytest.raises(InputError, match="cannot be read and written"):
        inbox(folder)


def test_a_folder_that_goes_away_later_is_told(folder: Path) -> None:
    watched = inbox(folder)
    (folder / "done").rmdir()
    (folder / "failed").rmdir()
    folder.rmdir()
    with pytest.raises(InputError, match="cannot be read: No such file"):
        watched.ready(0.0)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"mapping": Path("x.toml"), "preset": "shopify-orders"}, "both a mapping and a preset"),
        ({"timezone": "Mars/Base"}, "no time zone"),
        ({"preset": "nobody"}, "nobody"),
    ],
)
def test_settings_that_cannot_be_are_refused(folder: Path, more: dict[str, object], message: str) -> None:
    with pytest.raises(InfluenceGraphError, match=message):
        inbox(folder, **more)
