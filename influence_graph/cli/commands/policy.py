"""``policy``: the parameters of the Fusion Score as files, and as estimates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pandas as pd

from influence_graph.analyses.fusion.exposure_panel import EXPOSURES
from influence_graph.app.views.policy import fit_weights, fitted_policy, policy_records, write_policy
from influence_graph.cli.options import (
    FILE,
    as_of_option,
    file_policy,
    format_option,
    output_option,
    parameter,
    policy_option,
    store_option,
    table_of,
    touchpoints_option,
)
from influence_graph.cli.output import emit, note, note_unknown
from influence_graph.model.parameters import FitParameters
from influence_graph.model.policy.diff import Change, differences
from influence_graph.model.policy.file import dump_policy, load_policy
from influence_graph.model.policy.policy import OUTCOMES, FusionPolicy
from influence_graph.stores.base import Store
from influence_graph.text import count_text


@click.group(epilog="Example: influence-graph policy show > policy.toml")
def policy() -> None:
    """Show, check, compare and estimate the parameters of the Fusion Score."""


@policy.command(epilog="Example: influence-graph policy show > policy.toml")
@policy_option
def show(policy: Path | None) -> None:
    """Print the policy of --policy, or the default one, as a documented file to edit."""
    click.echo(dump_policy(file_policy(policy)), nl=False)


@policy.command(epilog="Example: influence-graph policy check policy.toml")
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Check whether FILE can be used; if not, name the line and the reason."""
    changes = differences(FusionPolicy().to_dict(), load_policy(file).to_dict())
    note(f"{file} is a policy; {count_text(len(changes), 'parameter')} other than the default")


@policy.command(epilog="Example: influence-graph policy diff default policy.toml")
@click.argument("a")
@click.argument("b")
@touchpoints_option
@store_option
@format_option
def diff(a: str, b: str, touchpoints: Path | None, store: Store, format_: str | None) -> None:
    """List what is different from A to B: policy files, score runs of the store (see `runs`), or `default`."""
    table = None if touchpoints is None else table_of(touchpoints, store)
    changes = differences(*policy_records(store, (a, b), table))
    emit(pd.DataFrame(changes, columns=list(Change._fields)), format_, top=0)
    if not changes:
        note(f"{a} and {b} have the same parameters")


@policy.command(epilog="Example: influence-graph policy fit --outcome loyalty --window 30d")
@parameter(FitParameters, "outcome", type=click.Choice(list(OUTCOMES)), help="What the touchpoints are to precede.")
@parameter(FitParameters, "window", help="How far back contacts count.")
@parameter(
    FitParameters,
    "exposure",
    type=click.Choice(EXPOSURES),
    help="What an event counts: the points a policy would derive for it, or 1.",
)
@output_option("Policy file to write, if the data can tell.")
@policy_option
@touchpoints_option
@as_of_option
@store_option
@format_option
def fit(
    output: Path | None,
    policy: Path | None,
    touchpoints: Path | None,
    store: Store,
    format_: str | None,
    **parameters: Any,
) -> None:
    """Estimate which touchpoints precede recommending (or coming back), and say if the data can tell.

    A weight is the log hazard ratio of the outcome per unit of exposure in the window before, with its
    95 % interval. Exit code 1 if a policy was to be written and the data cannot tell.
    """
    base, fitting = file_policy(policy, table_of(touchpoints, store)), FitParameters(**parameters)
    result = fit_weights(store, fitting, base)
    emit(result.frame, format_, top=0)
    note(
        f"{count_text(result.n_outcomes, 'outcome')}, beside bonds without one at the same time since contact,"
        f" {count_text(result.n_rows, 'row')} of {count_text(result.n_consumers, 'consumer')}; {result.verdict}"
    )
    note_unknown(base.table.unknown(store.kinds(fitting.as_of)))
    if output is None:
        return
    if not result.significant:
        note(f"{output} is not written")
        raise SystemExit(1)
    write_policy(fitted_policy(base, result), output)
    note(f"weights of {result.outcome} written to {output}, the largest as 1, clearly negative ones as 0")
