from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.source import ReadOptions, open_source


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as error:
        open_source(path)
    assert error.value.exit_code == 1
    assert error.value.remedy
    return error.value.message


def test_missing_file(tmp_path):
    assert "No such file" in refusal(tmp_path / "none.csv")


def test_folder(tmp_path):
    assert "is a folder" in refusal(tmp_path)


def test_pipe_is_refused_without_waiting_for_a_writer(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert "not a regular file" in refusal(tmp_path / "pipe.csv")


def test_device():
    assert "not a regular file" in refusal(Path("/dev/zero"))


def test_path_with_nul_byte():
    assert "null byte" in refusal(Path("a\x00.csv"))


def test_path_with_escapes_is_shown_printable(tmp_path):
    assert "\x1b" not in refusal(tmp_path / "\x1b[31m.csv")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(tmp_path):
    path = tmp_path / "secret.csv"
    path.write_text("source,target\n")
    path.chmod(0)
    assert "Permission denied" in refusal(path)


def test_symbolic_link_to_itself(tmp_path):
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    assert "cannot read" in refusal(tmp_path / "loop.csv")


def test_unknown_time_zone_is_a_fault_of_the_option(tmp_path):
    path = tmp_path / "ties.csv"
    path.write_text("source,target\n")
    for name in ("Mars/Olympus", "../../etc/passwd", "", "\x00", "/etc/localtime"):
        with pytest.raises(InputError, match="no time zone") as error:
            open_source(path, ReadOptions(timezone=name))
        assert error.value.exit_code == 2


def test_truncation_says_how_many_records_were_read(tmp_path):
    path = tmp_path / "ties.csv.gz"
    lines = b"source,target\n" + b"".join(b"a%d,b%d\n" % (i, i * i) for i in range(2_000_000))
    path.write_bytes(gzip.compress(lines, 1)[:-1000])
    seen = []
    with pytest.raises(UnreadableFile) as error:
        seen.extend(batch.table.num_rows for batch in open_source(path).batches(lambda reject: None))
    assert seen
    assert f"after {sum(seen):,} records" in error.value.message
