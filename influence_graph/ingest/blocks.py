"""A text file in blocks of whole lines, with the number of each block's first line."""

from __future__ import annotations

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.bytestream import ByteStream

BLOCK_BYTES = 16 << 20
MAX_RECORD_BYTES = 131_072  # also the field limit of Python's csv module; a record within all limits is shorter


class LineBlocks:
    """Cuts a stream after line feeds; memory stays within a few blocks whatever the file holds.

    ``line`` is the 1-based number of the first line that has not been given out, ``ended`` says
    that nothing follows. Files whose lines end in a carriage return alone are read as if they
    ended in a line feed.
    """

    def __init__(self, stream: ByteStream, block_bytes: int = BLOCK_BYTES) -> None:
        self.line = 1
        self.ended = False
        self._stream = stream
        self._block_bytes = block_bytes
        self._tail = b""
        self._carriage_returns: bool | None = None

    def next(self) -> bytes:
        """Return the next whole lines (the last may lack its line feed), empty at the end.

        Raises:
            UnreadableFile: a line is longer than a block, or the file is damaged.
        """
        if self.ended:
            return b""
        fresh = self._read()
        self.ended = len(fresh) == 0
        data = self._tail + fresh if self._tail else fresh
        cut = len(data) if self.ended else data.rfind(b"\n") + 1
        if cut == 0 and len(data) >= self._block_bytes:
            raise UnreadableFile(
                f"{self._stream.path}, line {self.line}: no line break within {len(data):,} bytes",
                remedy="one record per line; check that this is a CSV, JSON Lines or Parquet file",
            )
        self._tail = data[cut:]
        return data[:cut] if cut or self.ended else self.next()

    def taken(self, data: bytes, used: int) -> None:
        """Say that *used* bytes of *data*, the block given last, are done with; the rest comes again."""
        if used < len(data):
            self._tail = data[used:] + self._tail
        self.line += data.count(b"\n", 0, used)

    def _read(self) -> bytes:
        fresh = self._stream.read(self._block_bytes)
        if self._carriage_returns is None:
            self._carriage_returns = b"\r" in fresh and b"\n" not in fresh
        return fresh.replace(b"\r", b"\n") if self._carriage_returns else fresh
