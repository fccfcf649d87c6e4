"""Mappings for files that services and programs write, one TOML file each, by name."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources

from influence_graph.errors import NotFound
from influence_graph.ingest.header import field_name
from influence_graph.ingest.mapping.file import parse_mapping
from influence_graph.ingest.mapping.mapping import Mapping
from influence_graph.text import did_you_mean


@cache
def presets() -> dict[str, Mapping]:
    """Return all presets by name, in alphabetical order; each is called like its file."""
    folder = resources.files(__package__)
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    return {file.name.removesuffix(".toml"): parse_mapping(file.read_text("utf-8"), file.name) for file in files}


def preset(name: str) -> Mapping:
    """Return the preset *name*.

    Raises:
        NotFound: There is none; the message gives the nearest names.
    """
    known = presets()
    if name not in known:
        remedy = did_you_mean(name, known, "see `influence-graph presets`")
        raise NotFound(f"there is no preset {name!r}", remedy=remedy)
    return known[name]


def fitting(columns: Iterable[str]) -> list[Mapping]:
    """Return the presets whose header is among *columns*, those with the longest header first."""
    given = {field_name(column) for column in columns}
    fits = [each for each in presets().values() if each.header and given.issuperset(map(field_name, each.header))]
    return sorted(fits, key=lambda each: -len(each.header))
