from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from influence_graph.errors import InputError
from influence_graph.ingest.rejects import RejectWriter, described, rejects_in, without
from influence_graph.model.erasure import Redaction
from influence_graph.model.records import Reject

REJECT = Reject("ties.csv", 3, "weight", "é", "is less than 0", "write 0 or more")


def test_no_rejects_no_file(tmp_path):
    with RejectWriter(tmp_path / "rejects.jsonl"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_each_reject_is_on_disk_at_once(tmp_path):
    path = tmp_path / "rejects.jsonl"
    with RejectWriter(path) as writer:
        for expected in (1, 2):
            writer.write(REJECT)
            lines = path.read_text("utf-8").splitlines()
            assert len(lines) == writer.count == expected
    assert json.loads(lines[0]) == {
        "file": "ties.csv",
        "line": 3,
        "column": "weight",
        "value": "é",
        "reason": "is less than 0",
        "remedy": "write 0 or more",
        "value_only": False,
    }


def test_rejects_of_an_earlier_run_are_replaced(tmp_path):
    path = tmp_path / "rejects.jsonl"
    for _ in range(2):
        with RejectWriter(path) as writer:
            writer.write(REJECT)
    assert len(path.read_text("utf-8").splitlines()) == 1


def test_without_a_path_rejects_are_counted():
    with RejectWriter(None) as writer:
        writer.write(REJECT)
    assert writer.count == 1


def test_values_without_which_records_were_kept_are_counted_apart(tmp_path):
    with RejectWriter(tmp_path / "rejects.jsonl") as writer:
        writer.write(replace(REJECT, value_only=True))
    assert (writer.count, writer.values_left_out) == (0, 1)
    assert json.loads((tmp_path / "rejects.jsonl").read_text("utf-8"))["value_only"] is True


def test_a_file_that_cannot_be_written_is_an_error(tmp_path):
    with RejectWriter(tmp_path / "none" / "rejects.jsonl") as writer, pytest.raises(InputError, match="cannot write"):
        writer.write(REJECT)


@pytest.mark.parametrize(
    ("reject", "expected"),
    [
        (REJECT, "ties.csv, line 3: weight 'é' is less than 0"),
        (Reject("t.csv", 2, "id", "", "is empty"), "t.csv, line 2: id is empty"),
        (Reject("t.csv", 9, "", "a,b,c", "3 fields where the header has 2"), "t.csv, line 9: 'a,b,c': 3 fields"),
    ],
)
def test_a_reject_in_one_line_names_its_place_value_and_reason(reject: Reject, expected: str) -> None:
    assert described(reject).startswith(expected)


def test_a_full_file_says_so_in_its_last_line_and_the_counts_stay_exact(tmp_path):
    path = tmp_path / "rejects.jsonl"
    with RejectWriter(path, most_bytes=1000) as writer:
        for line in range(1, 101):
            writer.write(replace(REJECT, line=line, value_only=line % 2 == 0))
    *listed, last = map(json.loads, path.read_text("utf-8").splitlines())
    assert [each["line"] for each in listed] == list(range(1, len(listed) + 1))
    assert last["line"] == len(listed) + 1
    assert "no room for more" in last["reason"]
    assert "--rejects-size" in last["remedy"]
    assert path.stat().st_size < 1000 + 400
    assert (writer.count, writer.values_left_out) == (50, 50)
    assert writer.unlisted == 100 - len(listed)
    with RejectWriter(path):
        pass
    assert not path.exists()  # the last line is one of this program's, too


def test_what_comes_after_the_end_changes_nothing(tmp_path):
    path = tmp_path / "rejects.jsonl"
    with RejectWriter(path) as writer:
        writer.write(REJECT)
    writer.write(REJECT)
    assert writer.count == 1
    assert len(path.read_text("utf-8").splitlines()) == 1


def test_lines_that_name_somebody_go_from_a_file_of_rejects_and_from_nothing_else(tmp_path: Path) -> None:
    rejects, other = tmp_path / "a" / "rejects.jsonl", tmp_path / "records.jsonl"
    rejects.parent.mkdir()
    lines = [
        {"file": "t.csv", "line": 2, "column": "", "value": "ann,bob,-1", "reason": "3 fields"},
        {"file": "t.csv", "line": 3, "column": "id", "value": "anna", "reason": "is empty"},
        {"file": "t.csv", "line": 4, "column": "id", "value": "", "reason": "'Ann Bell' is too long"},
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    rejects.write_text(text)
    other.write_text('{"consumer": "ann"}\n')
    assert rejects_in(tmp_path) == [rejects]
    assert rejects_in(other) == []
    redaction = Redaction(["ann"], ["Ann Bell"])
    assert without(rejects, redaction, dry_run=True) == 2
    assert rejects.read_text() == text
    assert without(rejects, redaction) == 2
    assert [json.loads(line)["line"] for line in rejects.read_text().splitlines()] == [3]
    assert without(rejects, Redaction(["anna"])) == 1
    assert not rejects.exists()
