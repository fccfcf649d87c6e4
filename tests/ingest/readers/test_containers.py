"""A packed file is the file within, whatever packed it; what cannot be unpacked is refused with the way out."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.readers.containers import packing
from influence_graph.ingest.readers.stream import ByteStream
from influence_graph.ingest.source import open_source

TIES = b"source,target\na,b\nb,c\n"
BIG = b"source,target\n" + b"".join(b"%d,x%d\n" % (i, i * 7919) for i in range(30_000))


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def zstd(content: bytes) -> bytes:
    packed: bytes = pa.Codec("zstd").compress(content, asbytes=True)
    return packed


PACKERS = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstd,
    "zip": lambda content: zipped({"ties.csv": content}),
}


def read(path: Path, content: bytes) -> int:
    path.write_bytes(content)
    return sum(batch.table.num_rows for batch in open_source(path).batches(print))


@pytest.mark.parametrize("kind", PACKERS)
def test_what_is_packed_is_read_as_it_is(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "ties.csv"
    content = PACKERS[kind](BIG)
    assert packing(content[:6]) == kind
    path.write_bytes(content)
    with ByteStream(path) as stream:
        assert b"".join(iter(lambda: stream.read(100_000), b"")) == BIG
        assert stream.packed
        assert 0 < stream.position <= stream.size
    assert read(path, content) == 30_000


@pytest.mark.parametrize("kind", ["gzip", "bzip2", "xz", "zstd"])
def test_files_packed_one_after_the_other_are_one(tmp_path: Path, kind: str) -> None:
    assert read(tmp_path / "ties.csv", PACKERS[kind](TIES) + PACKERS[kind](b"c,d\n")) == 3


@pytest.mark.parametrize("kind", PACKERS)
def test_damaged_and_cut_files_are_refused(tmp_path: Path, kind: str) -> None:
    content = PACKERS[kind](BIG)
    middle = len(content) // 2
    for broken in (content[:-2000], content[:middle] + bytes(100) + content[middle + 100 :]):
        with pytest.raises(UnreadableFile, match=f"is damaged: the {kind} data is broken or ends early") as error:
            read(tmp_path / "ties.csv", broken)
        assert "pack the file again" in error.value.remedy


def test_what_systems_put_beside_the_file_of_an_archive_does_not_count(tmp_path: Path) -> None:
    files = {"export/": b"", "export/ties.csv": TIES, "__MACOSX/export/._ties.csv": b"x", "export/.DS_Store": b"x"}
    assert read(tmp_path / "t.zip", zipped(files)) == 2
    assert read(tmp_path / "t.zip", zipped({"ties.csv": TIES, "LICENSE": b"x"})) == 2
    assert read(tmp_path / "t.zip", zipped({"out.ties": TIES})) == 2


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"a.csv": TIES, "b.csv": TIES}, "holds 2 files, 'a.csv', 'b.csv'; unpack it, and name the one"),
        ({"a": TIES, "b": TIES}, "holds 2 files, 'a', 'b'; unpack it"),
        ({}, "holds no file"),
        ({"__MACOSX/x.csv": TIES}, "holds no file"),
    ],
)
def test_an_archive_of_no_file_or_several_is_refused(tmp_path: Path, files: dict[str, bytes], reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        read(tmp_path / "t.zip", zipped(files))


def test_an_encrypted_archive_and_an_unknown_method_are_refused(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.csv": TIES}))
    entry = content.find(b"PK\x01\x02")
    for at, value, reason in ((6, 1, "is an encrypted zip archive"), (8, 99, "by a method that is not known here")):
        changed = content.copy()
        changed[at] = changed[entry + at + 2] = value
        with pytest.raises(UnreadableFile, match=reason):
            read(tmp_path / "t.zip", bytes(changed))
