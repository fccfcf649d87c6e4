"""``reach``: how many people some seeds reach."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from influence_graph.app.jobs.job import read, run
from influence_graph.app.jobs.reach import ReachJob, reach_by_round
from influence_graph.cli.options import (
    check_plot,
    diffusion_options,
    parameter,
    run_options,
    seed_option,
    top_option,
)
from influence_graph.cli.output import emit, note, save_plot, show_estimate
from influence_graph.cli.stopping import keeping
from influence_graph.cli.texts import TextType
from influence_graph.model.parameters import ReachParameters
from influence_graph.stores.base import Store
from influence_graph.text import count_text

_JOB = ReachJob()


@click.command(
    epilog="Examples: influence-graph reach annie june --deadline 3 --plot reach.svg;"
    " influence-graph reach --campaign concert --within 7d"
)
@click.argument("ids", type=TextType(), metavar="[ID]...", nargs=-1)
@parameter(
    ReachParameters, "campaign", metavar="EVENT", help="Start from those who interacted with its brand after it."
)
@parameter(ReachParameters, "within", help="How soon after the campaign.")
@parameter(ReachParameters, "deadline", help="Rounds after which it ends.  [default: when nobody new is reached]")
@parameter(ReachParameters, "simulations", help="Simulated cascades per row.")
@diffusion_options
@seed_option
@click.option("--activation", is_flag=True, help="Give each person's probability of being reached instead.")
@click.option("--write", is_flag=True, help="Keep these probabilities in the store.")
@top_option
@run_options
def reach(
    store: Store,
    format_: str | None,
    top: int | None,
    activation: bool,
    write: bool,
    only_estimate: bool,
    plot: Path | None,
    **options: Any,
) -> None:
    """Estimate how many people each ID reaches alone, and all together: mean, standard error, 95 % interval."""
    parameters = ReachParameters(**options)
    if not parameters.ids and parameters.campaign is None:
        raise click.UsageError("nobody to start from: name an ID, or --campaign EVENT")
    check_plot(plot)
    if only_estimate:
        show_estimate(_JOB.estimate(read(_JOB, store, parameters), parameters), format_)
        return
    with keeping(write):
        reached = run(_JOB, store, parameters, write=write, notify=note)
    together = reached.together
    rows = together.to_frame() if activation else reached.frame
    emit(rows, format_, top=top, names=store if activation or not parameters.campaign else None)
    note(
        f"{count_text(together.simulations, 'simulation')} of {together.parameters['model']} on"
        f" {count_text(len(together.ids), 'person', 'people')}"
        f" (seed {together.parameters['seed']}); the interval holds in 95 % of such runs"
    )
    if plot:
        from influence_graph.reports.charts.diffusion import reach_by_round as draw

        save_plot(plot, draw(reach_by_round(together), len(reached.inputs.seeds)))
