"""The view of a person from a store."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.analyses.person.view import PersonRecords, PersonView, person_view
from influence_graph.app.lookups import names_of, require
from influence_graph.app.views.again import at, commands
from influence_graph.app.views.influencer import quick_case
from influence_graph.app.views.network import read_network
from influence_graph.model.names import CONSUMER, NodeNames
from influence_graph.model.records import PEOPLE, TIES
from influence_graph.model.results import LEARN
from influence_graph.reports.pages.again import Origin
from influence_graph.stores.base import InteractionFilter, Reader, Store

if TYPE_CHECKING:
    from datetime import datetime

    from influence_graph.analyses.influencers.case_result import InfluencerCase
    from influence_graph.analyses.person.circle import Circle
    from influence_graph.model.parameters import PersonParameters
    from influence_graph.model.policy.policy import FusionPolicy
    from influence_graph.reports.pages.parts import Network

_DRAWN = 1_000  # nodes of a neighborhood at most


@dataclass(frozen=True, eq=False)
class ViewedPerson:
    """The view of a person, with the names of the brands and people that it shows.

    Attributes:
        view: The view.
        names: Names.
        origin: Where the figures come from, the commands that give them again, and the network where it is drawn.
        case: Whether the person moves others beyond chance, where it is drawn and quickly known.
    """

    view: PersonView
    names: NodeNames
    origin: Origin
    case: InfluencerCase | None = None


def view_person(store: Store, person: str, parameters: PersonParameters, *, drawn: bool = False) -> ViewedPerson:
    """Return the view of *person* from one snapshot of *store*.

    Args:
        store: Where the records are.
        person: Id of the person.
        parameters: How to view.
        drawn: Whether the neighborhood will be drawn.

    Raises:
        NotFound: The person is not in the store.
        InputError: The store holds no interactions.
    """
    with store.snapshot() as view:
        require(view, PEOPLE, [person])
        as_of = parameters.as_of or view.latest()
        records = _records(view, person, as_of)
        interactions = view.interactions(InteractionFilter(history=True))
    found = person_view(interactions, person, as_of=as_of, policy=parameters.policy, records=records)
    with store.snapshot() as view:  # whom it shows is known only now
        names = names_of(view, *_shown(found))
        network = _network(view, found, interactions, parameters.policy) if drawn else None
        again = commands(view, parameters.policy, _words(found))
        case = quick_case(view, person, parameters.as_of) if drawn else None
        if case is not None:
            names = NodeNames({**names.consumers, **case.names.consumers}, {**names.brands, **case.names.brands})
        origin = Origin(view.url, again, found.digest, network)
        return ViewedPerson(found, names, origin, None if case is None else case.case)


def _words(found: PersonView) -> list[str]:
    """Return the command that gives the view again."""
    return ["person", found.person, *at(found.as_of), "-o", "person.html", "--format", "json"]


def _network(view: Reader, found: PersonView, interactions: pa.Table, policy: FusionPolicy) -> Network | None:
    """Return the people and brands around the person, joined by ties and bonds."""
    scores = fusion_scores(interactions, found.as_of, policy)
    return read_network(view, around=[(CONSUMER, found.person)], bonds=scores, as_of=found.as_of, most_nodes=_DRAWN)


def named(found: ViewedPerson) -> dict[str, Any]:
    """Return all of the view as JSON values, with names beside the ids of its brands and people."""
    view, names = found.view, found.names
    dealings = replace(view.dealings, brands=names.beside(view.dealings.brands))
    parts = {name: names.beside(getattr(view.image, name)) for name in ("together", "spilled", "standing")}
    ends: dict[str, Any] = {
        name: names.beside(getattr(view.circle, name)) for name in ("moves", "moved_by", "came_after")
    }
    circle: Circle = replace(view.circle, **ends)
    whole = replace(view, dealings=dealings, image=replace(view.image, **parts), circle=circle).to_dict()
    return {"person": view.person, "person_name": names.of(CONSUMER, view.person), **whole}


def _shown(view: PersonView) -> list[pd.DataFrame]:
    """Return the frames of *view* that hold ids of people and brands."""
    image, circle = view.image, view.circle
    others = image.together[["other"]].rename(columns={"other": "brand"})
    people = [pd.DataFrame({"id": [view.person]}), circle.moves, circle.moved_by, circle.came_after]
    return [view.dealings.brands, image.together, others, image.spilled, *people]


def _records(view: Reader, person: str, as_of: datetime | None) -> PersonRecords:
    learned = view.results(LEARN)
    about = f"learned by {learned[0].id}" if learned else ""
    return PersonRecords(
        people=_people(view, person),
        ties=_ties(view, person, as_of),
        learned=learned[1] if learned else None,
        run=about,
    )


def _people(view: Reader, person: str) -> pa.Table | None:
    """Return the records of *person* alone."""
    tables = list(view.records(PEOPLE))
    return pa.concat_tables([table.filter(pc.equal(table["id"], person)) for table in tables]) if tables else None


def _ties(view: Reader, person: str, as_of: datetime | None) -> pa.Table | None:
    """Return the ties of *person* that were there by *as_of*, None where there are none of anybody."""
    tables = [table.select(["source", "target", "kind", "since"]) for table in view.records(TIES)]
    if as_of is not None:
        limit = pa.scalar(as_of, tables[0]["since"].type) if tables else None
        there = [pc.fill_null(pc.less_equal(table["since"], limit), True) for table in tables]
        tables = [table.filter(kept) for table, kept in zip(tables, there, strict=True)]
    if not sum(map(len, tables)):
        return None
    own = [
        table.filter(pc.or_(pc.equal(table["source"], person), pc.equal(table["target"], person))) for table in tables
    ]
    return pa.concat_tables(own)
