"""Ties from files of who was where when, and these ties into a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from influence_graph.analyses.copresence import COLUMNS, CopresenceTies, copresence_ties
from influence_graph.app.door import Privacy, digest_of_texts
from influence_graph.app.ingest import (
    IngestOptions,
    OnProgress,
    RejectLimit,
    append_source,
    refuse_overwriting,
    withheld_errors,
)
from influence_graph.errors import InputError, TooManyRejects
from influence_graph.ingest.faults import noted
from influence_graph.ingest.rejects import RejectWriter
from influence_graph.ingest.source import Source, open_source
from influence_graph.model.parameters import CopresenceParameters
from influence_graph.model.records import BATCH_ROWS, TIES, Batch, Field, FieldType, RecordKind
from influence_graph.stores.base import AppendReport, Store
from influence_graph.text import count_text, path_text

COPRESENCE = RecordKind(
    "co-presence",
    (
        Field("person", FieldType.ID, required=True),
        Field("place", FieldType.ID, required=True),
        Field("time", FieldType.TIME, required=True),
    ),
    key=COLUMNS,
    about="who was where when",
)
_STEP = "pairs"
"""What the progress of looking for pairs is called."""


@dataclass(frozen=True)
class Seen:
    """What files of co-presence gave.

    Attributes:
        ties: The ties.
        rejected: Rows that are no good records.
        notes: What there is to know about the files, a line each.
    """

    ties: CopresenceTies
    rejected: int
    notes: list[str]


def read_copresence(
    paths: Sequence[Path],
    options: IngestOptions,
    parameters: CopresenceParameters,
    on_progress: OnProgress | None = None,
) -> Seen:
    """Return the ties of the records in all of *paths* together; bad rows go to ``options.rejects``.

    Args:
        paths: Files with the columns person, place and time, as ``ingest`` takes files.
        options: How they are read; times without a zone are those of ``parameters.timezone``.
        parameters: Which co-presence makes a tie.
        on_progress: Called with a file, the bytes read and its size, then with records looked at for pairs.

    Raises:
        UnreadableFile: A file cannot be read as records.
        InputError: There is no record, an option is out of its limits, or the file for rejects is one of *paths*.
        TooManyRejects: More than ``options.max_rejects`` rows are bad, or all rows of a file.
    """
    reading = replace(options, kind=COPRESENCE, timezone=parameters.timezone, dry_run=True)  # nothing is stored yet
    with withheld_errors() if options.privacy.pseudonymize else nullcontext():
        sources = [open_source(path, reading) for path in paths]
        refuse_overwriting(paths, options.rejects)
        with RejectWriter(options.rejects, options.rejects_size) as writer:
            on_reject = RejectLimit(writer, reading)
            tables = [table for source in sources for table in _tables(source, on_reject, on_progress)]
        if not tables:
            raise InputError(f"{path_text(paths[0])} has no record", remedy="write at least one below the header")
        ties = copresence_ties(
            pa.concat_tables(tables).unify_dictionaries(),
            timezone=parameters.timezone,
            least_days=parameters.least_days,
            most_people=parameters.most_people,
            progress=_told(on_progress),
        )
    return Seen(ties, on_reject.count, [line for source in sources for line in _notes(source)])


def _tables(source: Source, on_reject: RejectLimit, on_progress: OnProgress | None) -> Iterator[pa.Table]:
    """Yield the good records of *source*; ids are held once."""
    name, before = path_text(source.path), on_reject.count
    on_reject.begin()
    for batch in source.batches(on_reject.of_file):
        if on_progress:
            on_progress(name, source.bytes_read, source.size)
        person, place, time = (batch.table.column(column) for column in COLUMNS)
        yield pa.table([person.dictionary_encode(), place.dictionary_encode(), time], names=list(COLUMNS))
    if source.rows and on_reject.count - before == source.rows:
        what = "its only row was" if source.rows == 1 else f"all {source.rows:,} rows were"
        raise TooManyRejects(
            f"{name}: {what} rejected: {on_reject.commonest}",
            remedy="name the columns person, place and time, or say which they are: --map person=COLUMN",
        )


def _notes(source: Source) -> Iterator[str]:
    name = path_text(source.path)
    if source.ignored_columns:
        yield f"{name}: columns ignored: {', '.join(source.ignored_columns)}"
    for reason, rows in source.skipped.items():
        yield f"{name}: {count_text(rows, 'row')} skipped: {reason}"
    for line in [*(line.removeprefix(f"{source.path}: ") for line in source.found), *noted(source.notes)]:
        yield f"{name}: {line}"


def _told(on_progress: OnProgress | None) -> Callable[[int, int], None] | None:
    return None if on_progress is None else lambda done, total: on_progress(_STEP, done, total)


def write_ties(
    store: Store,
    paths: Sequence[Path],
    seen: CopresenceTies,
    privacy: Privacy,
    on_progress: OnProgress | None = None,
) -> tuple[AppendReport, list[str]]:
    """Append the ties of *seen* to *store*; return the report, and what there is to say of people.

    Their source is called ``copresence`` and the names of *paths*. The same again changes nothing; another weight or
    date of the same tie takes the place of the former, and ties that are no longer found stay.

    Raises:
        InputError: as :func:`influence_graph.app.door.open_door`.
    """
    name = " ".join(["copresence", *map(path_text, paths)])
    settings = [f"{key}={value}" for key, value in seen.parameters.items()]
    reports, said = append_source(
        store, name, lambda: digest_of_texts("copresence", *settings, seen.digest), _batches(seen), privacy, on_progress
    )
    return (reports[0] if reports else AppendReport(TIES.name)), said


def _batches(seen: CopresenceTies) -> Iterator[Batch]:
    table = seen.table
    for start in range(0, table.num_rows, BATCH_ROWS):
        part = table.slice(start, BATCH_ROWS)
        yield Batch(TIES, part, pa.array(np.arange(start + 1, start + 1 + part.num_rows)))
