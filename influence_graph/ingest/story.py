"""The story of the project as records: Annie, June, the singer, the sweater, the restaurant and the concert.

It stands in ``datasets/story`` as the six record files that any user would write.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pv

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.datasets import dataset_path
from influence_graph.ingest.importers.columns import make_batch
from influence_graph.model.records import KINDS, Batch, RecordKind


def story_batches(folder: Path | None = None) -> Iterator[Batch]:
    """Yield the records of the story in *folder*, by default the shipped one, one batch per kind.

    Raises:
        UnreadableFile: a file is missing or was changed so that it is no record file.
    """
    place = dataset_path("story") if folder is None else folder
    for kind in KINDS.values():
        yield _read(place / f"{kind.name}.csv", kind)


def _read(path: Path, kind: RecordKind) -> Batch:
    types = {field.name: field.type for field in kind.schema}
    options = pv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=[""])
    try:
        table = pv.read_csv(path, convert_options=options).combine_chunks()
    except (pa.ArrowInvalid, OSError) as error:
        raise UnreadableFile(
            f"{path}: {error}", remedy="give a folder with the six files of the story, or ingest the files one by one"
        ) from error
    return make_batch(kind, {name: table[name] for name in table.column_names}, np.arange(2, table.num_rows + 2), path)
