"""Why a term of a Fusion Score is another one than before: the one place where reasons are told apart, as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from influence_graph.analyses.changes.state import TERMS, EventTerms, LedgerState, merged
from influence_graph.analyses.interactions.ledger import Ledger, to_micros

if TYPE_CHECKING:
    from numpy.typing import NDArray

REASONS = (
    "decayed",
    "new",
    "became known late",
    "revived",
    "replaced",
    "retracted",
    "share changed",
    "parameters changed",
)
DECAYED, NEW, LATE, REVIVED, REPLACED, RETRACTED, SHARE, PARAMETERS = range(len(REASONS))


class ChangedTerms(NamedTuple):
    """The terms that differ between two states, with those of both; ``by`` is the row that corrected one, else -1."""

    row: NDArray[np.int64]
    brand: NDArray[np.int32]
    term: NDArray[np.int8]
    side: NDArray[np.int8]
    link: NDArray[np.int64]
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    reason: NDArray[np.int8]
    by: NDArray[np.int64]


def changed_terms(before: LedgerState, after: LedgerState, old: EventTerms, new: EventTerms) -> ChangedTerms:
    """Return the terms whose amounts differ from *old*, of the state *before*, to *new*, of the state *after*."""
    keys = merged(old.key, new.key)
    amounts, given = np.zeros((2, keys.size)), np.full((2, keys.size), np.nan)
    side, link = np.zeros(keys.size, np.int8), np.full(keys.size, -1)
    for state, terms in enumerate((old, new)):
        place = np.searchsorted(keys, terms.key)
        amounts[state, place], given[state, place] = terms.amount, terms.given
        side[place], link[place] = terms.side, terms.link
    moved = amounts[0] != amounts[1]
    keys, amounts, given, side, link = keys[moved], amounts[:, moved], given[:, moved], side[moved], link[moved]
    rest, term = np.divmod(keys, len(TERMS))
    row, brand = np.divmod(rest, len(after.whole.brand.names))
    reason, by = _reasons(before, after, row, given)
    ends = row, brand.astype(np.int32), term.astype(np.int8)
    return ChangedTerms(*ends, side, link, amounts[0], amounts[1], reason, by)


def _reasons(
    before: LedgerState, after: LedgerState, row: NDArray[np.int64], given: NDArray[np.float64]
) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
    """Return the reason of each term of the events in *row*, and the row of what corrected it."""
    counted = [_flags(after.whole, state.rows) for state in (before, after)]
    differs = SHARE if before.policy == after.policy else PARAMETERS
    reason = np.where(given[0] == given[1], DECAYED, differs).astype(np.int8)
    by = np.full(row.size, -1)
    came, went = np.isnan(given[0]) & ~counted[0][row], np.isnan(given[1]) & ~counted[1][row]
    late = after.whole.at[row] <= to_micros(before.as_of)
    reason[came], reason[came & late] = NEW, LATE
    revived, replaced = _revived(before, after), _replaced(after)
    again = came & late & (revived[row] >= 0)
    reason[again], by[again] = REVIVED, revived[row[again]]
    by[went] = replaced[row[went]]
    retracts = after.whole.retracts()
    reason[went] = np.where(retracts[by[went]] & (by[went] >= 0), RETRACTED, REPLACED)
    return reason, by


def _flags(whole: Ledger, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    flags = np.zeros(len(whole), np.bool_)
    flags[rows] = True
    return flags


def _replaced(state: LedgerState) -> NDArray[np.int64]:
    """Return for each row of the whole ledger the row that replaces it in *state*, -1 where none does."""
    replaced = np.full(len(state.whole), -1)
    corrections = state.ledger.corrections
    if corrections is None:
        return replaced
    stands, _ = corrections.standing(to_micros(state.as_of))
    first = corrections.first_replacing(stands)
    places = state.places(state.ledger)[corrections.row]
    found = first >= 0
    replaced[places[found]] = places[first[found]]
    return replaced


def _revived(before: LedgerState, after: LedgerState) -> NDArray[np.int64]:
    """Return for each row the retraction that took back what had replaced it in the state *before*, else -1."""
    revived = np.full(len(after.whole), -1)
    was = _replaced(before)
    rows = np.flatnonzero((was >= 0) & (_replaced(after) < 0))
    if rows.size:
        revived[rows] = _replaced(after)[was[rows]]
    return revived
