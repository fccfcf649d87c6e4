from __future__ import annotations

import json
from dataclasses import replace

import pytest

from influence_graph.errors import InputError
from influence_graph.ingest.rejects import RejectWriter, described
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
