"""``doctor``: checks of the installation and the store."""

from __future__ import annotations

import click
import pandas as pd

from influence_graph.app.doctor import examine
from influence_graph.cli.options import format_option, store_option
from influence_graph.cli.output import emit
from influence_graph.stores.base import Store


@click.command(epilog="Example: influence-graph doctor --store neo4j")
@store_option
@format_option
def doctor(store: Store, format_: str | None) -> None:
    """Check the installation and the store; exit 1 (or the store's own code) if something is wrong."""
    checks = examine(store)
    emit(
        pd.DataFrame([(c.name, c.ok, c.detail, c.remedy) for c in checks], columns=["check", "ok", "detail", "remedy"]),
        format_,
        top=0,
    )
    worst = max((c.exit_code for c in checks), default=0)
    if worst:
        raise SystemExit(worst)
