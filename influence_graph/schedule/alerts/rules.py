"""What is watched: one frozen dataclass per kind of rule, and where messages go; nothing heavy is imported here.

In ``influence-graph.toml`` each rule is a table ``[[alerts]]`` whose ``kind`` names the dataclass (:data:`RULES`), and
``[delivery]`` is the one :class:`Delivery`::

    [[alerts]]
    name = "the singer turns away"
    kind = "bond"
    consumer = "singer"
    brand = "sweater"
    below = 2.0
    margin = 0.5
"""

from __future__ import annotations

import hashlib
import json
import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, TypeAlias

from influence_graph.errors import InputError
from influence_graph.text import did_you_mean, one_line

MEASURES = ("mean_bond", "positive", "negative", "favorable", "unfavorable")
"""Measures of a brand, each with its 95 % interval, that are calculated of all brands at once (`brands`)."""
OF_ONE = ("mean_valence", "reciprocity", "at_risk", "recovery_rate", "change_30_days", "change_90_days")
"""Measures of one brand, likewise with intervals (`brand`): a rule on one of them names its brand."""
FEEDS = ("all", "brand", "platform", "channel")
_LONGEST = 100  # characters of a name
_MOST_DAYS = 36_500.0


@dataclass(frozen=True)
class Rule:
    """What every rule has.

    Attributes:
        name: What messages call it, at most 100 printable characters.
    """

    name: str

    def __post_init__(self) -> None:
        name = self.name
        if not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > _LONGEST:
            message = (
                f"the name of an alert is {one_line(repr(self.name), 80)}, must be a text of 1 to {_LONGEST} characters"
            )
            raise InputError(message, remedy="name what it tells, such as: name = 'complaints left alone'")

    @property
    def digest(self) -> str:
        """What is watched, without its name: a rule that is renamed goes on, one that is changed starts anew."""
        values = {name: value for name, value in asdict(self).items() if name != "name"}
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class _Threshold(Rule):
    """A rule about a figure that crosses a limit: exactly one of *above* and *below*.

    Attributes:
        above: Fires once the figure is above this; of an estimate the lower end of its 95 % interval.
        below: Fires once it is below this; of an estimate the upper end.
        margin: Fires again only after the figure (of an estimate its value) had come back over the limit by this
            much, 0 or more, in the unit of the figure: noise around the limit does not fire twice.
    """

    above: float | None = None
    below: float | None = None
    margin: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("above", "below", "margin"):
            _number(self, name, -math.inf, math.inf, "a finite number")
        if (self.above is None) == (self.below is None):
            found = "neither" if self.above is None else "both"
            raise _refused(self, f"has {found} of above and below", "write one of them, such as below = 0.0")
        _number(self, "margin", 0.0, math.inf, "0 or more")

    @property
    def limit(self) -> float:
        """The limit, whichever side is watched."""
        return float(self.below if self.above is None else self.above)  # type: ignore[arg-type]

    @property
    def sign(self) -> int:
        """1 where the rule fires above its limit, -1 below it."""
        return -1 if self.above is None else 1


@dataclass(frozen=True)
class BondRule(_Threshold):
    """The current Fusion Score of a bond crosses a limit.

    Attributes:
        consumer: Only bonds of this consumer; None: of all.
        brand: Only bonds with this brand; None: with all.
        kind: ``"bond"``.
    """

    consumer: str | None = None
    brand: str | None = None
    kind: Literal["bond"] = "bond"

    def __post_init__(self) -> None:
        super().__post_init__()
        _text(self, "consumer"), _text(self, "brand")


@dataclass(frozen=True)
class BrandRule(_Threshold):
    """The health or the judgment of a brand crosses a limit, beyond what chance does.

    Attributes:
        measure: One of :data:`MEASURES` or :data:`OF_ONE`.
        brand: Id of the brand; None: every brand, for :data:`MEASURES`.
        kind: ``"brand"``.
    """

    measure: str = "favorable"
    brand: str | None = None
    kind: Literal["brand"] = "brand"

    def __post_init__(self) -> None:
        super().__post_init__()
        _text(self, "brand")
        _choice(self, "measure", (*MEASURES, *OF_ONE))
        if self.brand is None and self.measure in OF_ONE:
            remedy = f"name its brand, or watch one of {', '.join(MEASURES)}"
            raise _refused(self, f"watches {self.measure} of every brand", remedy)


@dataclass(frozen=True)
class InfluencerRule(Rule):
    """Somebody joins the first so many of a ranking, or leaves them.

    Attributes:
        first: How many are watched, 1 to 10,000.
        margin: Who has left them had fallen by this many places below the last of them, 0 or more.
        ranking: Which ranking: a kind of result that gives each person a score, or ``"seeds"``.
        kind: ``"influencer"``.
    """

    first: int = 10
    margin: int = 0
    ranking: str = "rank"
    kind: Literal["influencer"] = "influencer"

    def __post_init__(self) -> None:
        super().__post_init__()
        _whole(self, "first", 1, 10_000)
        _whole(self, "margin", 0, 10_000)
        _text(self, "ranking")


@dataclass(frozen=True)
class ComplaintRule(Rule):
    """A complaint stays without a recovery.

    Attributes:
        days: For how many days after it, above 0, by what is on record at the store's latest time.
        brand: Only complaints about this brand; None: about all.
        forget_days: Complaints older than this are history and not told, above *days*.
        recorded: Recoveries are recorded, so that a brand without any on record has made none; else it cannot be told.
        kind: ``"complaint"``.
    """

    days: float = 7.0
    brand: str | None = None
    forget_days: float = 90.0
    recorded: bool = False
    kind: Literal["complaint"] = "complaint"

    def __post_init__(self) -> None:
        super().__post_init__()
        _days(self, "days")
        _days(self, "forget_days")
        _text(self, "brand")
        _truth(self, "recorded")
        if self.forget_days <= self.days:
            message = f"has forget_days = {self.forget_days:g}, must be more than its days = {self.days:g}"
            raise _refused(self, message, "write more days, or leave it out")


@dataclass(frozen=True)
class SilenceRule(Rule):
    """A feed has gone silent: no interaction became known for some days, counted up to now.

    Attributes:
        days: How many days, above 0.
        by: What a feed is: ``"all"`` interactions, or those of each ``"brand"``, ``"platform"`` or ``"channel"``.
        only: Only this brand, platform or channel; None: each.
        forget_days: A feed silent for longer than this has ended, and is not told, above *days*.
        kind: ``"silence"``.
    """

    days: float = 3.0
    by: str = "all"
    only: str | None = None
    forget_days: float = 365.0
    kind: Literal["silence"] = "silence"

    def __post_init__(self) -> None:
        super().__post_init__()
        _days(self, "days")
        _days(self, "forget_days")
        _choice(self, "by", FEEDS)
        _text(self, "only")
        if self.only is not None and self.by == "all":
            raise _refused(self, f"has only = {self.only!r} of all interactions", "say by = 'brand', for example")
        if self.forget_days <= self.days:
            message = f"has forget_days = {self.forget_days:g}, must be more than its days = {self.days:g}"
            raise _refused(self, message, "write more days, or leave it out")


AnyRule: TypeAlias = BondRule | BrandRule | InfluencerRule | ComplaintRule | SilenceRule
RULES: Mapping[str, type[AnyRule]] = {
    "bond": BondRule,
    "brand": BrandRule,
    "influencer": InfluencerRule,
    "complaint": ComplaintRule,
    "silence": SilenceRule,
}
"""The dataclass of each ``kind``."""


@dataclass(frozen=True)
class Delivery:
    """Where messages go; an exit code always says that there were some.

    Attributes:
        webhook: Address that each message is posted to as JSON: https://, or http:// to this machine.
        webhook_file: File that holds the address instead, for addresses that are secrets themselves.
        secret_file: File with the secret that signs each message; None: not signed.
        body: ``"full"``, or ``"text"``: the field text alone, for chat tools that refuse fields they do not know.
        file: File that each message is appended to as a line of JSON.
        try_seconds: Longest time of one try, in (0, 300].
        in_all_seconds: Longest time of all tries of one message, in (0, 3600].
        allow_plaintext: Let http:// leave this machine.
    """

    webhook: str | None = None
    webhook_file: Path | None = None
    secret_file: Path | None = None
    body: str = "full"
    file: Path | None = None
    try_seconds: float = 10.0
    in_all_seconds: float = 60.0
    allow_plaintext: bool = False

    def __post_init__(self) -> None:
        for name in ("webhook_file", "secret_file", "file"):
            value = getattr(self, name)
            if value is not None:
                _file(self, name, value)
        _text(self, "webhook")
        _choice(self, "body", ("full", "text"))
        _truth(self, "allow_plaintext")
        _number(self, "try_seconds", 0.0, 300.0, "above 0 and at most 300", above=True)
        _number(self, "in_all_seconds", 0.0, 3600.0, "above 0 and at most 3600", above=True)
        if self.webhook is not None and self.webhook_file is not None:
            raise _refused(self, "has both webhook and webhook_file", "write one of them")


def check_rules(rules: Sequence[AnyRule]) -> None:
    """Refuse two rules of one name, or that watch the same: one crossing would be told twice.

    Raises:
        InputError: there are two such rules.
    """
    names: set[str] = set()
    watched: dict[str, str] = {}
    for rule in rules:
        if rule.name in names:
            raise InputError(f"two alerts are named {rule.name!r}", remedy="give each a name of its own")
        other = watched.get(rule.digest)
        if other is not None:
            raise InputError(f"the alerts {other!r} and {rule.name!r} watch the same", remedy="leave one of them out")
        names.add(rule.name)
        watched[rule.digest] = rule.name


def _refused(rule: Any, message: str, remedy: str) -> InputError:  # noqa: ANN401 - a rule or the delivery
    what = f"the alert {rule.name!r}" if isinstance(rule, Rule) else "[delivery]"
    return InputError(f"{what} {message}", remedy=remedy)


def _must(rule: Any, name: str, limit: str) -> InputError:  # noqa: ANN401
    default = next(each.default for each in fields(rule) if each.name == name)
    known = default is not MISSING and default is not None
    remedy = f"write another, or leave it out: {default}" if known else "write another"
    return _refused(rule, f"has {name} = {one_line(repr(getattr(rule, name)), 60)}, must be {limit}", remedy)


def _text(rule: Any, name: str) -> str | None:  # noqa: ANN401
    """Set the text *name*, which may be None, in the form that stores hold: NFC, without spaces around it."""
    value = getattr(rule, name)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise _must(rule, name, "a text that is not empty")
    text = unicodedata.normalize("NFC", value).strip()
    object.__setattr__(rule, name, text)
    return text


def _number(rule: Any, name: str, least: float, most: float, limit: str, *, above: bool = False) -> None:  # noqa: ANN401
    """Set the number *name*, which may be None, as a float."""
    value = getattr(rule, name)
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _must(rule, name, limit)
    if not least <= value <= most or (above and value == least):
        raise _must(rule, name, limit)
    object.__setattr__(rule, name, float(value))


def _days(rule: Any, name: str) -> None:  # noqa: ANN401
    if getattr(rule, name) is None:
        raise _must(rule, name, "a number of days")
    _number(rule, name, 0.0, _MOST_DAYS, f"above 0 and at most {_MOST_DAYS:,.0f} days", above=True)


def _whole(rule: Any, name: str, least: int, most: int) -> None:  # noqa: ANN401
    value = getattr(rule, name)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise _must(rule, name, f"a whole number from {least} to {most:,}")


def _choice(rule: Any, name: str, choices: Sequence[str]) -> None:  # noqa: ANN401
    value = getattr(rule, name)
    if value not in choices:
        remedy = did_you_mean(value, choices, f"use {', '.join(choices)}")
        raise _refused(rule, f"has {name} = {one_line(repr(value), 60)}, which is none", remedy)


def _truth(rule: Any, name: str) -> None:  # noqa: ANN401
    if not isinstance(getattr(rule, name), bool):
        raise _must(rule, name, "true or false")


def _file(rule: Any, name: str, value: object) -> None:  # noqa: ANN401
    if not isinstance(value, str | Path) or not str(value).strip():
        raise _must(rule, name, "the path of a file")
    object.__setattr__(rule, name, Path(value).expanduser())


NO_DELIVERY = Delivery()
"""Messages wait for nobody: the exit code and the output tell of them."""
