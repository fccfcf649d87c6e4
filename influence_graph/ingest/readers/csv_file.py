"""CSV: the records as Arrow columns of bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pv

from influence_graph.ingest.chunks import Chunk
from influence_graph.ingest.layout import Layout
from influence_graph.ingest.readers.blocks import LineBlocks, piece_end
from influence_graph.ingest.readers.csv_layout import record_starts
from influence_graph.ingest.readers.csv_rows import split_rows
from influence_graph.ingest.readers.dialect import SAMPLE_BYTES, read_dialect
from influence_graph.ingest.readers.names import places_of, refuse_repeats
from influence_graph.ingest.readers.stream import ByteStream
from influence_graph.model.records import Field
from influence_graph.spreadsheets import unguard_column, unguarded

_PARSE_BLOCK = 2 << 20  # what one core parses at a time


class CsvFile:
    """A CSV file, whose dialect is found in its first lines or stated.

    Attributes:
        path: What messages call the file.
        names: Column names as written, without surrounding spaces.
        delimiter: Character between the columns.
        notes: What else was found out.

    Raises:
        UnreadableFile: the header is missing or is not text.
        InputError: the stated delimiter or encoding is not possible.
    """

    def __init__(self, path: Path, layout: Layout) -> None:
        self._file, self._encoding = path, layout.encoding
        self.position = 0
        self.notes: list[str] = []
        with ByteStream(path, layout.encoding) as stream:
            self.path, self.size = stream.path, stream.size
            head = LineBlocks(stream, 1 << 20).next()
        sample = head[: head.rfind(b"\n", 0, SAMPLE_BYTES) + 1 or head.find(b"\n") + 1 or len(head)]
        dialect = read_dialect(self.path, sample, layout)
        self.delimiter, self.names, self._lines_before = dialect.delimiter, dialect.names, dialect.lines

    def check(self, wanted: Mapping[str, Field]) -> None:
        """Refuse columns *wanted* that are there twice; text can hold any field."""
        refuse_repeats(self.path, self.names, wanted)

    def holds(self, name: str, field: Field) -> bool:
        """Return whether the column *name* can hold *field*; text can hold any."""
        del name, field
        return True

    def chunks(self, wanted: Mapping[str, Field]) -> Iterator[Chunk]:
        """Yield the columns *wanted*, by name as written.

        Raises:
            UnreadableFile: the file is damaged.
        """
        places = places_of(self.names)
        self._places = [(places[name], name) for name in wanted]
        with ByteStream(self._file, self._encoding) as stream:
            blocks = LineBlocks(stream)
            while data := blocks.next():
                if blocks.line == 1:
                    data = self._skip_header(blocks, data)
                used = 0
                for chunk, done in self._parse(data, blocks.line, blocks.ended):
                    yield chunk
                    used = done
                blocks.consume(data, used)
                self.position = stream.position

    def _skip_header(self, blocks: LineBlocks, data: bytes) -> bytes:
        start = 0
        for _ in range(self._lines_before):
            start = data.find(b"\n", start) + 1 or len(data)
        blocks.line += self._lines_before
        return data[start:]

    def _parse(self, data: bytes, line: int, ended: bool) -> Iterator[tuple[Chunk, int]]:
        """Yield the records of *data*, whose first line has the number *line*, with the bytes consumed so far.

        A well-formed block is parsed as a whole; else its pieces are, and only malformed pieces row by row.
        """
        whole = self._parse_whole(data, line, ended) if data else None
        if whole is not None:
            yield whole
            return
        used = 0
        while used < len(data):
            piece = data[used : piece_end(data, used)]
            last = used + len(piece) == len(data)
            piece_ended = ended and last
            chunk, done = self._parse_whole(piece, line, piece_ended) or self._parse_rows(piece, line, piece_ended)
            used += done
            yield chunk, used
            line += piece.count(b"\n", 0, done)
            if last:
                return

    def _parse_whole(self, data: bytes, line: int, ended: bool) -> tuple[Chunk, int] | None:
        """Return the records of *data* and the bytes used, or None where they are malformed."""
        layout = record_starts(data, self.delimiter, ended)
        if layout is None:
            return None
        starts, lines, used = layout
        columns = self._columns(data[:used] if used < len(data) else data, len(starts))
        return None if columns is None else (Chunk(columns, lines + line), used)

    def _columns(self, data: bytes, rows: int) -> dict[str, pa.Array] | None:
        """Return the wanted columns if *data* is well-formed and has *rows* records."""
        if rows == 0:
            return {name: pa.array([], pa.binary()) for _, name in self._places}
        columns = [str(place) for place in range(len(self.names))]
        included = [str(place) for place, _ in self._places]
        try:
            table = pv.read_csv(
                pa.BufferReader(data),
                read_options=pv.ReadOptions(column_names=columns, block_size=_PARSE_BLOCK),
                parse_options=pv.ParseOptions(delimiter=self.delimiter, newlines_in_values=b'"' in data),
                convert_options=pv.ConvertOptions(
                    column_types=dict.fromkeys(included, pa.binary()),
                    include_columns=included,
                    null_values=[""],
                    strings_can_be_null=True,
                ),
            )
        except pa.ArrowInvalid:
            return None
        if table.num_rows != rows:
            return None
        return {name: unguard_column(_joined(table.column(str(place)))) for place, name in self._places}

    def _parse_rows(self, data: bytes, line: int, ended: bool) -> tuple[Chunk, int]:
        """Return the same, row by row; *data* should be short, since Python objects take far more memory."""
        rows = split_rows(data, self.delimiter, len(self.names), ended)
        columns = {
            name: pa.array([unguarded(row[place]).encode("latin-1") or None for row in rows.fields], pa.binary())
            for place, name in self._places
        }
        lines = np.asarray(rows.lines, dtype=np.int64) + line
        return Chunk(columns, lines, skipped=[(at + line, fault) for at, fault in rows.skipped]), rows.used


def _joined(column: pa.ChunkedArray) -> pa.Array:
    joined = column.combine_chunks()
    return joined.chunk(0) if isinstance(joined, pa.ChunkedArray) else joined
