"""``queries``: the questions of the catalogue."""

from __future__ import annotations

import click
import pandas as pd

from influence_graph.cli.options import format_option
from influence_graph.cli.output import emit
from influence_graph.errors import NotFound
from influence_graph.explore.catalogue import Question, catalogue, question, topics
from influence_graph.text import did_you_mean


@click.command(epilog="Examples: influence-graph queries bonds; influence-graph queries --show slipping-bonds")
@click.argument("topic", required=False)
@click.option("--show", metavar="NAME", help="Print a question as Cypher, to paste into the Browser.")
@format_option
def queries(topic: str | None, show: str | None, format_: str | None) -> None:
    """List the questions that `query NAME` answers, by topic; parameters in brackets may be left out."""
    if show is not None:
        click.echo(question(show).pasted())
        return
    if topic is not None and topic not in topics():
        raise NotFound(
            f"there is no topic {topic!r}", remedy=did_you_mean(topic, topics(), f"use {', '.join(topics())}")
        )
    rows = [
        (q.topic, q.name, q.about, " ".join(each.usage() for each in q.parameters), _columns(q))
        for q in catalogue().values()
        if topic in (None, q.topic)
    ]
    emit(pd.DataFrame(rows, columns=["topic", "name", "about", "parameters", "columns"]), format_, top=0)


def _columns(asked: Question) -> str:
    return ", ".join(f"{each.name} ({each.unit})" if each.unit else each.name for each in asked.columns)
