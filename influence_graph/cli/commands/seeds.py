"""``seeds``: whom to win first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pandas as pd

from influence_graph.analyses.maximize.certificate import Certificate
from influence_graph.analyses.maximize.result import Seeds
from influence_graph.app.jobs.job import read, run
from influence_graph.app.jobs.seeds import INTERRUPTED, SeedsJob, estimate_seeds
from influence_graph.cli.options import (
    SizeType,
    check_plot,
    diffusion_options,
    parameter,
    run_options,
    seed_option,
)
from influence_graph.cli.output import emit, note, save_plot, show_estimate
from influence_graph.cli.stopping import keeping
from influence_graph.cli.texts import TextType
from influence_graph.model.parameters import SeedsParameters
from influence_graph.stores.base import Store
from influence_graph.text import count_text

_JOB = SeedsJob()
_QUIET_SECONDS = 1.0  # a run that ends sooner shows no progress
_EXIT_INTERRUPTED = 130
_LIMITS = {"time": "--time-limit", "memory": "--memory-limit"}


@click.command(
    epilog="Examples: influence-graph seeds -k 10 --write; influence-graph seeds --budget 50000 --cost-column followers"
    " --target brand:sweater --time-limit 30s; influence-graph seeds -k 5 --passive-ok"
)
@parameter(SeedsParameters, "k", "-k", "k", help="Number of seeds; with a budget at most so many.")
@parameter(SeedsParameters, "budget", help="What they may cost together.")
@parameter(
    SeedsParameters, "cost_column", metavar="COLUMN", help="Field of people that is the cost, such as followers."
)
@parameter(SeedsParameters, "costs", help="File with the columns id, cost.")
@click.option(
    "--exclude",
    type=TextType(),
    multiple=True,
    metavar="ID",
    help="Never choose this one. Repeatable.",
)
@click.option(
    "--won",
    type=TextType(),
    multiple=True,
    metavar="ID",
    help="Won already: choose what adds most to these. Repeatable.",
)
@parameter(
    SeedsParameters,
    "target",
    metavar="brand:ID|FILE",
    help="Whom to reach: a brand's bonds, or a file of id and weight.",
)
@click.option(
    "--passive-ok",
    is_flag=True,
    help="Choose also people who move others in silence, and say of each whether to give the product.",
)
@diffusion_options
@parameter(SeedsParameters, "epsilon", help="Certify at least 1 - 1/e - epsilon.")
@parameter(SeedsParameters, "delta", help="Chance that the certificate is wrong.  [default: 1/people]")
@parameter(SeedsParameters, "ratio", help="Stop as soon as this share of the best is certified.")
@parameter(SeedsParameters, "time_limit", help="Stop after this time, such as 30s.")
@parameter(
    SeedsParameters,
    "memory_limit",
    type=SizeType(),
    default=SizeType.shown(SeedsParameters.memory_limit),
    help="Stop when the sets take this much.",
)
@seed_option
@click.option("--stats", is_flag=True, help="Give one row with the certificate instead of the seeds.")
@click.option("--write", is_flag=True, help="Keep the seeds in the store as the current ones.")
@run_options
def seeds(
    store: Store,
    format_: str | None,
    stats: bool,
    write: bool,
    only_estimate: bool,
    plot: Path | None,
    **options: Any,
) -> None:
    """Choose the people who together reach most, with a certificate of how close to the best choice they are.

    A gain is estimated on other random sets than those that chose, so that gains need not fall from seed to seed.
    With --passive-ok, or once a run of influencers is kept, the column how says how to win each: "ask for a post" where
    others follow what this person says, "give the product" where they follow what this person does in silence, else
    "not on record"; basis says whether that is found by the run or declared by the record. Once a run is kept, the
    silent (passive) are not chosen without --passive-ok.
    Ctrl-C prints the best seeds so far, with their certificate, and exits with 130.
    """
    parameters = SeedsParameters(**options)
    check_plot(plot)
    if only_estimate:
        show_estimate(estimate_seeds(read(_JOB, store, parameters), parameters), format_)
        return
    with keeping(write):
        outcome = run(_JOB, store, parameters, write=write, notify=note, progress=_show_certificate)
    chosen = outcome.result
    interrupted = chosen.stopped == INTERRUPTED
    if stats:
        emit(_statistics(chosen, simulated=not interrupted), format_, top=0)
    else:
        emit(outcome.to_frame(), format_, top=0, names=store)
    note(chosen.certificate)
    if chosen.stopped in _LIMITS:
        remedy = f"raise {_LIMITS[chosen.stopped]}"
        note(f"the {chosen.stopped} limit ended the run before what was requested was certified: {remedy}")
    if interrupted:
        kept = "; they are not kept: the former run of seeds, if any, stays the current one" if write else ""
        note(f"stopped: these are the best so far{kept}")
        raise SystemExit(_EXIT_INTERRUPTED)
    note(f"an independent simulation gives {chosen.spread.mean:,.6g} ± {chosen.spread.std_error:.2g}")
    if plot:
        from influence_graph.reports.charts.diffusion import spread_by_seeds

        save_plot(plot, spread_by_seeds(chosen.to_frame(), chosen.lower, chosen.upper))


def _show_certificate(now: Certificate) -> None:
    if now.seconds >= _QUIET_SECONDS:
        bounds = f"reach at least {now.lower:,.6g}, best at most {now.upper:,.6g}"
        drawn = f"{count_text(now.rr_sets, 'set')} in {now.bytes / 2**20:,.0f} MB"
        note(f"certified {now.ratio:.1%} after {now.seconds:.1f} s: {bounds}, {drawn}")


def _statistics(chosen: Seeds, simulated: bool) -> pd.DataFrame:
    row: dict[str, Any] = {"k": len(chosen.seeds)}
    row |= {name: getattr(chosen, name) for name in ("lower", "upper", "ratio", "rr_sets", "stopped", "seconds")}
    row["memory_mb"] = chosen.memory / 2**20
    if simulated:
        row |= {"mean": chosen.spread.mean, "std_error": chosen.spread.std_error}
    return pd.DataFrame([row])
