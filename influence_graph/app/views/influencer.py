"""The case of one influencer from a store."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import pandas as pd

from influence_graph.analyses.brand.view import plain
from influence_graph.analyses.influencers.case import case_in
from influence_graph.analyses.influencers.find import search
from influence_graph.analyses.learning.log import actions_of
from influence_graph.app.jobs.influencers import InfluencersJob
from influence_graph.app.jobs.job import read_in
from influence_graph.app.lookups import names_of, require
from influence_graph.errors import InputError
from influence_graph.model.names import BRAND, CONSUMER, NodeNames
from influence_graph.model.parameters import InfluencerJobParameters, InfluencerParameters
from influence_graph.model.records import PEOPLE
from influence_graph.reports.pages.data import FoundInfluencers
from influence_graph.stores.base import InteractionFilter, Snapshot, Store

if TYPE_CHECKING:
    from datetime import datetime

    from influence_graph.analyses.influencers.case_result import InfluencerCase
    from influence_graph.app.jobs.influencers import InfluencerInputs
    from influence_graph.app.jobs.job import Progress

_JOB = InfluencersJob()
_QUICK_SECONDS, _MOST_RECORDS = 3.0, 500_000
"""What a page may take to search for influencers, and the records that are read to tell how long it will take."""


@dataclass(frozen=True, eq=False)
class ViewedCase:
    """The case of a person, with the names of the people and items that it shows, and what was left out for it."""

    case: InfluencerCase
    names: NodeNames
    notes: tuple[str, ...] = ()


def view_case(
    store: Store, person: str, parameters: InfluencerJobParameters, progress: Progress | None = None
) -> ViewedCase:
    """Return the case of *person*, all from one snapshot of *store*.

    Args:
        store: Where the records are.
        person: Id of the person.
        parameters: How influencers are searched for.
        progress: Called with the number of people looked at, and of all.

    Raises:
        NotFound: The person is not in the store.
        InputError: There are no ties, or nothing was taken up.
    """
    with store.snapshot() as view:
        return case_from(view, person, parameters, progress)


def case_from(
    view: Snapshot, person: str, parameters: InfluencerJobParameters, progress: Progress | None = None
) -> ViewedCase:
    """Return :func:`view_case` from *view*."""
    require(view, PEOPLE, [person])
    return _case(view, person, parameters, read_in(_JOB, view, parameters), progress)


def quick_case(view: Snapshot, person: str, as_of: datetime | None) -> ViewedCase | None:
    """Return the case of *person* for a page; None where it cannot be made, or would take long."""
    parameters = InfluencerJobParameters(as_of=as_of)
    try:
        inputs = _quick(view, parameters)
        return None if inputs is None else _case(view, person, parameters, inputs)
    except InputError:
        return None


def quick_search(view: Snapshot, as_of: datetime | None) -> FoundInfluencers | None:
    """Return a search for a page; None where there are no ties or interactions, or it would take long."""
    parameters = InfluencerJobParameters(as_of=as_of)
    try:
        inputs = _quick(view, parameters)
        return None if inputs is None else FoundInfluencers(_JOB.calculate(inputs, parameters).result)
    except InputError as error:
        return FoundInfluencers(None, error.message)


def _quick(view: Snapshot, parameters: InfluencerJobParameters) -> InfluencerInputs | None:
    counts = view.counts()
    if not counts["ties"] or not counts["interactions"] or counts["ties"] + counts["interactions"] > _MOST_RECORDS:
        return None
    inputs = read_in(_JOB, view, parameters)
    return inputs if _JOB.estimate(inputs, parameters).seconds <= _QUICK_SECONDS else None


def _case(
    view: Snapshot,
    person: str,
    parameters: InfluencerJobParameters,
    inputs: InfluencerInputs,
    progress: Progress | None = None,
) -> ViewedCase:
    did = inputs.done
    taken = did.taken[["user", "item", "time"]]
    options = {each.name: getattr(parameters, each.name) for each in fields(InfluencerParameters)}
    told = None if progress is None else lambda looked_at, of: progress((looked_at, of))
    made = search(inputs.ties, taken, did.besides, did.spoken, None, InfluencerParameters(**options), None, told)
    case = case_in(made, person, taken, _later(view, parameters, taken))
    return ViewedCase(case, names_of(view, *_shown(case)), inputs.notes)


def _later(view: Snapshot, parameters: InfluencerJobParameters, taken: pd.DataFrame) -> pd.DataFrame:
    """Return all that people did with the items: the job reads only when they first took each up."""
    if parameters.actions is not None:
        return taken
    interactions = view.interactions(InteractionFilter(as_of=parameters.as_of))
    return actions_of(interactions, parameters.item, view.touchpoints())


def _shown(case: InfluencerCase) -> list[pd.DataFrame]:
    """Return the frames that hold ids of people and items."""
    people = [case.audience, case.followers, case.second_hand, case.others]
    rival = case.figures["rival"]
    ids = [
        pd.DataFrame({"id": [case.person, *([] if rival is None else [rival])]}),
        *(frame[["id"]] for frame in people),
    ]
    followers = pd.DataFrame({"id": case.second_hand["follower"]})
    return [*ids, followers, pd.DataFrame({"brand": case.items["item"]})]


def named(viewed: ViewedCase) -> dict[str, Any]:
    """Return all of the case as JSON values, with names beside the ids of people and items, and the sentences."""
    case, names = viewed.case, viewed.names
    shown = ("items", "audience", "followers", "second_hand", "others")
    return {
        "person": case.person,
        "person_name": names.of(CONSUMER, case.person),
        **case.to_dict(),
        **{name: plain(beside(getattr(case, name), names)) for name in shown},
        "sentences": case.sections(names),
    }


def beside(frame: pd.DataFrame, names: NodeNames) -> pd.DataFrame:
    """Return *frame* with names beside the ids of people, and of items where these are brands."""
    shown = names.beside(frame)
    for column, label in (("item", BRAND), ("follower", CONSUMER)):
        if column in shown:
            known = [names.of(label, id_) for id_ in shown[column]]
            values = pd.Series(pd.array(known, dtype="string"), shown.index)
            shown.insert(list(shown.columns).index(column) + 1, f"{column}_name", values)
    return shown
