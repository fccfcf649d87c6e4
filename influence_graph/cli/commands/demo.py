"""``demo``: a small town on one page."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from influence_graph.app.ingest import import_dataset, require_same
from influence_graph.app.views.explain import read_bond
from influence_graph.app.views.report import gather
from influence_graph.cli import tables
from influence_graph.cli.options import StoreType, output_option, timeout_option
from influence_graph.cli.output import emit, note, progress
from influence_graph.cli.stopping import if_stopped, if_stopped_appending
from influence_graph.files import write_whole
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.ingest.town.parameters import TownParameters
from influence_graph.model.parameters import ExplainParameters, ReportParameters
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.stores.base import Store

if TYPE_CHECKING:
    from influence_graph.reports.pages.data import ReportData

SINGER_WEEK = ("singer", "sweater")
SINGER_DAYS = (datetime(2026, 6, 12, tzinfo=UTC), datetime(2026, 6, 14, tzinfo=UTC))


@click.command(epilog="Example: influence-graph demo --people 5000 -o town.html")
@click.option("--people", type=click.IntRange(min=10), help=f"Size of the town.  [default: {TownParameters.people}]")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of the town.")
@click.option("--store", type=StoreType(), default="influence-graph-demo", show_default=True, help="Where to build it.")
@timeout_option
@output_option("The page.", default="influence-graph-demo.html", show_default=True)
def demo(people: int | None, seed: int | None, store: Store, output: Path) -> None:
    """Build a small town, rank it, score its bonds, explain the singer's week, and leave a page with plots."""
    from influence_graph.reports.pages.report import render_report

    started = time.perf_counter()
    town, options = IMPORTERS["town"], ImportOptions(people=people, seed=seed)
    require_same(store, town, None, options)
    if_stopped_appending(store, "run `influence-graph demo` again")
    with progress() as on_progress:
        reports = import_dataset(store, town, None, options, on_progress)
    held = ", ".join(f"{count:,} {kind}" for kind, count in store.counts().items())
    changed = sum(report.inserted + report.updated for report in reports)
    click.echo(f"A town with {held}" + ("" if changed else "; all of it was here already"))
    if_stopped(f"the town is in {store.url}, the page is not written; to go on, run `influence-graph demo` again")
    policy = FusionPolicy(table=store.touchpoints())
    data = gather(store, ReportParameters("A week in a small town", bonds=(SINGER_WEEK,), policy=policy), write=True)
    _tables(data, store)
    click.echo("\nThe singer's week")
    for day, sentence in _week(store, policy):
        click.echo(f"  {day:%d %B}: {sentence}" if sentence.endswith(":") else f"    {sentence}")
    write_whole(output, render_report(data))
    if_stopped(f"the town is in {store.url}, and the page is written")
    click.echo(f"\nPage with plots: {output}   ({time.perf_counter() - started:.1f} s)")
    note(f"next: influence-graph explain singer restaurant --store {store.url}")


def _week(store: Store, policy: FusionPolicy) -> Iterator[tuple[datetime, str]]:
    """Yield what the singer's bond with the sweater consists of on each day."""
    with store.snapshot() as view:
        bond = read_bond(view, ExplainParameters(*SINGER_WEEK, policy))
    for day in SINGER_DAYS:
        yield from ((day, sentence) for sentence in bond.past.at(day).sentences(bond.names))


def _tables(data: ReportData, store: Store) -> None:
    """Print the top of both rankings, with names."""
    if data.influencers is None or data.bonds is None:
        return
    people = data.influencers[["rank", "id", "score", "linked_by", "mutual"]].head(5)
    emit(people, "table", title="\nWho moves whom: PageRank of who follows whom", names=store)
    strongest = data.bonds.nlargest(5, "fusion_score")[["consumer", "brand", "fusion_score", "reciprocity"]]
    emit(tables.with_reasons(strongest), "table", title="\nThe strongest bonds: what each gave the other", names=store)
