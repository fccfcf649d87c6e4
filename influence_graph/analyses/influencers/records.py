"""What people took up, what they did besides and what they spoke of, from records of interactions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from influence_graph.analyses.interactions.columns import as_table
from influence_graph.analyses.interactions.items import NAMED, items_of, left_out
from influence_graph.analyses.learning.log import by_consumers
from influence_graph.errors import InputError, NotFound
from influence_graph.model.frames import Frame
from influence_graph.model.parameters import InfluencerJobParameters
from influence_graph.model.touchpoints import KindRule, TouchpointTable, kind_key
from influence_graph.text import count_text, did_you_mean

_COLUMNS = ("consumer", "at", "brand", "kind", "direction", "valence", "item")
_CONTACT = 1.0
"""Going or looking there, of a lower weight than an ordinary event, takes nothing up."""


@dataclass(frozen=True, eq=False)
class Done:
    """What people did.

    Attributes:
        taken: user, item, time and brand: the first of each person and item.
        besides: user and time of all else that they did, complaints too; None: nothing.
        spoken: user, item and time of what they spoke of; None: nobody spoke.
        notes: What was left out of ``taken``, in sentences.
    """

    taken: pd.DataFrame
    besides: pd.DataFrame | None
    spoken: pd.DataFrame | None
    notes: tuple[str, ...] = ()


def done(
    interactions: Frame,
    table: TouchpointTable,
    item: str = InfluencerJobParameters.item,
    kinds: Sequence[str] = InfluencerJobParameters.kinds,
) -> Done:
    """Return what people did, from the records that they made or gave back (not what brands did alone).

    Args:
        interactions: Records of the kind interactions, as a store's ``interactions()`` gives them.
        table: What each kind of interaction means.
        item: What people take up; see ``InfluencerJobParameters``.
        kinds: Kinds of interaction by which something is taken up; see ``InfluencerJobParameters``.

    Raises:
        InputError: nothing was taken up, or nothing that has a name where *item* asks for one.
        NotFound: there is no interaction of one of *kinds*.
    """
    frame = _records(interactions)
    codes, names = pd.factorize(frame["kind"])
    rules = [*(table.rule(str(name)) for name in names), table.default]
    known = np.array([rule.valence for rule in rules])[codes]
    valence = frame["valence"].astype(np.float64).fillna(pd.Series(known, frame.index)).to_numpy()
    of_people = by_consumers(frame, table)
    wanted = _wanted(list(names), rules, kinds)
    takes = of_people & (valence >= 0) & wanted[codes]
    if not takes.any():
        raise _nothing(len(frame))
    frame["item"] = items_of(frame, item)
    unnamed = takes & frame["item"].isna().to_numpy()
    notes = left_out(int(unnamed.sum()), int(takes.sum()))
    taken = frame[takes & ~unnamed].sort_values("time", kind="stable").drop_duplicates(["user", "item"])
    besides = frame.loc[of_people & ~frame.index.isin(taken.index), ["user", "time"]]
    voice = np.array([rule.vote == "voice" for rule in rules])[codes]
    spoken = frame.loc[of_people & voice & (valence > 0), ["user", "brand", "time", "item"]]
    return Done(
        taken[["user", "item", "time", "brand"]].reset_index(drop=True),
        None if besides.empty else besides.reset_index(drop=True),
        None if spoken.empty else _spoken(spoken, taken, item),
        notes,
    )


def _records(interactions: Frame) -> pd.DataFrame:
    records = as_table(interactions)
    frame: pd.DataFrame = records.select([name for name in _COLUMNS if name in records.column_names]).to_pandas()
    for name in ("kind", "valence", "item"):
        if name not in frame:
            frame[name] = None
    for name in ("consumer", "brand"):
        frame[name] = frame[name].astype(object)
    return frame.rename(columns={"consumer": "user", "at": "time"})


def _wanted(names: Sequence[object], rules: Sequence[KindRule], kinds: Sequence[str]) -> np.ndarray:
    """Return of each kind, then of no kind, whether something is taken up by it."""
    if not kinds:
        return np.array([not _is_contact(rule) for rule in rules])
    keys = [*(kind_key(str(name)) for name in names), None]
    for kind in kinds:
        if kind_key(kind) not in keys:
            held = [str(name) for name in names]
            remedy = did_you_mean(kind, held, f"there are {', '.join(held) or 'only interactions without a kind'}")
            raise NotFound(f"there is no interaction of the kind {kind!r}", remedy=remedy)
    wanted = {kind_key(kind) for kind in kinds}
    return np.array([key in wanted for key in keys])


def _is_contact(rule: KindRule) -> bool:
    return rule.touchpoint == "engagement" and rule.vote == "feet" and rule.weight < _CONTACT


def _nothing(number: int) -> InputError:
    message = f"by none of {count_text(number, 'interaction')} anything was taken up: all are mere contact, complaints"
    return InputError(
        f"{message} or what brands did", remedy="name kinds that take something up, for example --kind visit"
    )


def _spoken(spoken: pd.DataFrame, taken: pd.DataFrame, item: str) -> pd.DataFrame:
    """Return *spoken* by item: who speaks of a brand speaks of what they take up of it, all or the item they name."""
    pairs = taken[["user", "brand", "item"]]
    found = spoken.merge(pairs, on=["user", "brand"], suffixes=("_named", ""))
    if item == NAMED:
        found = found[found["item_named"].isna() | (found["item_named"] == found["item"])]
    return found[["user", "item", "time"]].reset_index(drop=True)
