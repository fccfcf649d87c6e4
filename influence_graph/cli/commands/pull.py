"""``pull``: records from another store."""

from __future__ import annotations

from typing import Any

import click

from influence_graph.cli.options import StoreType, format_option, store_option
from influence_graph.cli.privacy import copy_options, take_privacy
from influence_graph.cli.transfer import copy_records
from influence_graph.stores.base import Store


@click.command(epilog="Example: influence-graph pull bolt://localhost:7687 --store backup/")
@click.argument("source", type=StoreType(), metavar="URL")
@copy_options
@store_option
@format_option
def pull(source: Store, store: Store, format_: str | None, **options: Any) -> None:
    """Copy all records of the store at URL into --store; again changes nothing."""
    copy_records(source, store, format_, take_privacy(options))
