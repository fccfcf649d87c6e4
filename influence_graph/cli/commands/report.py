"""``report``: results on one page."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from influence_graph.app.views.report import gather
from influence_graph.cli.options import (
    as_of_option,
    output_option,
    parameter,
    policy_of,
    policy_options,
    store_option,
    timezone_option,
)
from influence_graph.cli.output import note, note_unknown
from influence_graph.cli.zones import local
from influence_graph.files import write_whole
from influence_graph.model.parameters import ReportParameters
from influence_graph.stores.base import Store


@click.command(epilog="Example: influence-graph report --bond singer sweater -o report.html")
@output_option("The HTML file.", required=True)
@parameter(ReportParameters, "title", help="Heading of the page.  [default: by what the data have]")
@click.option(
    "--bond", nargs=2, multiple=True, metavar="CONSUMER BRAND", help="Explain this bond.  [default: the strongest]"
)
@parameter(
    ReportParameters, "most_nodes", type=click.IntRange(2), help="Draw so many people and brands of the network."
)
@parameter(ReportParameters, "most_edges", type=click.IntRange(1), help="Draw so many of their ties and bonds.")
@policy_options
@as_of_option
@timezone_option
@store_option
def report(
    output: Path,
    title: str,
    bond: tuple[tuple[str, str], ...],
    most_nodes: int,
    most_edges: int,
    as_of: datetime | None,
    store: Store,
    **policy: Any,
) -> None:
    """Write one self-contained HTML page: influencers, the network, bonds, touchpoints, provenance."""
    from influence_graph.reports.pages.report import render_report

    parameters = ReportParameters(
        title,
        bonds=bond or None,
        policy=policy_of(policy, store),
        as_of=as_of,
        most_nodes=most_nodes,
        most_edges=most_edges,
    )
    data = gather(store, parameters)
    write_whole(output, render_report(local(data)))
    note_unknown(data.unknown_kinds)
    note(f"report written to {output}")
