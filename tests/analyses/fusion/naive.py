"""The Fusion Score by its definition: for each event, count and add, nothing shared with the package."""

import functools
import math
from collections import Counter, defaultdict
from datetime import UTC, datetime

DAY = 86_400.0


def when(text):
    return datetime.fromisoformat(text)


def known(events, as_of, valid_at=None):
    """Return the events that had happened at *valid_at*, were known at *as_of* and counted then."""
    replaced = {targets(events).get(id_) for id_ in standing(events, as_of)}
    heard = [e for e in events if when(e.get("recorded_at") or e["at"]) <= as_of]
    counting = [e for e in heard if e["event_id"] not in replaced and e.get("kind") != "retraction"]
    return [e for e in counting if when(e["at"]) <= (valid_at or as_of)]


def targets(events):
    """Return {id: id} of what replaces what; in a circle, nothing within it replaces its last word."""
    target = {e["event_id"]: e.get("replaces") for e in events}
    heard = {e["event_id"]: (when(e.get("recorded_at") or e["at"]), e["event_id"]) for e in events}

    def closes_circle(id_):
        path = [id_]
        while target.get(path[-1]) not in (None, *path):
            path.append(target[path[-1]])
        is_circle = target.get(path[-1]) == id_
        return is_circle and target[id_] == max(path, key=heard.get)

    return {id_: name for id_, name in target.items() if name in target and not closes_circle(id_)}


def standing(events, as_of):
    """Return the ids of the events known at *as_of* that no standing retraction takes back."""
    heard = {e["event_id"] for e in events if when(e.get("recorded_at") or e["at"]) <= as_of}
    retractions = {e["event_id"] for e in events if e.get("kind") == "retraction"}
    retracting = defaultdict(list)
    for id_, name in targets(events).items():
        if id_ in retractions:
            retracting[name].append(id_)

    @functools.cache
    def stands(id_):
        return id_ in heard and not any(stands(other) for other in retracting[id_])

    return {e["event_id"] for e in events if stands(e["event_id"])}


def others(event):
    """Return the other brands that *event* names."""
    return set((event.get("with_brands") or "").split("|")) - {"", event["brand"]}


def or_else(value, default):
    return default if value is None else value


def rule_of(event, events, policy):
    """Return what *event* means: from the second day on its kind may mean another."""
    rule = policy.table.rule(event.get("kind"))
    if not rule.repeated:
        return rule
    same = [
        when(e["at"]).astimezone(UTC).date()
        for e in events
        if (e["consumer"], e["brand"]) == (event["consumer"], event["brand"])
        and policy.table.rule(e.get("kind")).repeated == rule.repeated
    ]
    return policy.table.rule(rule.repeated) if min(same) < when(event["at"]).astimezone(UTC).date() else rule


def value(strength, policy):
    return strength**policy.curvature if strength >= 0 else -policy.loss_aversion * (-strength) ** policy.curvature


def points(event, rule, policy):
    """Return the points of *event* on its day, and those of what it returns."""
    touchpoint = event.get("touchpoint") or rule.touchpoint
    direction = event.get("direction") or rule.direction
    share = policy.paid if event.get("paid") and direction == "to_brand" else 1.0
    if event.get("points") is not None:
        counts = 1.0 if policy.outcome in ("recommend", rule.shows) else policy.weight(touchpoint)
        return share * counts * event["points"], 0.0
    valence = or_else(event.get("valence"), rule.valence) * or_else(event.get("weight"), 1.0)
    reach, money = event.get("reach"), event.get("value")
    seen = 1.0 if reach is None else 1.0 + math.log10(1 + reach) / math.log10(policy.reach_saturation)
    worth = 1.0 if money is None else 1.0 + math.log2(1 + max(money, 0.0) / policy.value_unit)
    weight = 1.0 if rule.shows == policy.outcome else policy.weight(touchpoint)
    factor = or_else(event.get("confidence"), 1.0) * weight
    gives = share * factor * seen * worth * value(valence * rule.weight, policy)
    return gives, factor * value(valence * rule.returned, policy)


def shares(event, events, policy):
    """Return π of each other brand for *event*: how its consumer linked the two by its time."""
    count = Counter()
    for e in events:
        if e["consumer"] == event["consumer"] and when(e["at"]) <= when(event["at"]):
            days = (when(event["at"]) - when(e["at"])).total_seconds() / DAY
            left = 2.0 ** (-days / policy.link_half_life_days)
            if e["brand"] == event["brand"]:
                for brand in others(e):
                    count[brand] += left
            elif event["brand"] in others(e):
                count[e["brand"]] += left
    return {brand: times / max(1.0, math.fsum(count.values())) for brand, times in count.items()}


def terms(events, as_of, policy, valid_at=None):
    """Yield event id, consumer, brand, direction and amount of every term that is known at *as_of*."""
    events = known(events, as_of, valid_at)
    for e in events:
        rule = rule_of(e, events, policy)
        half_life = policy.half_life(e.get("touchpoint") or rule.touchpoint)
        age = ((valid_at or as_of) - when(e["at"])).total_seconds() / DAY
        left, back = (amount * 2 ** (-age / half_life) for amount in points(e, rule, policy))
        direction = e.get("direction") or rule.direction
        yield e["event_id"], e["consumer"], e["brand"], direction, left
        if back != 0:
            other = {"to_brand": "to_consumer", "to_consumer": "to_brand"}[direction]
            yield e["event_id"], e["consumer"], e["brand"], other, back
        blame = or_else(e.get("blame"), 1.0) if left < 0 else 1.0
        for brand, share in shares(e, events, policy).items():
            spilled = policy.spillover * blame * share * policy.relation(e["brand"], brand)
            if left * spilled != 0:
                yield e["event_id"], e["consumer"], brand, direction, left * spilled


def scores(events, as_of, policy, valid_at=None):
    """Return {(consumer, brand): (to_brand, to_consumer)}."""
    bonds = defaultdict(lambda: {"to_brand": [], "to_consumer": []})
    for _, consumer, brand, direction, amount in terms(events, as_of, policy, valid_at):
        bonds[consumer, brand][direction].append(amount)
    return {bond: (math.fsum(sides["to_brand"]), math.fsum(sides["to_consumer"])) for bond, sides in bonds.items()}
