"""``learn``: how likely influence passes along each tie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from influence_graph.analyses.interactions.items import ITEMS
from influence_graph.analyses.learning import priors
from influence_graph.analyses.learning.learn import METHODS
from influence_graph.app.jobs.job import read, run
from influence_graph.app.jobs.learn import LearnJob, estimate_evaluation, evaluate
from influence_graph.cli import tables
from influence_graph.cli.options import (
    as_of_option,
    estimate_option,
    format_option,
    given,
    parameter,
    seed_option,
    store_option,
    top_option,
)
from influence_graph.cli.output import emit, note, show_estimate
from influence_graph.cli.stopping import keeping
from influence_graph.model.parameters import LearnParameters
from influence_graph.stores.base import Store
from influence_graph.text import count_text

_JOB = LearnJob()
_NO_PRIOR = "none"


@click.command(
    epilog="Examples: influence-graph learn --window 30d --write;"
    " influence-graph learn --actions log.csv --evaluate --seed 1"
)
@parameter(
    LearnParameters,
    "method",
    type=click.Choice(METHODS),
    help="How an action is credited to those before it.",
)
@parameter(
    LearnParameters,
    "item",
    type=click.Choice(ITEMS),
    help="What people adopt from each other.",
)
@parameter(LearnParameters, "window", help="Longest wait that counts as influence.  [default: any]")
@parameter(
    LearnParameters,
    "prior",
    type=click.Choice([*priors.NAMES, _NO_PRIOR]),
    help="Shrink the rates of ties with few actions to this mean; none: bare rates, 1 after a single success.",
)
@parameter(
    LearnParameters, "actions", help="Learn from this file (user, item, time) instead of the store's interactions."
)
@click.option("--evaluate", "evaluated", is_flag=True, help="Show how well each method predicts held-out cascades.")
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
    evaluated: bool,
    write: bool,
    seed: int | None,
    only_estimate: bool,
    **options: Any,
) -> None:
    """Learn how likely influence passes along each tie, from who did what after whom."""
    _check(evaluated, write)
    prior = options.pop("prior")
    parameters = LearnParameters(prior=None if prior == _NO_PRIOR else prior, **options)
    if only_estimate:
        inputs = read(_JOB, store, parameters)
        expected = estimate_evaluation(inputs, parameters) if evaluated else _JOB.estimate(inputs, parameters)
        show_estimate(expected, format_)
    elif evaluated:
        _evaluate(store, parameters, seed, format_, top)
    else:
        _learn(store, parameters, write, format_, top)


def _learn(store: Store, parameters: LearnParameters, write: bool, format_: str | None, top: int | None) -> None:
    with keeping(write):
        learned = run(_JOB, store, parameters, write=write, notify=note)
    emit(learned.to_frame(), format_, top=top, names=store)
    positive = int((learned.graph.edge_weights() > 0).sum())
    used, repeated, unknown = (learned.log[name] for name in ("actions", "repeated", "unknown_actions"))
    note(
        f"{positive:,} of {learned.trials.size:,} ties have a probability above 0; {count_text(used, 'action')}: each"
        f" person's first on each item. Left out: {repeated:,} repeated, {unknown:,} of people without ties."
        " mean_delay is in seconds"
    )
    _caveats(learned.log)


def _caveats(log: Mapping[str, int]) -> None:
    """Print what the times of the log do not tell."""
    if log["together"]:
        share = log["together"] / log["pairs"]
        note(f"{share:.1%} of the pairs of linked actions on one item bear the same time, and count for neither")
    if not log["followed"]:
        note("nobody acted after one whom they are linked to: the probabilities are those of the prior alone")


def _evaluate(
    store: Store, parameters: LearnParameters, seed: int | None, format_: str | None, top: int | None
) -> None:
    inputs = read(_JOB, store, parameters)
    for line in inputs.notes:
        note(line)
    expected = estimate_evaluation(inputs, parameters)
    if expected.large:
        note(str(expected))
    frame = evaluate(inputs, parameters, seed)
    emit(frame, format_, top=0 if top is None else top, table=tables.evaluation(frame))
    held, trained = frame.attrs["cascades_held_out"], frame.attrs["cascades_train"]
    note(
        f"learned from {count_text(trained, 'cascade')}, judged on {held:,} others: [95 % intervals by the bootstrap];"
        " log_likelihood per chance to follow and auc (who acts next): higher is better; rmse (size of a cascade):"
        " lower is better"
    )


def _check(evaluated: bool, write: bool) -> None:
    """Refuse options that would be ignored."""
    if evaluated and write:
        raise click.UsageError("--evaluate holds cascades out: learn from all of them with --write, without it")
    if given("seed") and not evaluated:
        raise click.UsageError("--seed is for --evaluate: learning draws no random numbers")
    for name in ("method", "prior"):
        if evaluated and given(name):
            raise click.UsageError(f"--evaluate compares every method and prior: leave out --{name}")
    if given("item") and given("actions"):
        raise click.UsageError("--item is for the store's interactions: the file of --actions has its own items")
