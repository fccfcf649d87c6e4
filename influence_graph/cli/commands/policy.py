"""``policy``: the parameters of the Fusion Score as files, and as estimates."""

from __future__ import annotations

from pathlib import Path

import click

from influence_graph.cli.options import (
    file_policy,
    format_option,
    load_table,
    policy_option,
    store_option,
    touchpoints_option,
)
from influence_graph.cli.output import emit, note
from influence_graph.stores.base import Store


@click.group(epilog="Example: influence-graph policy show > policy.toml")
def policy() -> None:
    """Show, check, compare and estimate the parameters of the Fusion Score."""


@policy.command(epilog="Example: influence-graph policy show > policy.toml")
@policy_option
def show(policy: Path | None) -> None:
    """Print the policy of --policy, or the default one, as a documented file to edit."""
    from influence_graph.model.policy_file import dump_policy

    click.echo(dump_policy(file_policy(policy, None)), nl=False)


@policy.command(epilog="Example: influence-graph policy check policy.toml")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Say whether FILE can be used, or on which line it cannot, and why."""
    from influence_graph.model.policy import FusionPolicy
    from influence_graph.model.policy_diff import differences
    from influence_graph.model.policy_file import load_policy

    changes = differences(FusionPolicy().to_dict(), load_policy(file).to_dict())
    count = f"{len(changes)} parameters differ" if len(changes) != 1 else "1 parameter differs"
    note(f"{file} is a policy; {count} from the default")


@policy.command(epilog="Example: influence-graph policy diff default policy.toml")
@click.argument("a")
@click.argument("b")
@touchpoints_option
@store_option
@format_option
def diff(a: str, b: str, touchpoints: Path | None, store: Store, format_: str | None) -> None:
    """List what is different from A to B: policy files, score runs of the store (see `runs`), or `default`."""
    import pandas as pd

    from influence_graph.app.policy import policy_record
    from influence_graph.model.policy_diff import Change, differences

    table = load_table(touchpoints)
    changes = differences(policy_record(store, a, table), policy_record(store, b, table))
    emit(pd.DataFrame(changes, columns=list(Change._fields)), format_, top=0)
    if not changes:
        note(f"{a} and {b} have the same parameters")
