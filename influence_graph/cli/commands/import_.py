"""``import``: public data sets as they were downloaded, and generated ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pandas as pd

from influence_graph.app.ingest import import_dataset
from influence_graph.cli.options import TimeType, format_option, store_option
from influence_graph.cli.output import emit, note, progress
from influence_graph.cli.privacy import privacy_options, take_privacy
from influence_graph.cli.stopping import if_stopped_appending
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.ingest.networks.network import THIRD
from influence_graph.model.records import TIE_KINDS
from influence_graph.stores.base import Store
from influence_graph.text import did_you_mean, one_line


@click.command(
    "import",
    epilog="Examples: influence-graph import lastfm downloads/lastfm_hetrec2011; "
    "influence-graph import world --people 1000 --truth truth.json; "
    "influence-graph import market --segments 12 --brands 6 --seed 3 --truth truth.json",
)
@click.argument("name", required=False)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--prefix", default="", help="Put before every id, to keep several data sets in one store.")
@click.option("--at", type=TimeType(), help="Date of an undated set, or start of one dated in seconds.")
@click.option(
    "--timezone",
    default="",
    help="IANA zone of the times in the data set that state none.  [default: that of the data set]",
)
@click.option("--tie-kind", type=click.Choice(TIE_KINDS), default="follows", show_default=True, help="For `edges`.")
@click.option("--header/--no-header", default=None, help="Whether the first line of an edge list holds names.")
@click.option("--size-line/--no-size-line", default=None, help="Whether it is the size of the graph.")
@click.option("--third", type=click.Choice(THIRD), help="What the third column without a name is.")
@click.option("--weight", default="", metavar="NAME", help="Column or edge attribute of a network that is the weight.")
@click.option("--people", type=click.IntRange(min=10), help="Size of the generated town, world or market.")
@click.option("--segments", type=click.IntRange(min=2), help="Segments of the market.")
@click.option("--brands", type=click.IntRange(min=2), help="Brands of the town or market.")
@click.option("--days", type=click.IntRange(min=1), help="Days of the town, world or market.")
@click.option("--seed", type=click.IntRange(min=0), help="Its seed.")
@click.option("--truth", type=click.Path(path_type=Path), metavar="FILE", help="Write there what is planted in it.")
@privacy_options
@store_option
@format_option
def import_(name: str | None, path: Path | None, store: Store, format_: str | None, **options: Any) -> None:
    """Add a public data set as it was downloaded, or one of the generated ones.

    Without NAME the known data sets are listed. `story`, `town`, `world` and `market` need no PATH; for the last
    three it is a file of parameters.
    """
    if name is None:
        rows = [(i.name, i.about, i.license) for i in IMPORTERS.values()]
        emit(pd.DataFrame(rows, columns=["name", "about", "license"]), format_, top=0)
        return
    if name not in IMPORTERS:
        raise click.BadParameter(
            f"no data set {one_line(name)!r}; {did_you_mean(name, IMPORTERS, 'known: ' + ', '.join(IMPORTERS))}",
            param_hint="NAME",
        )
    privacy = take_privacy(options)
    if_stopped_appending(store, "run the same import again")
    with progress() as on_progress:
        settings = ImportOptions(**options, note=note)
        reports = import_dataset(store, IMPORTERS[name], path, settings, on_progress, privacy)
    columns = ["kind", "inserted", "updated", "unchanged"]
    emit(pd.DataFrame([[getattr(r, c) for c in columns] for r in reports], columns=columns), format_, top=0)
    conflicts = [conflict for report in reports for conflict in report.conflicts]
    for conflict in conflicts[:5]:
        note(f"conflict: {one_line(conflict.reason)}; {conflict.remedy}")
    if len(conflicts) > 5:
        note(f"… and {len(conflicts) - 5:,} more conflicts")
    if not any(report.inserted + report.updated for report in reports):
        note(f"nothing changed: all {sum(r.unchanged for r in reports):,} records were stored already")
