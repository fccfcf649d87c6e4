"""Terms and changes as plain lines."""

from datetime import UTC, datetime

import pytest

from influence_graph.analyses.fusion.sentences import change_sentence, term_sentence

TERM = {
    "at": datetime(2026, 5, 8, 20, tzinfo=UTC),
    "kind": "live_chat",
    "direction": "to_brand",
    "term": "direct",
    "via": "",
    "paid": False,
    "link_event": "e1",
    "link_at": datetime(2026, 5, 1, tzinfo=UTC),
    "points": 4.0,
    "decay": 1.0,
    "relation": 1.0,
    "share": 1.0,
    "contribution": 4.0,
}
SPILLED = {"term": "spillover", "via": "nova", "share": 0.25, "contribution": 1.0}

TERMS = {
    "given": ({}, "+4 on 2026-05-08: positive interaction of the consumer (live chat)"),
    "received": ({"direction": "to_consumer"}, "+4 on 2026-05-08: positive interaction from the brand (live chat)"),
    "negative": (
        {"points": -4.0, "contribution": -4.0},
        "-4 on 2026-05-08: negative interaction of the consumer (live chat)",
    ),
    "let down": (
        {"direction": "to_consumer", "points": -4.0, "contribution": -4.0},
        "-4 on 2026-05-08: negative interaction from the brand (live chat)",
    ),
    "without a kind": ({"kind": ""}, "+4 on 2026-05-08: positive interaction of the consumer"),
    "decayed": (
        {"decay": 0.5, "contribution": 2.0},
        "+2 on 2026-05-08: positive interaction of the consumer (live chat); decayed to 50.0% of +4",
    ),
    "spilled over": (
        SPILLED,
        "+1 on 2026-05-08: positive interaction of the consumer with nova (live chat); 0.25 of its +4 spilled over "
        "because atlas was worn or named together with nova (e1 on 2026-05-01)",
    ),
    "spilled over and decayed": (
        {**SPILLED, "decay": 0.5, "contribution": 0.5},
        "+0.5 on 2026-05-08: positive interaction of the consumer with nova (live chat); 0.25 of its +4 spilled over "
        "because atlas was worn or named together with nova (e1 on 2026-05-01); decayed to 50.0%",
    ),
    "from a rival": (
        {**SPILLED, "share": -0.25, "relation": -1.0, "contribution": -1.0},
        "-1 on 2026-05-08: positive interaction of the consumer with nova (live chat); 0.25 of its +4 spilled over "
        "with reversed sign, as of a rival, because atlas was worn or named together with nova (e1 on 2026-05-01)",
    ),
    "paid for": (
        {"paid": True, "points": 0.0, "contribution": 0.0},
        "+0 on 2026-05-08: neutral interaction of the consumer (live chat), for which the consumer was paid",
    ),
    "returned": (
        {"term": "returned", "kind": "purchase", "direction": "to_consumer"},
        "+4 on 2026-05-08: what the brand gave in return (purchase)",
    ),
    "attention": (
        {"term": "returned", "kind": "free_use"},
        "+4 on 2026-05-08: what the consumer gave in return (free use)",
    ),
}


@pytest.mark.parametrize(("changed", "sentence"), TERMS.values(), ids=TERMS)
def test_a_term_is_one_line(changed, sentence):
    assert term_sentence({**TERM, **changed}, "atlas") == sentence


CHANGES = {
    "new": ({"reason": "new"}, "+4 new: on 2026-05-08 positive interaction of the consumer (live chat)"),
    "late": (
        {"reason": "became known late"},
        "+4 became known late: on 2026-05-08 positive interaction of the consumer (live chat)",
    ),
    "decayed": (
        {"reason": "decayed", "start": 8.0, "end": 4.0, "change": -4.0},
        "-4 decayed, from +8 to +4: on 2026-05-08 positive interaction of the consumer (live chat)",
    ),
    "replaced": (
        {"reason": "replaced", "by": "fix", "change": -4.0},
        "-4 replaced by fix: on 2026-05-08 positive interaction of the consumer (live chat)",
    ),
    "retracted": (
        {"reason": "retracted", "by": "fix", "change": -4.0},
        "-4 retracted by fix: on 2026-05-08 positive interaction of the consumer (live chat)",
    ),
    "share changed": (
        {**SPILLED, "reason": "share changed", "start": 2.0, "end": 1.0, "change": -1.0},
        "-1 share changed, from +2 to +1: on 2026-05-08 positive interaction of the consumer with nova (live chat), "
        "which spilled over because atlas was worn or named together with nova",
    ),
}


@pytest.mark.parametrize(("changed", "sentence"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_one_line(changed, sentence):
    term = {**TERM, "start": 0.0, "end": 4.0, "change": 4.0, "by": "", **changed}
    assert change_sentence(term, "atlas") == sentence
