"""Which preset a file is for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from influence_graph.errors import InfluenceGraphError
from influence_graph.ingest.layout import Layout
from influence_graph.ingest.mapping.mapping import Mapping
from influence_graph.ingest.options import ReadOptions
from influence_graph.ingest.presets import fitting, presets
from influence_graph.ingest.readers.open import open_reader


def recognized(path: Path, options: ReadOptions | None = None) -> list[Mapping]:
    """Return the presets that the file *path* has the header of, those with the longest header first.

    The records of a JSON document are looked for where each preset says that they are, so that one document can be
    for several presets, such as that of whom an account follows and that of its followers.

    Args:
        path: The file.
        options: How it is laid out; what is stated comes before what presets say.
    """
    options = options or ReadOptions()
    found = [each for layout in _layouts() for each in _fitting(path, options, layout)]
    return sorted(found, key=lambda each: -len(each.header))


def _layouts() -> list[Layout]:
    """Return the layouts of the presets, each once."""
    return list(dict.fromkeys(each.layout for each in presets().values()))


def _fitting(path: Path, options: ReadOptions, layout: Layout) -> list[Mapping]:
    """Return the presets of this *layout* that fit the file; none where it is not laid out like this."""
    try:
        reader = open_reader(path, replace(options, layout=options.layout.completed(layout), mapping=None))
    except InfluenceGraphError:
        return []
    return [each for each in fitting(reader.names) if each.layout == layout]
