"""Each outcome beside bonds at the same moment of their own clock: the risk sets that hazards are fitted to.

Outcomes are the events whose kind shows the outcome by the touchpoint table. The clock of a bond starts at its
first contact (for loyalty, at the first purchase or use that may be repeated) and again at each outcome: gap
times, in strata by the number of former outcomes (Prentice, Williams & Peterson 1981,
https://doi.org/10.1093/biomet/68.2.373). A risk set holds one bond with the outcome and the bonds of up to
:data:`CONTROLS` other consumers that, at the same time on their clock, had no outcome yet: those whose
clock started closest in calendar time (nested case-control sampling with matched controls, Goldstein &
Langholz 1992, https://doi.org/10.1214/aos/1176348895). Time since contact and season so cancel within a
set, whatever their shape. Exposures are the contacts in the window before that time. What shows the outcome or
may be repeated as one is no contact: an event must not predict itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from influence_graph.analyses.fusion.points import points_of
from influence_graph.analyses.interactions.ledger import EPOCH, MICROS_PER_DAY
from influence_graph.analyses.interactions.meaning import may_repeat, meaning_of
from influence_graph.errors import InputError
from influence_graph.model.display import short_line
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import TOUCHPOINTS
from influence_graph.model.touchpoints import OUTCOME_NAMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.interactions.ledger import Ledger

EXPOSURES = ("points", "count")
COMPLAINT = "complaint"
CONTACTS = (*TOUCHPOINTS, COMPLAINT)
"""The columns of exposures: problem recovery is what makes good, the complaint before it stands apart."""

CONTROLS = 10
MAX_CASES = 20_000  # outcomes that get a risk set; of more, a random part with a fixed seed
_NEIGHBORS = 100  # on each side, among which controls are looked for
_LEVELS, _PER_LEVEL = 20, 100  # of the time since an outcome or the first contact; contacts in each at least
_FEW = (1, 2, 3, 5, 9)  # contacts in a window, told apart up to two, then by doublings
_REPEATED = ("loyalty",)
_RECOVERY = TOUCHPOINTS.index("problem_recovery")


@dataclass(frozen=True, eq=False, repr=False)
class Panel:
    """One row per bond in a risk set, the rows of a set together and the one with the outcome first.

    Attributes:
        exposure: (rows, 6), exposures in the window before, by :data:`CONTACTS`; complaints count positive.
        contacts: (rows, 6), number of contacts in the window.
        history: (rows, 4), log(1 + …) of what was before and elsewhere: contacts before the window, former
            outcomes, days since first contact, contacts of the consumer with other brands in the window.
        start: Row at which each set starts.
        consumer: Code of the row's consumer.
        since: First contact in the row's window, a place in ``amount``.
        until: Place after the last contact in the row's window.
        amount: (contacts, 6), what each contact adds to exposures; by bond, then time.
        contact_bond: Code of the contact's bond.
        group: Code of the row's consumer and whether the bond had an outcome before.
        contact_group: The same of each contact.
        pattern: (contacts, 4), codes of when a contact came: the time since the bond's first contact or its last
            outcome, the number of its contacts in a window before and after, the time since the one before,
            and until the next.
    """

    exposure: NDArray[np.float64]
    contacts: NDArray[np.float64]
    history: NDArray[np.float64]
    start: NDArray[np.int64]
    consumer: NDArray[np.int64]
    since: NDArray[np.int64]
    until: NDArray[np.int64]
    amount: NDArray[np.float64]
    contact_bond: NDArray[np.int64]
    group: NDArray[np.int64]
    contact_group: NDArray[np.int64]
    pattern: NDArray[np.int64]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Number of rows of each set."""
        return np.diff(np.append(self.start, self.consumer.size))

    def __repr__(self) -> str:
        return short_line("Panel", {"rows": self.consumer.size, "outcomes": self.start.size})


class _Contacts(NamedTuple):
    """Contacts in the order of bonds and times."""

    bond: NDArray[np.int64]
    at: NDArray[np.int64]
    kind: NDArray[np.int64]
    amount: NDArray[np.float64]
    is_after: NDArray[np.bool_]
    position: NDArray[np.int64]


class _Spells(NamedTuple):
    """Times from the start of a clock to an outcome or the end, in the order of strata and starts."""

    bond: NDArray[np.int64]
    start: NDArray[np.int64]
    length: NDArray[np.int64]
    ends_in_outcome: NDArray[np.bool_]
    former: NDArray[np.int64]
    stratum: NDArray[np.int64]
    since: NDArray[np.int64]


def build_panel(ledger: Ledger, outcome: str, window: timedelta, exposure: str, policy: FusionPolicy) -> Panel:
    """Return the risk sets of *ledger*.

    Args:
        ledger: Interactions in the order of the records.
        outcome: One of ``OUTCOME_NAMES``: what the touchpoint table of *policy* says that a kind shows.
        window: How far back contacts are exposures, > 0.
        exposure: ``points``: each event counts the points that the policy derives for it where all weights
            are 1 and its reach is left out (who else saw it is no exposure of the consumer);
            ``count``: each event counts 1.
        policy: Parameters of derived points and the touchpoint table.

    Raises:
        InputError: *ledger* has no kinds, which identify outcomes.
    """
    brands = max(len(ledger.brand.names), 1)
    bond = ledger.consumer.codes.astype(np.int64) * brands + ledger.brand.codes
    is_outcome, may_open, is_own = _outcomes(ledger, outcome, policy)
    order = np.lexsort((ledger.at, bond))
    ticks = is_outcome[order] | _first(bond[order], may_open[order])
    spells = _spells(bond[order], ledger.at[order], ticks, outcome in _REPEATED)
    kind, amount = _amounts(ledger, exposure, policy)
    is_after, since = _own_clock(bond[order], ledger.at[order], ticks)
    is_contact = ~is_own[order]
    order, is_after = order[is_contact], is_after[is_contact]
    position = 2 * _levels(since[is_contact]) + is_after
    contacts = _Contacts(bond[order], ledger.at[order], kind[order], amount[order], is_after, position)
    case, control = _matched(spells, brands)
    return _panel(contacts, spells, _rows(spells, case, control), window // timedelta(microseconds=1), brands)


def _outcomes(
    ledger: Ledger, outcome: str, policy: FusionPolicy
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which events show *outcome*, which may open the clock of a repeated one, and which are no contacts."""
    if ledger.kind is None:
        shown = [kind for kind, rule in policy.table.kinds.items() if rule.shows == outcome and rule.valence > 0]
        raise InputError(
            "the interactions have no column kind, by which outcomes are known",
            remedy=f"give kinds such as {', '.join(shown[:3])}",
        )
    meaning = meaning_of(ledger, policy.table)
    is_outcome = meaning.showing(outcome)
    opens = np.zeros(len(ledger), np.bool_)
    if outcome in _REPEATED:
        opens = is_outcome | meaning.purchases() | may_repeat(ledger, policy.table)
    return is_outcome, opens, opens | (meaning.shows == OUTCOME_NAMES.index(outcome))


def _first(bond: NDArray[np.int64], chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the first of the *chosen* rows of each bond."""
    rows = np.flatnonzero(chosen)
    first = np.zeros(bond.size, np.bool_)
    first[rows[np.diff(bond[rows], prepend=-1) != 0]] = True
    return first


def _amounts(ledger: Ledger, exposure: str, policy: FusionPolicy) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the place in :data:`CONTACTS` and the amount of each event; declared points and reach are ignored."""
    equal = {outcome: dict.fromkeys(TOUCHPOINTS, 1.0) for outcome in policy.weights}
    found = points_of(replace(ledger, points=None, reach=None), replace(policy, weights=equal), EPOCH)
    complaint = (found.touchpoint == _RECOVERY) & (found.points < 0)
    kind = np.where(complaint, len(TOUCHPOINTS), found.touchpoint).astype(np.int64)
    if exposure == "count":
        return kind, np.ones(len(ledger))
    return kind, np.where(complaint, -found.points, found.points)


def _own_clock(
    bond: NDArray[np.int64], at: NDArray[np.int64], is_outcome: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return whether the bond of each event had an outcome before, and the time since that or the first contact."""
    place, first = np.arange(bond.size), np.searchsorted(bond, bond)
    last = np.maximum.accumulate(np.where(is_outcome, place, -1)) if bond.size else place
    is_after = last >= first
    return is_after, at - at[np.where(is_after, last, first)]


def _levels(since: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the level of each time: none at all is 0, the others are parted into levels of equal numbers."""
    running = np.sort(since[since > 0])
    number = min(_LEVELS, running.size // _PER_LEVEL)
    edges = running[np.arange(number) * running.size // max(number, 1)]
    return np.searchsorted(edges, since, side="right")


def _spells(bond: NDArray[np.int64], at: NDArray[np.int64], is_outcome: NDArray[np.bool_], repeated: bool) -> _Spells:
    """Return all spells; those of a *repeated* outcome start with the first such event of a bond."""
    changed = np.diff(bond, prepend=-1) != 0
    moment = np.flatnonzero(changed | (np.diff(at, prepend=-1) != 0))
    latest = at.max(initial=0)
    outcome = np.logical_or.reduceat(is_outcome, moment) if moment.size else np.zeros(0, np.bool_)
    opens = outcome if repeated else outcome | changed[moment]
    total = np.cumsum(outcome)
    before_bond = np.maximum.accumulate(np.where(changed[moment], total - outcome, 0))
    former = (total - before_bond)[opens]
    bond, at = bond[moment][opens], at[moment][opens]
    new = np.diff(bond, prepend=-1) != 0
    is_last = np.append(new[1:], True)[: bond.size]
    end = np.where(is_last, latest, np.append(at[1:], 0)[: bond.size])
    since = at[new][np.cumsum(new) - 1]
    stratum = np.ceil(np.log2(np.maximum(former, 0.5))).astype(np.int64)  # -1 for none, then 1, 2, 3 to 4, 5 to 8 …
    order = np.lexsort((at, stratum))
    bond, at, length, former = bond[order], at[order], (end - at)[order], former[order]
    return _Spells(bond, at, length, ~is_last[order], former, stratum[order], since[order])


def _matched(spells: _Spells, brands: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs of spells: one that ends in an outcome, and one still running at that length."""
    cases = np.flatnonzero(spells.ends_in_outcome)
    if cases.size > MAX_CASES:
        cases = np.sort(np.random.default_rng(0).choice(cases, MAX_CASES, replace=False))
    steps = np.arange(1, _NEIGHBORS + 1)
    offsets = np.stack([steps, -steps], axis=1).ravel()  # the closest starts first
    place = cases[:, None] + offsets
    inside = (place >= 0) & (place < spells.bond.size)
    place[~inside] = 0
    valid = inside & (spells.stratum[place] == spells.stratum[cases][:, None])
    valid &= spells.length[place] > spells.length[cases][:, None]
    valid &= spells.bond[place] // brands != (spells.bond[cases] // brands)[:, None]
    valid &= np.cumsum(valid, axis=1) <= CONTROLS
    row, column = np.nonzero(valid)
    return cases[row], place[row, column]


class _Rows(NamedTuple):
    spell: NDArray[np.int64]
    gap: NDArray[np.int64]
    start: NDArray[np.int64]


def _rows(spells: _Spells, case: NDArray[np.int64], control: NDArray[np.int64]) -> _Rows:
    """Return the rows of all sets: each case, then its controls at the length of the case."""
    with_controls = np.unique(case)
    of_set = np.concatenate([with_controls, case])
    order = np.argsort(of_set, kind="stable")
    of_set = of_set[order]
    spell = np.concatenate([with_controls, control])[order]
    return _Rows(spell, spells.length[of_set], np.searchsorted(of_set, with_controls))


def _panel(contacts: _Contacts, spells: _Spells, rows: _Rows, width: int, brands: int) -> Panel:
    bond = spells.bond[rows.spell]
    moment = spells.start[rows.spell] + rows.gap
    first, last = np.searchsorted(contacts.bond, bond), np.searchsorted(contacts.bond, bond, side="right")
    since = _place(contacts.at, first, last, moment - width)
    until = _place(contacts.at, first, last, moment)
    one = np.zeros((contacts.at.size, len(CONTACTS)))
    one[np.arange(contacts.at.size), contacts.kind] = 1.0
    amount = one * contacts.amount[:, None]
    number = _between(one, since, until)
    age = (moment - spells.since[rows.spell]) / MICROS_PER_DAY
    elsewhere = _elsewhere(contacts, bond // brands, moment, width, brands) - number.sum(axis=1)
    history = np.log1p(np.stack([since - first, spells.former[rows.spell], age, elsewhere], axis=1))
    consumer, group = bond // brands, contacts.bond // brands * 2 + contacts.is_after
    own_group = consumer * 2 + (spells.former[rows.spell] > 0)
    exposure = np.where(number > 0, _between(amount, since, until), 0.0)  # sums of fractions end in 1e-17
    of_contacts = (amount, contacts.bond, own_group, group, _pattern(contacts, width))
    return Panel(exposure, number, history, rows.start, consumer, since, until, *of_contacts)


def _pattern(contacts: _Contacts, width: int) -> NDArray[np.int64]:
    bond, at, place = contacts.bond, contacts.at, np.arange(contacts.bond.size)
    first, last = np.searchsorted(bond, bond), np.searchsorted(bond, bond, side="right")
    before = place - _place(at, first, last, at - width)
    after = _place(at, first, last, at + width) - place - 1
    around = len(_FEW) * 2 * np.searchsorted(_FEW, before, "right") + np.searchsorted(_FEW, after, "right")
    gap = np.diff(at)
    follows = np.diff(bond) == 0
    since, until = np.zeros((2, at.size), np.int64)  # 0: there is none
    since[1:][follows] = until[:-1][follows] = 1 + _levels(gap[follows])
    return np.stack([contacts.position, around, since, until], axis=1)


def _elsewhere(
    contacts: _Contacts, consumer: NDArray[np.int64], moment: NDArray[np.int64], width: int, brands: int
) -> NDArray[np.int64]:
    """Return the number of contacts of each consumer with all brands in the window."""
    own = contacts.bond // brands
    order = np.lexsort((contacts.at, own))
    at = contacts.at[order]
    first, last = np.searchsorted(own, consumer), np.searchsorted(own, consumer, side="right")
    return _place(at, first, last, moment) - _place(at, first, last, moment - width)


def _place(
    at: NDArray[np.int64], first: NDArray[np.int64], last: NDArray[np.int64], moment: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return, for each row, the first place from *first* to *last* whose time is not before *moment* (bisection)."""
    low, high = first.copy(), last.copy()
    while (low < high).any():
        middle = (low + high) // 2
        earlier = (low < high) & (at[np.minimum(middle, at.size - 1)] < moment)
        low, high = np.where(earlier, middle + 1, low), np.where(earlier, high, np.minimum(high, middle))
    return low


def _between(values: NDArray[np.float64], first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the sums of *values* by column, from each *first* to before each *last*."""
    sums = np.vstack([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    found: NDArray[np.float64] = sums[last] - sums[first]
    return found
