"""Which preset a file is for, and which not."""

from __future__ import annotations

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from influence_graph.errors import InfluenceGraphError, UnreadableFile
from influence_graph.ingest.detect import listed
from influence_graph.ingest.header import field_name
from influence_graph.ingest.layout import Layout
from influence_graph.ingest.mapping.mapping import Mapping, Rule
from influence_graph.ingest.options import ReadOptions
from influence_graph.ingest.presets import fitting, presets
from influence_graph.ingest.readers.json_lines import JsonLinesFile
from influence_graph.ingest.readers.open import Reader, open_reader


def recognized(path: Path, options: ReadOptions | None = None) -> list[Mapping]:
    """Return the presets that the file *path* has the header of, those with the longest header first.

    The records of a JSON document are looked for where each preset says that they are, so that one document can be
    for several presets, such as that of whom an account follows and that of its followers.

    Args:
        path: The file.
        options: How it is laid out; what is stated comes before what presets say.
    """
    options = options or ReadOptions()
    plain = _opened(path, options, Layout())
    layouts = dict.fromkeys(each.layout for each in presets().values() if each.layout.records)
    if plain is not None and not isinstance(plain, JsonLinesFile):
        layouts = {}  # no document
    found = [each for each in (fitting(plain.names) if plain else []) if not each.layout.records]
    for layout in layouts:
        reader = _opened(path, options, layout)
        found += [each for each in (fitting(reader.names) if reader else []) if each.layout == layout]
    return sorted(found, key=lambda each: -len(each.header))


def require_shape(mapping: Mapping, changes: Map[str, Rule], names: Sequence[str], path: Path) -> None:
    """Refuse a file without the header that *mapping* is for; *changes* take the place of some of its columns.

    Raises:
        UnreadableFile: the file has another shape.
    """
    replaced = {field_name(c) for field in changes if field in mapping.fields for c in mapping.fields[field].columns}
    given = {field_name(name) for name in names} | replaced
    missing = [column for column in mapping.header if field_name(column) not in given]
    if missing:
        others = [each.name for each in fitting(names) if each.name != mapping.name]
        looks = f"; it looks like {others[0]}" if others else ""
        remedy = f"use --preset {others[0]}" if others else f"see `influence-graph inspect {path}`"
        raise UnreadableFile(
            f"{path} is no {mapping.name or 'file of this mapping'}: it lacks {listed(missing)}{looks}", remedy=remedy
        )


def _opened(path: Path, options: ReadOptions, layout: Layout) -> Reader | None:
    """Return the reader of the file as *layout* says; None where it is not laid out like this."""
    try:
        return open_reader(path, replace(options, layout=options.layout.completed(layout), mapping=None))
    except InfluenceGraphError:
        return None
