"""What seeds cost and whom they are to reach, from the store or from files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from influence_graph.app.inputs import read_numbers
from influence_graph.app.jobs.reach import SeedsRequest
from influence_graph.app.jobs.scores import require, score
from influence_graph.errors import InputError
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import BRANDS, PEOPLE, FieldType
from influence_graph.stores.base import InteractionFilter, Store

_BRAND = "brand:"


@dataclass(frozen=True)
class Wanted:
    """Where costs and target come from.

    Attributes:
        costs: File with the columns id, cost.
        cost_column: Numeric field of people.
        target: ``brand:ID`` for the bonds of a brand, or a file with the column id and, unless all count 1, weight.
    """

    costs: Path | None = None
    cost_column: str | None = None
    target: str | None = None


def seeds_request(store: Store, wanted: Wanted, *, say: Callable[[str], None], **options: Any) -> SeedsRequest:
    """Return the request of *options* with the costs and the target that *wanted* names.

    Raises:
        InputError: both kinds of cost are given, a field is no number of people, or a file cannot be used.
        NotFound: the brand is not in the store.
    """
    _check_limits(wanted, options.get("k"), options.get("budget"))
    costs: Mapping[str, float] | None = None
    if wanted.costs:
        costs = read_numbers(wanted.costs, "cost")
    elif wanted.cost_column:
        costs = _people_costs(store, wanted.cost_column)
    target = None if wanted.target is None else _target(store, wanted.target, say)
    return SeedsRequest(costs=costs, target=target, **options)


def _check_limits(wanted: Wanted, k: int | None, budget: float | None) -> None:
    """Check that it is said how many seeds there may be, and what each costs where a budget limits them."""
    if wanted.costs and wanted.cost_column:
        raise InputError("costs are given as a file and as a field", remedy="leave out --costs, or --cost-column")
    priced = wanted.costs is not None or wanted.cost_column is not None
    if budget is not None and not priced:
        message = f"a budget of {budget:,.6g} is given, but not what each seed costs"
        raise InputError(
            message, remedy="add --costs FILE or --cost-column followers, or give a number of seeds: -k 10"
        )
    if k is None and budget is None:
        raise InputError(
            "neither k nor a budget is given", remedy="say how many seeds: -k 10, or --budget with --costs"
        )


def _people_costs(store: Store, column: str) -> dict[str, float]:
    """Return the cost of each person that has one."""
    numeric = [field.name for field in PEOPLE.fields if field.type in (FieldType.NUMBER, FieldType.INTEGER)]
    if column not in numeric:
        message = f"{column!r} is no number that people have"
        raise InputError(message, remedy=f"use {', '.join(numeric)}, or a file: --costs FILE")
    costs: dict[str, float] = {}
    for table in store.records(PEOPLE):
        for id_, value in zip(table["id"].to_pylist(), table[column].to_pylist(), strict=True):
            if value:
                costs[id_] = float(value)
    return costs


def _target(store: Store, text: str, say: Callable[[str], None]) -> dict[str, float]:
    if not text.startswith(_BRAND):
        return read_numbers(Path(text), "weight", default=1.0)
    brand = text.removeprefix(_BRAND)
    require(store, BRANDS, [brand])
    frame, source = _bonds(store, brand)
    liked = frame[frame["fusion_score"] > 0]
    if liked.empty:
        raise InputError(f"{brand!r} has no bond above 0: nobody to reach", remedy="name another brand, or a file")
    say(f"target: {len(liked):,} bonds of {brand} above 0, {source}")
    return dict(zip(liked["consumer"].astype(str), liked["fusion_score"].astype(float), strict=True))


def _bonds(store: Store, brand: str) -> tuple[Any, str]:
    """Return the bonds of *brand* (a frame), and where they are from."""
    found = store.results("score")
    if found is not None:
        frame = found[1].to_pandas()
        return frame[frame["brand"] == brand], f"of the current scores ({found[0].id})"
    return score(store, FusionPolicy(), InteractionFilter(brands=[brand])), "scored by the default policy"
