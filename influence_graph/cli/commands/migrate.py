"""``migrate``: the store's schema."""

from __future__ import annotations

import click

from influence_graph.cli.options import store_option
from influence_graph.cli.output import note
from influence_graph.cli.stopping import if_stopped
from influence_graph.stores.base import Store


@click.command(epilog="Example: influence-graph migrate --store bolt://localhost:7687")
@store_option
def migrate(store: Store) -> None:
    """Create or update the store's schema; other commands do this on their first write."""
    if_stopped("each migration is applied whole or not at all; to go on, run `influence-graph migrate` again")
    applied = store.migrate()
    note(f"applied {', '.join(applied)}" if applied else "the schema is up to date")
