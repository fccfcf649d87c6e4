"""The bytes of a file are the same however it is compressed and encoded."""

from __future__ import annotations

import codecs
import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.readers.stream import ByteStream, check_regular, unreadable

QUICK = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff"), min_size=1, max_size=40)


def read_all(path: Path, size: int) -> bytes:
    with ByteStream(path) as stream:
        data = b"".join(iter(lambda: stream.read(size), b""))
        assert stream.position == stream.size == path.stat().st_size
    return data


@QUICK
@given(
    TEXTS.map(lambda text: "id" + text),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
    st.booleans(),
    st.integers(1, 50),
)
def test_any_encoding_with_a_mark_becomes_utf_8(
    tmp_path: Path, text: str, encoding: str, packed: bool, size: int
) -> None:
    content = text.encode(encoding)
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(content) if packed else content)
    assert read_all(path, size).decode() == text
    with ByteStream(path) as stream:
        assert stream.packed is packed


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le")],
)
def test_the_byte_order_follows_from_the_mark(tmp_path: Path, mark: bytes, encoding: str) -> None:
    (tmp_path / "file").write_bytes(mark + "é,b".encode(encoding))
    assert read_all(tmp_path / "file", 3).decode() == "é,b"


def test_bytes_without_a_mark_are_passed_on_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\xe9,\x00b\r")
    assert read_all(tmp_path / "file", 2) == b"\xe9,\x00b\r"


@pytest.mark.parametrize("kept", [20, 100, 500])
def test_broken_gzip_is_an_error_with_the_path(tmp_path: Path, kept: int) -> None:
    content = gzip.compress(b"".join(b"%d,%d\n" % (n, n * n) for n in range(500)))
    (tmp_path / "file").write_bytes(content[:kept])
    with pytest.raises(UnreadableFile, match="gzip data is broken or ends early") as caught:
        read_all(tmp_path / "file", 1000)
    assert str(tmp_path / "file") in caught.value.message


@pytest.mark.parametrize("size", [1, 2, 3, 7, 4096])
def test_an_incomplete_last_character_is_an_error_for_any_size_of_reads(tmp_path: Path, size: int) -> None:
    (tmp_path / "file").write_bytes("source,target\na,b\n".encode("utf-16")[:-1])
    with pytest.raises(UnreadableFile, match="not UTF-16"):
        read_all(tmp_path / "file", size)


def test_the_size_is_that_on_disk_and_a_missing_path_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"abc")
    assert check_regular(tmp_path / "file") == 3
    with pytest.raises(UnreadableFile, match="is a folder"):
        check_regular(tmp_path)
    assert "no luck" in unreadable(tmp_path, ValueError("no luck")).message
