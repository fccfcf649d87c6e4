"""``score`` and ``explain``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from influence_graph.app.jobs.scores import Question, answer, explain_change, past
from influence_graph.app.jobs.scores import score as run
from influence_graph.app.views.bond_story import bond_story, story_page
from influence_graph.cli.options import (
    TimeType,
    as_of_option,
    format_option,
    policy_of,
    policy_options,
    store_option,
    top_option,
    valid_at_option,
)
from influence_graph.cli.output import chosen_format, emit, note
from influence_graph.reports.files import check_suffix
from influence_graph.stores.base import InteractionFilter, Store
from influence_graph.text import one_line

if TYPE_CHECKING:
    from influence_graph.model.policy.policy import FusionPolicy


@click.command(epilog="Example: influence-graph score --consumer singer --half-life 180 --as-of 2026-06-01")
@click.option("--consumer", multiple=True, help="Only bonds of this consumer. Repeatable.")
@click.option("--brand", multiple=True, help="Only bonds with this brand. Repeatable.")
@policy_options
@click.option("--write", is_flag=True, help="Keep the result in the store as the current score run.")
@top_option
@as_of_option
@valid_at_option
@store_option
@format_option
def score(
    consumer: tuple[str, ...],
    brand: tuple[str, ...],
    write: bool,
    top: int | None,
    as_of: datetime | None,
    valid_at: datetime | None,
    store: Store,
    format_: str | None,
    **policy: Any,
) -> None:
    """Give the Fusion Score of consumer-brand bonds, strongest first."""
    where = InteractionFilter(consumers=consumer or None, brands=brand or None, as_of=as_of, valid_at=valid_at)
    frame = run(store, policy_of(**policy), where, write=write)
    ordered = frame.sort_values(["fusion_score", "consumer", "brand"], ascending=[False, True, True])
    emit(ordered, format_, top=top)
    hindsight = f", at {valid_at:%Y-%m-%d %H:%M %Z} in hindsight" if valid_at else ""
    if frame.empty:
        note("no bonds: nothing was known" + (f" by {as_of:%Y-%m-%d %H:%M %Z}" if as_of else f" in {store.url}"))
    else:
        note(f"{len(frame):,} bonds as of {frame.attrs['as_of']:%Y-%m-%d %H:%M %Z}{hindsight}")


@click.command(epilog="Example: influence-graph explain singer sweater --half-life 180 --plot sweater.svg")
@click.argument("consumer")
@click.argument("brand")
@click.option(
    "--without", multiple=True, metavar="EVENT", help="Leave this event out, as if it had never been. Repeatable."
)
@click.option("--between", nargs=2, type=TimeType(), metavar="FROM TO", help="Explain what moved the score meanwhile.")
@click.option(
    "--plot",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Draw the score over time, its events marked: .svg, .png, or .html with all terms.",
)
@policy_options
@as_of_option
@valid_at_option
@store_option
@format_option
def explain(
    consumer: str,
    brand: str,
    without: tuple[str, ...],
    between: tuple[datetime, datetime] | None,
    plot: Path | None,
    as_of: datetime | None,
    valid_at: datetime | None,
    store: Store,
    format_: str | None,
    **policy: Any,
) -> None:
    """Explain one Fusion Score: its direct and spillover terms, event by event; they sum to the score."""
    if between and (as_of or valid_at or without):
        raise click.UsageError(
            "--between compares two times as they were known: leave out the other times and --without"
        )
    if plot and valid_at:
        raise click.UsageError("--plot draws the score as it was known: leave out --valid-at")
    bond, rules = (consumer, brand), policy_of(**policy)
    question = Question(between[1] if between else as_of, valid_at, without)
    if plot:
        _plot(store, bond, rules, question, plot)
    if between:
        _tell_change(store, bond, rules, between, format_)
    else:
        _tell(store, bond, rules, question, format_)


def _tell(store: Store, bond: tuple[str, str], policy: FusionPolicy, question: Question, format_: str | None) -> None:
    """Print the terms of a score."""
    result = answer(store, bond, policy, question)
    table = chosen_format(format_) == "table"
    hidden = ["direction", "via", "relation"]
    shown = result.contributions.drop(columns=hidden) if table else result.contributions
    emit(shown, format_, top=0, title=f"{bond[0]} – {bond[1]}: {result.score:+.6g}")
    _say(result.sentences() if table else [])
    total = result.contributions["contribution"].sum()
    note(f"{len(result.contributions)} terms sum to {total:+.9g}; Fusion Score {result.score:+.9g}")


def _tell_change(
    store: Store,
    bond: tuple[str, str],
    policy: FusionPolicy,
    between: tuple[datetime, datetime],
    format_: str | None,
) -> None:
    """Print what moved a score from one time to another."""
    result = explain_change(store, bond, policy, *between)
    table = chosen_format(format_) == "table"
    hidden = ["touchpoint", "direction", "via", "points", "relation"]
    title = f"{bond[0]} – {bond[1]}: {result.start:+.6g} → {result.end:+.6g}"
    emit(result.terms.drop(columns=hidden) if table else result.terms, format_, top=0, title=title)
    _say(result.sentences() if table else [])
    note(f"{len(result.terms)} terms changed by {result.terms['change'].sum():+.9g}; score by {result.change:+.9g}")


def _plot(store: Store, bond: tuple[str, str], policy: FusionPolicy, question: Question, file: Path) -> None:
    """Write the plot of a bond's score over time."""
    from influence_graph.reports.pages.story import write_story

    check_suffix(file)
    as_of = question.as_of or store.latest()
    story = bond_story(past(store, bond, policy, question.without), as_of)
    write_story(file, story_page(story, store.url, as_of, policy.to_dict()))
    note(f"plot written to {file}")


def _say(sentences: list[str]) -> None:
    for sentence in sentences:
        click.echo(one_line(sentence))
