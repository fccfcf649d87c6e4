"""How interactions become a Fusion Score: every parameter in one frozen object."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Any

from influence_graph.errors import InputError
from influence_graph.model.records import TOUCHPOINTS
from influence_graph.model.touchpoints import OUTCOME_NAMES, TouchpointTable
from influence_graph.text import did_you_mean, one_line

_LONGEST, _LONGEST_VALUE = 150, 80  # characters of a representation, and of one value in it
OUTCOMES: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        OUTCOME_NAMES[0]: MappingProxyType(dict.fromkeys(TOUCHPOINTS, 1.0)),
        OUTCOME_NAMES[1]: MappingProxyType(
            dict.fromkeys(TOUCHPOINTS, 0.0) | {"engagement": 1.0, "brand_experience": 1.0}
        ),
    }
)
"""Weight of each touchpoint for each outcome: all five move recommending, two move loyalty."""
AUTO = "auto"
"""Text of a display scale that is taken from the data."""


@dataclass(frozen=True, repr=False)
class FusionPolicy:
    """Parameters of :func:`influence_graph.analyses.fusion.scores.fusion_scores`.

    Attributes:
        half_life_days: Days after which a point counts half, > 0, for all touchpoints or for those
            named in a mapping; ∞ (the default, also of touchpoints not named): no decay.
        spillover: ρ in [0, 1], the share of an event's points that reaches co-associated brands.
        blame: β in [0, 1], the share of a negative event's spillover where the record states no blame.
        link_half_life_days: Days after which a co-association counts half, > 0; ∞: no fading.
        paid: In [0, 1], the share that counts of what a consumer was paid to give.
        value_unit: Money > 0 at which the strength of a derived event doubles, by the factor
            1 + log2(1 + value/unit); ∞ (the default): money does not count.
        loss_aversion: λ ≥ 0, how much more a loss weighs than a gain when points are derived.
        curvature: In (0, 1], the exponent of the value function when points are derived.
        reach_saturation: People, > 1; an event that reached this many counts twice, one of unknown reach once.
        display_scale: S > 0 of the bounded display 100·tanh(F/S), in points; None (the default): from the
            scores, so that at most 5 % of the bonds display above 99 (:func:`scale_of`).
        outcome: Which row of ``weights`` points use; points declared count in full for recommending. A kind that
            itself shows the outcome counts in full for it.
        weights: Outcome -> touchpoint -> weight ≥ 0; a touchpoint left out of a row weighs 0, an outcome
            left out keeps its row of :data:`OUTCOMES`.
        rivals: Pairs of brands -> relation s in [-1, 1], the factor of an event on one for the other: +1,
            the default of pairs not named, for a partner; -1 for a rival, whose loss is the other's gain;
            0 for no relation. The order within a pair does not matter.
        table: What each kind of interaction means.
        version: Name of this policy, printable text, recorded with runs.

    Raises:
        InputError: A value is outside its limits.

    Example:
        >>> FusionPolicy(half_life_days={"engagement": 90}).half_life("expediting")
        inf
    """

    half_life_days: float | Mapping[str, float] = math.inf
    spillover: float = 0.25
    blame: float = 1.0
    link_half_life_days: float = 365.0
    paid: float = 0.0
    value_unit: float = math.inf
    loss_aversion: float = 2.25
    curvature: float = 0.88
    reach_saturation: float = 100_000.0
    display_scale: float | None = None
    outcome: str = "recommend"
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: OUTCOMES)
    rivals: Mapping[tuple[str, str], float] = field(default_factory=lambda: MappingProxyType({}))
    table: TouchpointTable = field(default_factory=TouchpointTable.load)
    version: str = "1"

    def __post_init__(self) -> None:
        for name in (*_FINITE, *_MAY_BE_INFINITE, *(() if self.display_scale is None else ("display_scale",))):
            _number(name, getattr(self, name))
        _limit("spillover", self.spillover, 0 <= self.spillover <= 1, "from 0 to 1")
        _limit("blame", self.blame, 0 <= self.blame <= 1, "from 0 to 1")
        _limit("loss_aversion", self.loss_aversion, 0 <= self.loss_aversion < math.inf, "0 or more")
        _limit("curvature", self.curvature, 0 < self.curvature <= 1, "above 0 and at most 1")
        _limit("reach_saturation", self.reach_saturation, 1 < self.reach_saturation < math.inf, "above 1")
        _limit("paid", self.paid, 0 <= self.paid <= 1, "from 0 to 1")
        for name in _MAY_BE_INFINITE:
            _limit(name, getattr(self, name), getattr(self, name) > 0, "above 0, or inf")
        if self.display_scale is not None:
            _limit("display_scale", self.display_scale, 0 < self.display_scale < math.inf, "above 0")
        text = isinstance(self.version, str) and self.version.isprintable()
        _limit("version", self.version, text, "one line of text")
        self._check_half_lives()
        self._check_weights()
        object.__setattr__(self, "rivals", MappingProxyType(_pairs(self.rivals)))

    def __repr__(self) -> str:
        """Return the parameters that differ from the default, in at most 150 characters."""
        default = FusionPolicy()
        pairs = ((each.name, getattr(self, each.name), getattr(default, each.name)) for each in fields(self))
        changed = [f"{name}={_shown(_difference(own, other))}" for name, own, other in pairs if own != other]
        return one_line(f"FusionPolicy({', '.join(changed)})", _LONGEST)

    def half_life(self, touchpoint: str) -> float:
        """Return the half-life of *touchpoint* in days."""
        if isinstance(self.half_life_days, Mapping):
            return float(self.half_life_days.get(touchpoint, math.inf))
        return float(self.half_life_days)

    def weight(self, touchpoint: str) -> float:
        """Return the weight of *touchpoint* for this policy's outcome."""
        return float(self.weights[self.outcome].get(touchpoint, 0.0))

    def declared_weight(self, touchpoint: str) -> float:
        """Return the share of declared points that counts: all for recommending, else the weight of *touchpoint*."""
        return 1.0 if self.outcome == OUTCOME_NAMES[0] else self.weight(touchpoint)

    def relation(self, brand: str, other: str) -> float:
        """Return s in [-1, 1], the share and sign with which an event on *brand* reaches *other*."""
        return float(self.rivals.get(_pair(brand, other), 1.0))

    def to_dict(self) -> dict[str, Any]:
        """Return all parameters as JSON values; ∞ is ``"inf"``, the table its digest and its changes of the built-in.

        :meth:`from_dict` reads them back.
        """
        half_lives = {touchpoint: _plain(self.half_life(touchpoint)) for touchpoint in TOUCHPOINTS}
        return {
            "half_life_days": half_lives,
            "spillover": self.spillover,
            "blame": self.blame,
            "link_half_life_days": _plain(self.link_half_life_days),
            "paid": self.paid,
            "value_unit": _plain(self.value_unit),
            "loss_aversion": self.loss_aversion,
            "curvature": self.curvature,
            "reach_saturation": self.reach_saturation,
            "display_scale": AUTO if self.display_scale is None else self.display_scale,
            "outcome": self.outcome,
            "weights": {outcome: dict(row) for outcome, row in self.weights.items()},
            "rivals": [{"brands": list(pair), "relation": self.rivals[pair]} for pair in sorted(self.rivals)],
            "table": self.table.digest,
            "kinds": {kind: own and asdict(own) for kind, (_, own) in self.table.changes().items()},
            "version": self.version,
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any], table: TouchpointTable | None = None) -> FusionPolicy:
        """Return the policy that :meth:`to_dict` recorded.

        Args:
            record: What ``to_dict`` gave, also after a round trip through JSON; a record of an earlier
                version may lack parameters, which then have their defaults.
            table: The touchpoint table, of which the record holds the digest only; default: the built-in.

        Raises:
            InputError: A value is outside its limits, or *table* differs from the recorded one.
        """
        policy = cls(**recorded_settings(record), table=table or TouchpointTable.load())
        digest = record.get("table", policy.table.digest)
        if digest != policy.table.digest:
            raise InputError(
                f"the policy was recorded with touchpoint table {digest}, not with {policy.table.digest}",
                remedy="pass the touchpoint table of that time",
            )
        return policy

    def _check_half_lives(self) -> None:
        given = self.half_life_days
        days = dict(given) if isinstance(given, Mapping) else dict.fromkeys(TOUCHPOINTS, given)
        _touchpoints("half_life_days", days)
        for touchpoint, value in days.items():
            _number(f"half_life_days of {touchpoint}", value)
            _limit(f"half_life_days of {touchpoint}", value, value > 0, "above 0, or inf for no fading")
        if isinstance(given, Mapping):
            complete = MappingProxyType({touchpoint: days.get(touchpoint, math.inf) for touchpoint in TOUCHPOINTS})
            object.__setattr__(self, "half_life_days", complete)

    def _check_weights(self) -> None:
        for outcome in (self.outcome, *self.weights):
            if outcome not in tuple(OUTCOMES):
                remedy = f"use {' or '.join(OUTCOMES)}"
                raise InputError(f"outcome {outcome!r} has no weights", remedy=remedy)
        for outcome, row in self.weights.items():
            _touchpoints(f"weights of {outcome}", row)
            for touchpoint, value in row.items():
                _number(f"weight of {touchpoint} for {outcome}", value)
                _limit(f"weight of {touchpoint} for {outcome}", value, 0 <= value < math.inf, "0 or more")
        rows = {outcome: self.weights.get(outcome, row) for outcome, row in OUTCOMES.items()}
        complete = {
            outcome: MappingProxyType({touchpoint: row.get(touchpoint, 0.0) for touchpoint in TOUCHPOINTS})
            for outcome, row in rows.items()
        }
        object.__setattr__(self, "weights", MappingProxyType(complete))


_FINITE = ("spillover", "blame", "paid", "loss_aversion", "curvature", "reach_saturation")
_MAY_BE_INFINITE = ("link_half_life_days", "value_unit")


def _difference(value: Any, default: Any) -> Any:  # noqa: ANN401 - any parameter of a policy
    """Return *value*; of a mapping only what is not in *default*, or not ∞ where that is a number."""
    if not isinstance(value, Mapping):
        return value
    known = default if isinstance(default, Mapping) else {}
    return {key: _difference(item, known.get(key)) for key, item in value.items() if item != known.get(key, math.inf)}


def _shown(value: object) -> str:
    text = repr(value)
    if isinstance(value, Mapping) and len(text) > _LONGEST_VALUE:
        return f"<{len(value)} entries>"
    return one_line(text, _LONGEST_VALUE)


def recorded_settings(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of :class:`FusionPolicy` that ``to_dict`` recorded, without the table."""
    known = {field.name for field in fields(FusionPolicy)} - {"table"}
    given = {name: value for name, value in record.items() if name in known}
    for name in _MAY_BE_INFINITE:
        if name in given:
            given[name] = float(given[name])
    if given.get("display_scale") == AUTO:
        given["display_scale"] = None
    if "half_life_days" in given:
        given["half_life_days"] = {name: float(days) for name, days in given["half_life_days"].items()}
    weights = given.get("weights", {})
    if any(isinstance(row, int | float) for row in weights.values()):  # the one row that earlier versions kept
        given["weights"] = {given["outcome"]: weights}
    if "rivals" in given:
        given["rivals"] = {tuple(rival["brands"]): rival["relation"] for rival in given["rivals"]}
    return given


def _plain(value: float) -> float | str:
    return "inf" if math.isinf(value) else value


def _pair(brand: str, other: str) -> tuple[str, str]:
    return (brand, other) if brand <= other else (other, brand)


def _pairs(given: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """Return checked relations by sorted pair."""
    pairs: dict[tuple[str, str], float] = {}
    for brands, value in given.items():
        if not _two_brands(brands):
            remedy = "name two different brands"
            raise InputError(f"rivals names {brands!r}, must be a pair of brands", remedy=remedy)
        name, pair = f"relation of {brands[0]!r} and {brands[1]!r}", _pair(*brands)
        _number(name, value)
        _limit(name, value, -1 <= value <= 1, "from -1 (rivals) to 1 (partners)")
        if pairs.setdefault(pair, value) != value:
            raise InputError(f"{name} is both {pairs[pair]!r} and {value!r}", remedy="name each pair once")
    return pairs


def _two_brands(brands: object) -> bool:
    if not isinstance(brands, tuple) or len(brands) != 2:
        return False
    return all(isinstance(brand, str) and brand for brand in brands) and brands[0] != brands[1]


def _number(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{name} is {value!r}, must be a number", remedy="change it in the policy")
    try:
        float(value)
    except OverflowError as error:
        raise InputError(f"{name} is too large for a number", remedy="change it in the policy") from error


def _limit(name: str, value: object, within: bool, limits: str) -> None:
    if not within:  # NaN is within no limits
        raise InputError(f"{name} is {value!r}, must be {limits}", remedy="change it in the policy")


def _touchpoints(name: str, given: Mapping[str, float]) -> None:
    for touchpoint in given:
        if touchpoint not in TOUCHPOINTS:
            remedy = did_you_mean(touchpoint, TOUCHPOINTS, f"use {', '.join(TOUCHPOINTS)}")
            raise InputError(f"{name} names the unknown touchpoint {touchpoint!r}", remedy=remedy)
