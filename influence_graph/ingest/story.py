"""The story of the project as records: Annie, June, the singer, the sweater, the restaurant and the concert.

It stands in ``datasets/story`` as the six record files that any user would write.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.datasets import dataset_path
from influence_graph.ingest.source import ReadOptions, open_source
from influence_graph.model.records import KINDS, Batch, Reject


def story_batches(folder: Path | None = None) -> Iterator[Batch]:
    """Yield the records of the story in *folder*, by default the shipped one, kind by kind.

    Raises:
        UnreadableFile: a file is missing or was changed so that a record is not valid.
    """
    place = dataset_path("story") if folder is None else folder
    for kind in KINDS.values():
        yield from open_source(place / f"{kind.name}.csv", ReadOptions(kind=kind)).batches(_refuse)


def _refuse(reject: Reject) -> None:
    raise UnreadableFile(
        f"{reject.file}, line {reject.line}: {reject.column} {reject.value!r} {reject.reason}", remedy=reject.remedy
    )
