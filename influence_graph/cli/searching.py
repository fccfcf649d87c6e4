"""The options of a search for influencers."""

from __future__ import annotations

import click

from influence_graph.analyses.interactions.items import ITEMS
from influence_graph.cli.options import given, parameter, several
from influence_graph.cli.texts import TextType
from influence_graph.model.parameters import InfluencerJobParameters

search_options = several(
    parameter(InfluencerJobParameters, "fdr", help="Share of the found that may be nobody, above 0 and below 1."),
    parameter(
        InfluencerJobParameters,
        "item",
        type=click.Choice(ITEMS),
        help="What people take up. With brand+kind one purchase under two kinds counts twice.",
    ),
    click.option(
        "--kind",
        "kinds",
        type=TextType(),
        multiple=True,
        metavar="KIND",
        help="Kind of interaction that takes something up. Repeatable.  [default: all but complaints, visits, clicks]",
    ),
    parameter(
        InfluencerJobParameters,
        "actions",
        help="What was taken up, from this file (user, item, time) instead of the store's interactions.",
    ),
    parameter(
        InfluencerJobParameters,
        "resolution",
        help="Of the communities in which people are compared; more is finer.  [default: chosen from the data]",
    ),
    parameter(InfluencerJobParameters, "seed", type=click.IntRange(min=0), help="Random seed of the communities."),
)
"""How influencers are searched for."""
FOR_STORE = "is for the store's interactions: the file of --actions has its own items"
"""Why an option is refused beside --actions."""


def check_search() -> None:
    """Refuse options of the store's interactions beside a file of actions."""
    for name in ("item", "kinds"):
        if given("actions") and given(name):
            raise click.UsageError(f"--{'kind' if name == 'kinds' else name} {FOR_STORE}")
