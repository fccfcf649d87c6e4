"""The table of results: everything that a run can calculate, each declared once.

The choices of ``rank --by``, the columns that both stores keep, the titles of charts and pages, the properties in
Neo4j and the list of runs are all read from :data:`RESULTS`. A new measure of nodes is one row here and the
function that the row names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from influence_graph.errors import NotFound
from influence_graph.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

TIES, INTERACTIONS = "ties", "interactions"  # inputs that are records; every other input is a kind of result
CAMPAIGNS, SALES = "campaigns", "sales"
EITHER = "ties or interactions"  # ties where there are any, else interactions
IF_ANY = "ties where there are any"
RECORDS = (TIES, INTERACTIONS, CAMPAIGNS, SALES, EITHER, IF_ANY)


class Shape(StrEnum):
    """What one row of a result is about."""

    NODES = "nodes"  # a score of each person or brand, in the columns label, id and score; there may be more
    EDGES = "edges"  # a value of each pair of nodes
    ROWS = "rows"  # a short list
    CAMPAIGNS = "campaigns"  # what is told of each campaign, in the columns campaign and lift; there are more


@dataclass(frozen=True)
class Column:
    """One column of a result; ``unit`` is "" for a text, a count or a share."""

    name: str
    type: str  # "text", "number", "integer" or "time"
    unit: str = ""


@dataclass(frozen=True)
class Measure:
    """How ``rank --by`` calculates a score of each node.

    Attributes:
        name: What users call it.
        function: ``module:function``, imported when it is first used; it takes what *given* says and *options*
            by name, and returns a result with ``to_frame()``.
        given: What the function is given: ``"graph"``, ``"activity"`` (who did what after whom) or ``"channels"``
            (a graph of probabilities).
        options: The fields of ``RankParameters`` that it takes.
        scale: What a score means, for the line under the table; "" where iterations and residual do.
    """

    name: str
    function: str
    given: str = "graph"
    options: tuple[str, ...] = ()
    scale: str = ""

    def resolve(self) -> Callable[..., Any]:
        """Return the function."""
        function: Callable[..., Any] = resolve_name(self.function)
        return function


@dataclass(frozen=True)
class ResultKind:
    """One kind of result; each kind has its own current run.

    Attributes:
        kind: Name of the kind, as runs record it.
        title: Heading of charts and tables.
        shape: What a row is about.
        columns: The columns that the stores keep.
        needs: What it is calculated from: records (one of :data:`RECORDS`) or other kinds of result, where there are
            any.
        neo4j: Property of a node, or type of relationship, that shows it in Neo4j.
        run_property: Property of a node that names the run its value is from, for the shapes ``nodes`` and
            ``campaigns``.
        measure: How ``rank --by`` calculates it, where it does.
        written_by: Command that keeps it with ``--write``; "": the one called as the kind is.
    """

    kind: str
    title: str
    shape: Shape
    columns: tuple[Column, ...]
    needs: tuple[str, ...]
    neo4j: str
    run_property: str = ""
    measure: Measure | None = None
    written_by: str = ""

    @property
    def schema(self) -> pa.Schema:
        """The columns as an Arrow schema."""
        return pa.schema([(column.name, _ARROW[column.type]) for column in self.columns])


_ARROW = {
    "text": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "time": pa.timestamp("us", tz="UTC"),
}
_ITERATED = ("tolerance", "max_iterations")
_RANKINGS = "influence_graph.analyses.ranking"


def of_nodes(
    kind: str, title: str, property_: str, needs: tuple[str, ...], measure: Measure | None = None, unit: str = ""
) -> ResultKind:
    """Return a kind of result that gives each node one score."""
    columns = (Column("label", "text"), Column("id", "text"), Column("score", "number", unit))
    run_property = "runId" if kind == "rank" else f"{property_}RunId"
    return ResultKind(kind, title, Shape.NODES, columns, needs, property_, run_property, measure)


RANK = of_nodes(
    "rank",
    "PageRank",
    "pageRank",
    (EITHER,),
    Measure("pagerank", f"{_RANKINGS}.pagerank:pagerank", options=("damping_factor", "personalization", *_ITERATED)),
)
ACTIVATION = of_nodes("activation", "Probability of being reached", "activation", (TIES, "learn"))
SEEDS = ResultKind(
    "seeds",
    "Whom to win first",
    Shape.ROWS,
    (Column("rank", "integer"), Column("id", "text"), Column("gain", "number", "people")),
    (TIES, "learn", "influencers"),
    "SEED",
)
LEARN = ResultKind(
    "learn",
    "Probability of influence",
    Shape.EDGES,
    (
        Column("source", "text"),
        Column("target", "text"),
        Column("probability", "number"),
        Column("mean_delay", "number", "seconds"),  # null where it was not learned
    ),
    (TIES, INTERACTIONS),
    "INFLUENCES",
)
INFLUENCERS = ResultKind(
    "influencers",
    "Adoptions caused by those found",
    Shape.NODES,
    (
        Column("label", "text"),
        Column("id", "text"),
        Column("score", "number", "adoptions"),  # that the person caused
        Column("caused_low", "number", "adoptions"),
        Column("caused_high", "number", "adoptions"),
        Column("style", "text"),
        Column("p", "number"),
        Column("q", "number"),
        Column("audience", "integer"),
        Column("items", "integer"),
        Column("gamma", "number"),
        Column("half_life_days", "number", "days"),
        Column("half_life_low", "number", "days"),
        Column("half_life_high", "number", "days"),  # null where the records are too short to tell
        Column("rivals", "integer"),  # others of whom it may be instead; a list of ids could not be erased from
    ),
    (TIES, INTERACTIONS),
    "caused",
    "causedRunId",
)
SCORE = ResultKind(
    "score",
    "Fusion Score",
    Shape.EDGES,
    (
        Column("consumer", "text"),
        Column("brand", "text"),
        Column("fusion_score", "number", "points"),
        Column("to_brand", "number", "points"),
        Column("to_consumer", "number", "points"),
        Column("reciprocity", "number"),
        Column("as_of", "time"),
    ),
    (INTERACTIONS,),
    "BOND",
)
LIFT = ResultKind(
    "lift",
    "Lift of campaigns",
    Shape.CAMPAIGNS,
    (
        Column("campaign", "text"),
        Column("lift", "number"),  # in all over the declared days, of what was counted; null where it cannot be told
        Column("low", "number"),
        Column("high", "number"),
        Column("relative", "number", "%"),
        Column("relative_low", "number", "%"),
        Column("relative_high", "number", "%"),
        Column("p", "number"),
        Column("status", "text"),
        Column("days", "integer", "days"),
        Column("outcome", "text"),
        Column("design", "text"),
        Column("lag", "integer", "days"),  # null where it is not known when it began
        Column("lag_low", "integer", "days"),
        Column("lag_high", "integer", "days"),
        Column("reason", "text"),  # why it cannot be told
        Column("first", "text"),  # id of the first record of the campaign: each of its records has the same row
        Column("others", "integer"),  # campaigns of the brand in these days, from which it cannot be told apart
    ),
    (SALES, CAMPAIGNS, INTERACTIONS, IF_ANY),
    "lift",
    "liftRunId",
    written_by="lift all",
)

RESULTS: dict[str, ResultKind] = {
    row.kind: row
    for row in (
        RANK,
        of_nodes(
            "authority",
            "Authority of HITS",
            "authority",
            (EITHER,),
            Measure("hits-authority", f"{_RANKINGS}.hits:authorities", options=_ITERATED),
        ),
        of_nodes(
            "hub",
            "Hub of HITS",
            "hub",
            (EITHER,),
            Measure("hits-hub", f"{_RANKINGS}.hits:hubs", options=_ITERATED),
        ),
        of_nodes(
            "psi",
            "Ψ-score",
            "psiScore",
            (TIES, INTERACTIONS),
            Measure("psi", f"{_RANKINGS}.psi:psi_of", "activity", ("window", *_ITERATED)),
        ),
        of_nodes(
            "influence",
            "Influence (Romero et al.)",
            "influence",
            (TIES, INTERACTIONS),
            Measure("influence", f"{_RANKINGS}.influence_passivity:influence_of", "activity", ("window", *_ITERATED)),
        ),
        of_nodes(
            "passivity",
            "Passivity (resistance to influence; Romero et al.)",
            "passivity",
            (TIES, INTERACTIONS),
            Measure("passivity", f"{_RANKINGS}.influence_passivity:passivity_of", "activity", ("window", *_ITERATED)),
        ),
        *(
            of_nodes(
                kind,
                title,
                property_,
                (EITHER,),
                Measure(kind, f"{_RANKINGS}.degree:{function}", scale="the sum of the weights of its edges, exact"),
            )
            for kind, title, property_, function in (
                ("degree", "Strength", "strength", "strength"),
                ("in-degree", "In-strength", "inStrength", "in_strength"),
                ("out-degree", "Out-strength", "outStrength", "out_strength"),
            )
        ),
        of_nodes(
            "reach",
            "People reached alone",
            "reach",
            (TIES, "learn"),
            Measure(
                "reach",
                "influence_graph.analyses.diffusion.reach_of_all:reach_of_all",
                "channels",
                ("model", "quality", "probabilities", "rr_sets", "seed"),
            ),
            "people",
        ),
        ACTIVATION,
        SEEDS,
        LEARN,
        SCORE,
        INFLUENCERS,
        LIFT,
    )
}
"""Every kind of result by its name."""


def kind_of(kind: ResultKind | str) -> ResultKind:
    """Return the row of the table for *kind*.

    Raises:
        NotFound: there is none; the message has the nearest names.
    """
    if isinstance(kind, ResultKind):
        return kind
    if kind not in RESULTS:
        raise NotFound(
            f"no kind of result {kind!r}", remedy=did_you_mean(str(kind), RESULTS, f"use {', '.join(RESULTS)}")
        )
    return RESULTS[kind]


def measures() -> Mapping[str, ResultKind]:
    """Return the kinds that ``rank --by`` calculates, by the names that users give."""
    return {row.measure.name: row for row in RESULTS.values() if row.measure is not None}
