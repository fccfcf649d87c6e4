"""The data sets that are shipped with this project: their paths, and the story as records."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.rejects import described
from influence_graph.ingest.source import ReadOptions, open_source
from influence_graph.model.records import KINDS, Batch, Reject


def dataset_path(name: str) -> Path:
    """Return the file or folder *name* of the shipped data sets: inside an installed package, or beside its sources.

    Raises:
        UnreadableFile: the installation has no such data set.
    """
    package = Path(str(resources.files("influence_graph")))
    candidates = [package / "_data" / "datasets" / name, package.parent / "datasets" / name]
    for path in candidates:
        if path.exists():
            return path
    raise UnreadableFile(
        f"the data set {name!r} is not in this installation", remedy="install influence-graph again, or give a path"
    )


def story_batches(folder: Path | None = None) -> Iterator[Batch]:
    """Yield the records of the story in *folder*, by default the shipped one, kind by kind.

    It consists of six record files, as users write them.

    Raises:
        UnreadableFile: a file is missing or was changed so that a record is not valid.
    """
    source = dataset_path("story") if folder is None else folder
    for kind in KINDS.values():
        yield from open_source(source / f"{kind.name}.csv", ReadOptions(kind=kind)).batches(_refuse)


def _refuse(reject: Reject) -> None:
    raise UnreadableFile(described(reject), remedy=reject.remedy)
