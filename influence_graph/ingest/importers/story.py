"""The story of the project, from ``datasets/story`` or another folder with the same six files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from influence_graph.errors import InputError
from influence_graph.ingest.datasets import story_batches
from influence_graph.ingest.importers.base import ImportOptions
from influence_graph.model.records import Batch


def read(files: Sequence[Path], options: ImportOptions) -> Iterator[Batch]:
    """Yield the records of the story.

    Raises:
        InputError: a prefix was given.
        UnreadableFile: a file is missing or is no record file.
    """
    if options.prefix:
        raise InputError(f"prefix {options.prefix!r} does not apply to the story", remedy="leave it out")
    return story_batches(files[0] if files else None)
