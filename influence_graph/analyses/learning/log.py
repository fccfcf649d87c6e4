"""The log of who did what when, checked and converted to arrays once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.checks import is_number, require
from influence_graph.analyses.interactions.columns import as_table
from influence_graph.analyses.interactions.items import items_of, require_item
from influence_graph.errors import InputError
from influence_graph.kernels.learning.action_log import Log, count, first_actions, in_edges
from influence_graph.model.csr import row_of_each
from influence_graph.model.frames import Frame, as_frame, require_one_kind
from influence_graph.model.ids import id_codes
from influence_graph.model.parameters import LearnParameters
from influence_graph.model.records import DIRECTIONS
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.text import apart_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.kernels.learning.action_log import Counts, InEdges
    from influence_graph.model.graph import Graph

LEAST_ORDERED = 0.1
"""Least share of the pairs of linked actions on one item that must differ in time."""
COLUMNS = ("user", "item", "time")
_MAX_SECONDS = 2.0**53  # float64 does not tell whole numbers apart beyond it


@dataclass(frozen=True, eq=False)
class ActionLog:
    """Actions of users of one graph, grouped by item and in order of time within each.

    Attributes:
        offsets: int64; the actions of item ``a`` are ``offsets[a]:offsets[a + 1]``.
        users: Node index of each action; a user acts at most once per item.
        times: float64 seconds of each action, from an arbitrary zero.
        items: Name of each item.
        repeated: Rows left out because the same user had acted on the item before.
        unknown_users: Different users who are not in the graph.
        unknown_actions: Rows of these users, left out.
        zero: The earliest of the times, where they are datetimes.
    """

    offsets: NDArray[np.int64]
    users: NDArray[np.int64]
    times: NDArray[np.float64]
    items: NDArray[Any]
    repeated: int
    unknown_users: int
    unknown_actions: int
    zero: pd.Timestamp | None = None

    @property
    def arrays(self) -> Log:
        """The log as the kernels take it."""
        return Log(self.offsets, self.users, self.times)

    def counts(self) -> dict[str, int]:
        """Return what was read and what was left out, as JSON values."""
        return {
            "items": int(self.items.size),
            "actions": int(self.users.size),
            "repeated": self.repeated,
            "unknown_users": self.unknown_users,
            "unknown_actions": self.unknown_actions,
        }

    def subset(self, chosen: NDArray[np.int64], before: float = np.inf) -> ActionLog:
        """Return the log of the items *chosen*, and of them only what happened before the time *before*."""
        sizes = np.diff(self.offsets)[chosen]
        starts = np.cumsum(sizes) - sizes
        places = np.repeat(self.offsets[chosen] - starts, sizes) + np.arange(sizes.sum())
        owner = np.repeat(np.arange(chosen.size), sizes)
        kept = self.times[places] < before
        ends = np.cumsum(np.bincount(owner[kept], minlength=chosen.size))
        offsets = np.concatenate([[0], ends]).astype(np.int64)
        return ActionLog(offsets, self.users[places[kept]], self.times[places[kept]], self.items[chosen], 0, 0, 0)


def action_log(graph: Graph, actions: Frame | ActionLog) -> ActionLog:
    """Return *actions* as arrays over the nodes of *graph*.

    Args:
        graph: The graph whose ids name the users.
        actions: Frame of any library with the columns user, item and time (numbers of seconds, dates or datetimes).
            Of several actions of a user on an item the first counts. Users outside the graph are left out and
            counted.

    Raises:
        InputError: No action is of a user of the graph, a column or a value is missing, times are text or not
            finite, or an acting user's id stands for several nodes.
    """
    if isinstance(actions, ActionLog):
        return actions
    frame = log_frame(actions)
    items, names = codes_of(frame["item"])
    users, unknown_users, unknown_actions = users_of(graph, frame["user"])
    times = seconds_of(frame["time"])
    known = users >= 0
    if not known.any():
        message = f"none of the {len(frame):,} actions is of a user among the {graph.number_of_nodes:,} of the graph"
        raise InputError(message, remedy="use the same ids in graph and actions")
    items, users, times = items[known], users[known], times[known]
    log = _first(items, users, times, names, graph.number_of_nodes)
    zero = frame["time"].min()
    zero = zero if isinstance(zero, pd.Timestamp) else None
    return replace(log, unknown_users=unknown_users, unknown_actions=unknown_actions, zero=zero)


def extended(log: ActionLog, graph: Graph, actions: Frame) -> ActionLog | None:
    """Return what :func:`action_log` gives for the actions of *log* and *actions* together; None where it cannot tell.

    It can where all users are in the graph and no new action is before all of *log*, the zero of whose times stays.

    Args:
        log: A log with datetimes of users of the same *graph*.
        graph: The graph whose ids name the users.
        actions: More actions, as for :func:`action_log`, with datetimes.
    """
    frame = log_frame(actions)
    users, unknown, _ = users_of(graph, frame["user"])
    if log.zero is None or log.unknown_users or unknown or frame["time"].min() < log.zero:
        return None
    new, new_names = codes_of(frame["item"])
    names = np.union1d(log.items, new_names)
    items = np.searchsorted(names, log.items)[row_of_each(log.offsets)], np.searchsorted(names, new_names)[new]
    times = np.concatenate([log.times, seconds_of(frame["time"], log.zero)])
    found = _first(np.concatenate(items), np.concatenate([log.users, users]), times, names, graph.number_of_nodes)
    return replace(found, repeated=found.repeated + log.repeated, zero=log.zero)


def _first(
    items: NDArray[np.int64], users: NDArray[np.int64], times: NDArray[np.float64], names: NDArray[Any], nodes: int
) -> ActionLog:
    """Return the log of the first action of each user on each item."""
    order = np.lexsort((users, times, items))
    items, users, times = items[order], users[order], times[order]
    starts = np.flatnonzero(np.diff(items, prepend=-1))
    kept = first_actions(np.append(starts, items.size).astype(np.int64), users, nodes)
    ends = np.cumsum(np.bincount(np.searchsorted(starts, np.flatnonzero(kept), "right") - 1, minlength=starts.size))
    offsets = np.concatenate([[0], ends]).astype(np.int64)
    repeated = int(kept.size - np.count_nonzero(kept))
    return ActionLog(offsets, users[kept], times[kept], names[items[starts]], repeated, 0, 0)


def log_frame(actions: Frame, what: str = "actions", columns: tuple[str, ...] = COLUMNS) -> pd.DataFrame:
    """Return *actions*, which messages call *what*, as a pandas frame whose *columns* have no gaps.

    Raises:
        InputError: It is no frame, or a column or a value is missing.
    """
    frame = as_frame(actions, what, columns, columns)
    for name in columns:
        missing = int(frame[name].isna().sum())
        if missing:
            raise InputError(
                f"{missing:,} of {len(frame):,} {what} have no {name}", remedy="fill them or drop the rows"
            )
    return frame


def codes_of(column: pd.Series) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return codes into the different values as ids, in order: the same for any order of the rows."""
    try:
        names, (codes,) = id_codes(column)
    except InputError as error:
        if not all(map(pd.api.types.is_hashable, column)):
            message = f"the values of {column.name} cannot be compared: {error.message}"
            raise InputError(message, remedy="give them as text or numbers") from error
        raise InputError(f"{column.name}: {error.message}", remedy=error.remedy) from error
    return codes, names


def users_of(graph: Graph, column: pd.Series) -> tuple[NDArray[np.int64], int, int]:
    """Return the node of each action, -1 for none; how many users are unknown, and how many actions they have."""
    codes, names = codes_of(column)
    ids = pd.Index(graph.ids)
    shared = ids[ids.duplicated()].intersection(pd.Index(names))
    if len(shared):
        message = f"the user {shared[0]!r} is the id of several nodes of the graph"
        raise InputError(message, remedy="learn on the graph of people only, such as the ties of a store")
    first = np.flatnonzero(~ids.duplicated())
    places = ids[first].get_indexer(pd.Index(names))
    nodes = np.where(places >= 0, first[places] if first.size else -1, -1).astype(np.int64)
    return nodes[codes], int(np.count_nonzero(nodes < 0)), int(np.count_nonzero(nodes[codes] < 0))


def seconds_of(column: pd.Series, zero: pd.Timestamp | None = None) -> NDArray[np.float64]:
    """Return times as seconds, datetimes from *zero* on, by default from the first of them.

    Raises:
        InputError: They are text, not finite, or beyond 2^53 seconds.
    """
    if column.dtype == object:
        column = column.infer_objects()
    if column.dtype == object and pd.api.types.infer_dtype(column) in ("date", "datetime", "datetime64"):
        require_one_kind("time", column)
        column = pd.to_datetime(column, utc=True)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        start: Any = column.min() if zero is None else zero
        since = pd.to_timedelta(column - start)  # exact as integers; as float64 since 1970 they would not be
        seconds: NDArray[np.float64] = since.dt.total_seconds().to_numpy(dtype=np.float64)
        return seconds
    if not pd.api.types.is_any_real_numeric_dtype(column.dtype):
        example = repr(column.iloc[0]) if len(column) else "none"
        message = f"the times are of type {column.dtype}, such as {example}, must be numbers or datetimes"
        raise InputError(message, remedy="convert them first: `pandas.to_datetime(times)`")
    values = column.to_numpy(dtype=np.float64)
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        raise InputError(f"the time of row {bad[0] + 1} is {values[bad[0]]}, must be finite", remedy="correct the row")
    top = np.abs(values).max(initial=0.0)
    require(
        top <= _MAX_SECONDS,
        "the largest time",
        apart_text(top, _MAX_SECONDS),
        "at most 2^53",
        "give seconds, or datetimes",
    )
    return values


def window_seconds(window: float | timedelta | None) -> float:
    """Return the longest wait that counts as influence, ∞ for none given."""
    given = window.item() if isinstance(window, np.timedelta64) else window
    seconds = given.total_seconds() if isinstance(given, timedelta) else np.inf if given is None else given
    within = is_number(seconds) and seconds > 0
    require(within, "window", window, "above 0 seconds, or a time span", "leave it out to count any wait")
    return float(seconds)


def require_order(counts: Counts) -> None:
    """Refuse *counts* of a log that does not tell who acted first.

    Of the pairs of actions on one item along an edge at least ``LEAST_ORDERED`` must differ in time. Where none is
    there, nobody followed anybody, which is an answer.

    Raises:
        InputError: fewer do: the log is undated, or its times are too coarse.
    """
    pairs, together = int(counts.both.sum()), int(counts.together.sum())
    if together > (1.0 - LEAST_ORDERED) * pairs:
        what = f"{together:,} of the {pairs:,} pairs of linked actions on one item bear the same time"
        message = f"the log does not tell who acted first: {what}, at most {1.0 - LEAST_ORDERED:.0%} may"
        remedy = "give a log with the times of the actions, or use the probabilities weighted-cascade"
        raise InputError(message, remedy=remedy)


def ordered_log(graph: Graph, actions: Frame | ActionLog) -> ActionLog:
    """Return :func:`action_log`, refused where it does not tell who acted first; see :func:`require_order`."""
    log = action_log(graph, actions)
    require_order(count(log.arrays, in_edges_of(graph), np.inf))
    return log


def in_edges_of(graph: Graph) -> InEdges:
    """Return the edges into each node of *graph*, as the kernels take them."""
    return in_edges(graph.indptr, graph.indices)


def actions_of(
    interactions: Frame, item: str = LearnParameters.item, table: TouchpointTable | None = None
) -> pd.DataFrame:
    """Return what consumers did, from records of interactions, as the columns user, item and time.

    Left out is what brands did: the records ``to_consumer``, and those without a direction whose kind is to the
    consumer and returns nothing.

    Args:
        interactions: Records of the kind interactions, as a store's ``interactions()`` gives them.
        item: What people adopt from each other: ``"brand"``; ``"brand+kind"`` for one item per brand and kind of
            interaction, named ``brand kind``, a record without a kind is its brand's; or ``"brand+item"`` for the
            items that records name, named ``brand item``, those that name none are left out.
        table: What each kind of interaction means; default: the built-in table.

    Returns:
        The frame; its ``attrs["unnamed"]`` is how many records were left out because they name no item.

    Raises:
        InputError: *item* is none of these, or a column is missing.
    """
    require_item(item)
    records = as_table(interactions)
    part = item.partition("+")[2]
    if part and part not in records.column_names:
        raise InputError(f"the interactions have no column {part!r}", remedy="use item='brand'")
    needed = ["consumer", "at", "brand", *({part, "kind", "direction"} & set(records.column_names))]
    frame = records.select(needed).to_pandas()
    frame = frame[by_consumers(frame, table or TouchpointTable.load())]
    items = items_of(frame, item)
    named = items.notna()
    columns = {"user": frame["consumer"], "item": items, "time": frame["at"]}
    actions = pd.DataFrame(columns)[named].reset_index(drop=True)
    actions.attrs["unnamed"] = int((~named).sum())
    return actions


def by_consumers(frame: pd.DataFrame, table: TouchpointTable) -> NDArray[np.bool_]:
    """Return which records are of what consumers did: gave, or gave back."""
    codes, names = pd.factorize(frame["kind"] if "kind" in frame else pd.Series([None] * len(frame), dtype=object))
    rules = [*(table.rule(str(name)) for name in names), table.default]
    meant: NDArray[np.bool_] = np.array([rule.direction == DIRECTIONS[0] or rule.returned > 0 for rule in rules])[codes]
    if "direction" not in frame:
        return meant
    stated = frame["direction"].notna().to_numpy()
    return np.where(stated, (frame["direction"] != DIRECTIONS[1]).to_numpy(), meant)
