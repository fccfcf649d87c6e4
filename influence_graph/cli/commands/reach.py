"""``reach``, ``seeds`` and ``learn``: how far influence goes, whom to win first, and how likely it passes on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pandas as pd

from influence_graph.app.jobs import learn as learning
from influence_graph.app.jobs.reach import ReachRequest, estimate_reach, estimate_seeds, reach_by_round
from influence_graph.app.jobs.reach import reach as run
from influence_graph.app.jobs.reach import seeds as choose
from influence_graph.app.jobs.seed_inputs import Wanted, seeds_request
from influence_graph.cli import tables
from influence_graph.cli.options import (
    DurationType,
    SizeType,
    as_of_option,
    check_plot,
    diffusion_of,
    diffusion_options,
    estimate_option,
    format_option,
    given,
    plot_option,
    seed_option,
    store_option,
    top_option,
)
from influence_graph.cli.output import emit, note, save_plot
from influence_graph.stores.base import Store

if TYPE_CHECKING:
    from influence_graph.analyses.maximize.certificate import Certificate
    from influence_graph.analyses.maximize.result import Seeds
    from influence_graph.app.jobs.reach import Reached

_QUIET_SECONDS = 1.0  # a run that ends sooner shows no progress
_INTERRUPTED = 130
_LIMITS = {"time": "--time-limit", "memory": "--memory-limit"}


@click.command(
    epilog="Examples: influence-graph reach annie june --deadline 3 --plot reach.svg;"
    " influence-graph reach --campaign spring-concert --within 2d"
)
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--campaign", metavar="EVENT", help="Start from those who interacted with its brand soon after it.")
@click.option("--within", type=DurationType(), default="1d", show_default=True, help="How soon after the campaign.")
@click.option("--deadline", type=int, help="Rounds after which it ends.  [default: when nobody new is reached]")
@click.option("--simulations", type=int, default=10_000, show_default=True)
@diffusion_options
@seed_option
@click.option("--activation", is_flag=True, help="Give each person's probability of being reached instead.")
@click.option("--write", is_flag=True, help="Keep these probabilities in the store.")
@estimate_option
@plot_option
@top_option
@as_of_option
@store_option
@format_option
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
    """Say how many people each ID reaches alone, and all together: mean, standard error, 95 % interval."""
    diffusion = _diffusion(options)
    request = ReachRequest(diffusion=diffusion, **options)
    if not request.ids and request.campaign is None:
        raise click.UsageError("nobody to start from: name an ID, or --campaign EVENT")
    check_plot(plot)
    if only_estimate:
        emit(estimate_reach(store, request).to_frame(), format_)
        return
    found = run(store, request, write=write, say=note)
    emit(found.together.to_frame() if activation else found.frame, format_, top=top)
    together = found.together
    note(
        f"{together.simulations:,} simulations of {together.parameters['model']} on {len(together.ids):,} people"
        f" (seed {together.parameters['seed']}); the interval holds in 95 % of such runs"
    )
    if plot:
        _plot_reach(plot, request, found)


@click.command(
    epilog="Examples: influence-graph seeds -k 10 --write; influence-graph seeds --budget 50000 --cost-column followers"
    " --target brand:sweater --time-limit 30s"
)
@click.option("-k", "k", type=int, help="Number of seeds; with a budget at most so many.")
@click.option("--budget", type=float, help="What they may cost together.")
@click.option("--cost-column", metavar="COLUMN", help="Field of people that is the cost, such as followers.")
@click.option("--costs", type=click.Path(dir_okay=False, path_type=Path), help="File with the columns id, cost.")
@click.option("--exclude", multiple=True, metavar="ID", help="Never choose this one. Repeatable.")
@click.option("--won", multiple=True, metavar="ID", help="Won already: choose what adds most to these. Repeatable.")
@click.option("--target", metavar="brand:ID|FILE", help="Whom to reach: a brand's bonds, or a file of id and weight.")
@diffusion_options
@click.option("--epsilon", type=float, default=0.1, show_default=True, help="Certify at least 1 - 1/e - epsilon.")
@click.option("--delta", type=float, help="Chance that the certificate is wrong.  [default: 1/people]")
@click.option("--ratio", type=float, help="Stop as soon as this share of the best is certified.")
@click.option("--time-limit", type=DurationType(), help="Stop after this time, such as 30s.")
@click.option("--memory-limit", type=SizeType(), default="2G", show_default=True)
@seed_option
@click.option("--stats", is_flag=True, help="Give one row with the certificate instead of the seeds.")
@click.option("--write", is_flag=True, help="Keep the seeds in the store as the current ones.")
@estimate_option
@plot_option
@as_of_option
@store_option
@format_option
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
    Ctrl-C prints the best seeds so far, with their certificate, and exits with 130.
    """
    check_plot(plot)
    limit: timedelta | None = options.pop("time_limit")
    wanted = Wanted(*(options.pop(name) for name in ("costs", "cost_column", "target")))
    options["time_limit"] = None if limit is None else limit.total_seconds()
    request = seeds_request(store, wanted, say=note, diffusion=_diffusion(options), **options)
    if only_estimate:
        emit(estimate_seeds(store, request).to_frame(), format_)
        return
    found = choose(store, request, write=write, say=note, progress=_say_certificate)
    interrupted = found.stopped == "interrupted"
    emit(_statistics(found, simulated=not interrupted) if stats else found.to_frame(), format_, top=0)
    note(found.certificate)
    if found.stopped in _LIMITS:
        remedy = f"raise {_LIMITS[found.stopped]}"
        note(f"the {found.stopped} limit ended the run before what was asked for was certified: {remedy}")
    if interrupted:
        note("stopped: these are the best so far" + ("; they are not kept" if write else ""))
        raise SystemExit(_INTERRUPTED)
    note(f"an independent simulation gives {found.spread.mean:,.6g} ± {found.spread.std_error:.2g}")
    if plot:
        from influence_graph.reports.charts.diffusion import spread_by_seeds

        save_plot(plot, spread_by_seeds(found.to_frame(), found.lower, found.upper))


@click.command(
    epilog="Examples: influence-graph learn --window 30d --write;"
    " influence-graph learn --actions log.csv --evaluate --seed 1"
)
@click.option(
    "--method",
    type=click.Choice(["partial_credit", "bernoulli", "jaccard", "time_decay"]),
    default="partial_credit",
    show_default=True,
)
@click.option(
    "--item",
    type=click.Choice(["brand", "brand+kind"]),
    default="brand",
    show_default=True,
    help="What people take up from each other.",
)
@click.option("--window", type=DurationType(), help="Longest wait that counts as influence.  [default: any]")
@click.option(
    "--prior",
    type=click.Choice(["global", "source", "target", "both", "none"]),
    default="global",
    show_default=True,
    help="Draw the rates of ties with few actions to this mean; none: bare rates, 1 after a single success.",
)
@click.option(
    "--actions",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Learn from this file (user, item, time) instead of the store's interactions.",
)
@click.option("--evaluate", is_flag=True, help="Show how well each method foresees cascades that were held out.")
@click.option("--write", is_flag=True, help="Keep the probabilities: reach and seeds then use them.")
@seed_option
@estimate_option
@top_option
@as_of_option
@store_option
@format_option
def learn(
    store: Store,
    format_: str | None,
    top: int | None,
    evaluate: bool,
    write: bool,
    seed: int | None,
    only_estimate: bool,
    **options: Any,
) -> None:
    """Learn how likely influence passes along each tie, from who did what after whom."""
    prior = options.pop("prior")
    request = learning.LearnRequest(prior=None if prior == "none" else prior, **options)
    _check_learning(evaluate, write)
    if only_estimate:
        emit(learning.estimate_learn(store, request, evaluated=evaluate).to_frame(), format_)
        return
    if evaluate:
        frame = learning.evaluate(store, request, seed, say=note)
        emit(frame, format_, top=0 if top is None else top, table=tables.evaluation(frame))
        held, trained = frame.attrs["cascades_held_out"], frame.attrs["cascades_train"]
        note(
            f"learned from {trained:,} cascades, judged on {held:,} others: [95 % intervals by the bootstrap];"
            " log_likelihood per chance to follow and auc (who acts next): higher is better; rmse (size of a cascade):"
            " lower is better"
        )
        return
    found = learning.learn(store, request, write=write, say=note)
    emit(found.to_frame(), format_, top=top)
    positive = int((found.graph.edge_weights() > 0).sum())
    used, repeated, unknown = (found.log[name] for name in ("actions", "repeated", "unknown_actions"))
    note(
        f"{positive:,} of {found.trials.size:,} ties have a probability above 0; {used:,} actions: each person's first"
        f" on each item. Left out: {repeated:,} repeated, {unknown:,} of people without ties. mean_delay is in seconds"
    )


def _check_learning(evaluate: bool, write: bool) -> None:
    """Refuse options that would be ignored."""
    if evaluate and write:
        raise click.UsageError("--evaluate holds cascades out: learn from all of them with --write, without it")
    if given("seed") and not evaluate:
        raise click.UsageError("--seed is for --evaluate: learning draws no random numbers")
    for name in ("method", "prior"):
        if evaluate and given(name):
            raise click.UsageError(f"--evaluate compares every method and prior: leave out --{name}")
    if given("item") and given("actions"):
        raise click.UsageError("--item is for the store's interactions: the file of --actions has its own items")


def _diffusion(options: dict[str, Any]) -> Any:  # noqa: ANN401 - app.diffusion.Diffusion, imported late
    names = ("model", "quality", "probabilities", "as_of")
    values = [options.pop(name) for name in names]
    return diffusion_of(*values)


def _plot_reach(plot: Path, request: ReachRequest, found: Reached) -> None:
    from influence_graph.reports.charts.diffusion import reach_by_round as draw

    save_plot(plot, draw(reach_by_round(request, found), len(found.together.parameters["seeds"])))


def _say_certificate(now: Certificate) -> None:
    if now.seconds >= _QUIET_SECONDS:
        bounds = f"reach at least {now.lower:,.6g}, best at most {now.upper:,.6g}"
        drawn = f"{now.rr_sets:,} sets in {now.bytes / 2**20:,.0f} MB"
        note(f"certified {now.ratio:.1%} after {now.seconds:.1f} s: {bounds}, {drawn}")


def _statistics(found: Seeds, simulated: bool) -> Any:  # noqa: ANN401 - a frame
    row: dict[str, Any] = {"k": len(found.seeds)}
    row |= {name: getattr(found, name) for name in ("lower", "upper", "ratio", "rr_sets", "stopped", "seconds")}
    row["memory_mb"] = found.memory / 2**20
    if simulated:
        row |= {"spread": found.spread.mean, "std_error": found.spread.std_error}
    return pd.DataFrame([row])
