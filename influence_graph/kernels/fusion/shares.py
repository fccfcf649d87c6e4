"""Which share of each event reaches the brands that were linked with its own, event by event."""

from __future__ import annotations

from numba import njit


@njit(cache=True, nogil=True)
def shares(events, links, slot_start, half_life, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Fill *out* with the share of each event that reaches each slot of its pair: count / max(total, 1).

    A link counts 1, and half after each half-life; ``count`` are the links of the pair's brand with the other brand
    of the slot up to and including the time of the event, ``total`` those of all its slots.

    Args:
        events: (pair, time) arrays, sorted by pair and time.
        links: (pair, time, slot) arrays, sorted likewise; a slot is one pair and one other brand.
        slot_start: Slots of pair ``p`` are ``slot_start[p]:slot_start[p + 1]``.
        half_life: Of links, in the unit of times, or infinite.
        out: float64 shares, zeros, and int64 the place of the latest link of each, -1s: one row per event and slot of
            its pair, in the order of both.
    """
    pair, time = events
    link_pair, link_time, link_slot = links
    share, latest = out
    e = link = place = 0
    while e < pair.size:
        p = pair[e]
        first, end = slot_start[p], slot_start[p + 1]
        count, last = [0.0] * (end - first), [-1] * (end - first)
        total, stands = 0.0, 0
        while link < link_pair.size and link_pair[link] < p:
            link += 1
        while e < pair.size and pair[e] == p:
            while link < link_pair.size and link_pair[link] == p and link_time[link] <= time[e]:
                faded = 2.0 ** (-(link_time[link] - stands) / half_life) if total > 0.0 else 0.0
                for s in range(end - first):
                    count[s] *= faded
                slot = link_slot[link] - first
                count[slot] += 1.0
                last[slot] = link
                total = total * faded + 1.0
                stands = link_time[link]
                link += 1
            now = 2.0 ** (-(time[e] - stands) / half_life) if total > 0.0 else 0.0
            for s in range(end - first):
                share[place] = count[s] * now / max(total * now, 1.0)
                latest[place] = last[s]
                place += 1
            e += 1
