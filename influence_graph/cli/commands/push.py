"""``push``: records to another store."""

from __future__ import annotations

from typing import Any

import click

from influence_graph.cli.options import StoreType, format_option, store_option
from influence_graph.cli.privacy import copy_options, take_privacy
from influence_graph.cli.transfer import copy_records
from influence_graph.stores.base import Store


@click.command(epilog="Example: influence-graph push bolt://localhost:7687")
@click.argument("target", type=StoreType(), metavar="URL")
@copy_options
@store_option
@format_option
def push(target: Store, store: Store, format_: str | None, **options: Any) -> None:
    """Copy all records of --store to the store at URL; again changes nothing."""
    copy_records(store, target, format_, take_privacy(options))
