"""Blocks are whole lines; joined they are the file, and each knows the number of its first line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.readers.blocks import MAX_RECORD_BYTES, LineBlocks, piece_end
from influence_graph.ingest.readers.stream import ByteStream

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LINES = st.lists(st.text("abc", max_size=8), min_size=1, max_size=20)


@QUICK
@given(st.data(), LINES, st.booleans(), st.integers(16, 60))
def test_blocks_joined_are_the_file_whatever_part_of_each_is_consumed(
    tmp_path: Path, data: st.DataObject, lines: list[str], ended: bool, size: int
) -> None:
    content = ("x" + "\n".join(lines) + ("\n" if ended else "")).encode()
    (tmp_path / "file").write_bytes(content)
    found = b""
    with ByteStream(tmp_path / "file") as stream:
        blocks = LineBlocks(stream, size)
        while block := blocks.next():
            assert blocks.line == found.count(b"\n") + 1
            assert not blocks.ended or found + block == content
            ends = [at + 1 for at, byte in enumerate(block) if byte == ord("\n")] or [len(block)]
            used = len(block) if blocks.ended else data.draw(st.sampled_from(ends))
            found += block[:used]
            blocks.consume(block, used)
    assert found == content


def test_lines_that_end_in_a_carriage_return_alone_are_lines(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"a\rb\rc")
    with ByteStream(tmp_path / "file") as stream:
        blocks = LineBlocks(stream)
        first = blocks.next()
        assert first == b"a\nb\n"
        blocks.consume(first, len(first))
        assert blocks.next() == b"c"
        assert (blocks.line, blocks.ended) == (3, True)


def test_a_line_longer_than_a_block_is_an_error_with_its_number(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"a\n" + b"x" * 100)
    with ByteStream(tmp_path / "file") as stream:
        blocks = LineBlocks(stream, 20)
        blocks.consume(blocks.next(), 2)
        with pytest.raises(UnreadableFile, match="line 2: no line break within 20 bytes"):
            blocks.next()


def test_a_piece_ends_after_a_line_or_with_the_data() -> None:
    line = b"x" * 99 + b"\n"
    data = line * 4000
    end = piece_end(data, 0)
    assert end % 100 == 0
    assert 2 * MAX_RECORD_BYTES < end <= 2 * MAX_RECORD_BYTES + 100
    assert piece_end(data, len(data) - 50) == len(data)
