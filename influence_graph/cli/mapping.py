"""Options that say how a file of any shape becomes records: `ingest` and `inspect` share them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from influence_graph.cli.options import FILE, several
from influence_graph.errors import InputError
from influence_graph.ingest.layout import Layout
from influence_graph.ingest.mapping.file import load_mapping
from influence_graph.ingest.mapping.mapping import Mapping
from influence_graph.ingest.mapping.rules import changes_of
from influence_graph.ingest.presets import preset
from influence_graph.ingest.values.notation import MARKS
from influence_graph.model.records import RecordKind

_TAB = ("tab", "\\t")
_NAMES = ("maps", "constants", "mapping", "preset", "decimal")
_LAYOUT = ("encoding", "delimiter", "header", "columns", "records", "sheet")

mapping_options = several(
    click.option(
        "--map",
        "maps",
        multiple=True,
        metavar="FIELD=COLUMN [RULE]",
        help="Read a field from a column, such as at='Created at format %d/%m/%Y', value='Total decimal ,',"
        " valence='NPS scale 0..10'; rules are format, unit, decimal, currency, scale, prefix and zone. Repeatable.",
    ),
    click.option(
        "--set",
        "constants",
        multiple=True,
        metavar="FIELD=TEXT",
        help="The same value in all rows, such as brand=acme. Repeat per field.",
    ),
    click.option("--mapping", type=FILE, help="Mapping file, as `inspect` writes it; --map and --set come before it."),
    click.option("--preset", metavar="NAME", help="Mapping for the files of a known service (see `presets`)."),
    click.option("--decimal", type=click.Choice(MARKS), help="How all numbers are written: 1,234.50 or 1.234,50."),
    click.option(
        "--encoding", default="", help="Of text files, such as cp1252.  [default: UTF-8, or as the first bytes say]"
    ),
    click.option(
        "--delimiter", default="", metavar="CHARACTER", help="Between columns; tab for a tab.  [default: found]"
    ),
    click.option(
        "--no-header", "header", flag_value=False, default=None, help="The first line is a row; see --columns."
    ),
    click.option("--columns", default="", metavar="NAME,NAME,…", help="Names of the columns, with --no-header."),
    click.option("--records", default="", metavar="KEY.KEY", help="Where in a JSON document the records are."),
    click.option("--sheet", default="", help="Sheet of a workbook.  [default: the first]"),
)


def take_mapping(options: dict[str, Any], kind: RecordKind | None = None) -> dict[str, Any]:
    """Take the options of :data:`mapping_options` out of *options*; return the fields of ReadOptions that they give.

    *kind* is that of the records, where it is none of those that are stored.

    Raises:
        InputError: they contradict each other, or one is wrong.
    """
    maps, constants, mapping, name, decimal = (options.pop(each) for each in _NAMES)
    layout = {each: options.pop(each) for each in _LAYOUT}
    return {
        "layout": _layout(layout),
        "mapping": _mapping(mapping, name),
        "changes": changes_of(maps, constants, kind),
        "decimal": decimal or "",
    }


def _mapping(file: Path | None, name: str | None) -> Mapping | None:
    if file is not None and name is not None:
        raise InputError("both --mapping and --preset are given", remedy="keep one, and change it by --map and --set")
    if file is not None:
        return load_mapping(file)
    return None if name is None else preset(name)


def _layout(given: dict[str, Any]) -> Layout:
    columns = tuple(column.strip() for column in given["columns"].split(",") if column.strip())
    if columns and given["header"] is None:
        raise InputError("--columns is given for files with a header", remedy="add --no-header, or use --map")
    delimiter = "\t" if given["delimiter"].lower() in _TAB else given["delimiter"]
    if len(delimiter) > 1:
        raise InputError(f"--delimiter is {delimiter!r}", remedy="give one character, or tab")
    return Layout(**{**given, "columns": columns, "delimiter": delimiter})
