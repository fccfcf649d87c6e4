"""A text file in blocks of whole lines, with the number of each block's first line."""

from __future__ import annotations

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.readers.stream import ByteStream

BLOCK_BYTES = 16 << 20
MAX_BLOCK_LINES = 1_000_000  # a block of more lines is shortened: memory depends on lines, too
MAX_RECORD_BYTES = 131_072  # also the field limit of Python's csv module; a valid record is shorter


class LineBlocks:
    """Splits a stream after line feeds; memory stays within a few blocks for any content.

    Files whose lines end in a carriage return alone are read as if they ended in a line feed.

    Attributes:
        line: The 1-based number of the first line that is not consumed yet.
    """

    def __init__(self, stream: ByteStream, block_bytes: int = BLOCK_BYTES) -> None:
        self.line = 1
        self._stream = stream
        self._block_bytes = block_bytes
        self._tail = b""
        self._exhausted = False
        self._carriage_returns: bool | None = None

    @property
    def ended(self) -> bool:
        """Whether the last block is the end of the file."""
        return self._exhausted and not self._tail

    def next(self) -> bytes:
        """Return the next whole lines (the last one may lack its line feed), empty at the end.

        Raises:
            UnreadableFile: a line is longer than a block, or the file is damaged.
        """
        while True:
            data = self._fill()
            cut = len(data) if self._exhausted else data.rfind(b"\n") + 1
            if data.count(b"\n", 0, cut) > MAX_BLOCK_LINES:
                cut = data.rfind(b"\n", 0, self._block_bytes // 4) + 1 or cut
            if cut or self._exhausted:
                self._tail = data[cut:]
                return data[:cut] if self._tail else data
            self._tail = data
            if len(data) >= self._block_bytes:
                raise UnreadableFile(
                    f"{self._stream.path}, line {self.line}: no line break within {len(data):,} bytes",
                    remedy="write one record per line, and check that this is a CSV, JSON Lines or Parquet file",
                )

    def consume(self, data: bytes, used: int) -> None:
        """Mark *used* bytes of *data*, the last block, as consumed; the rest is part of the next block."""
        if used < len(data):
            self._tail = data[used:] + self._tail
        self.line += data.count(b"\n", 0, used)

    def _fill(self) -> bytes:
        """Return the unconsumed bytes, filled up to a block."""
        missing = self._block_bytes - len(self._tail)
        if self._exhausted or missing <= 0:
            return self._tail
        fresh = self._stream.read(missing)
        self._exhausted = not fresh
        if self._carriage_returns is None:
            self._carriage_returns = b"\r" in fresh and b"\n" not in fresh
        if self._carriage_returns:
            fresh = fresh.replace(b"\r", b"\n")
        return self._tail + fresh if self._tail else fresh


def piece_end(data: bytes, start: int) -> int:
    """Return where the piece of *data* that begins at *start* ends: after a line, about 256 kB later."""
    return data.find(b"\n", start + 2 * MAX_RECORD_BYTES) + 1 or len(data)
