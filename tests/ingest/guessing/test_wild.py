"""Never a wrong silent guess: headers from the wild."""

import pytest

from influence_graph.ingest.guessing.guess import guess
from influence_graph.ingest.mapping.mapping import Rule
from tests.ingest.guessing.wild import WILD, Wild


def _shown(rule: Rule) -> str:
    return "#digest" if rule.digest else f"={rule.constant}" if rule.constant is not None else "+".join(rule.columns)


@pytest.mark.parametrize("wild", WILD, ids=lambda wild: wild.name)
def test_the_guess_is_right_or_is_none(wild: Wild) -> None:
    found = guess(wild.sample)
    asked = sorted(question.about for question in found.questions)
    assert asked == sorted(wild.asks)
    if not wild.kind:
        assert found.mapping is None
        assert bool(found.reason) != bool(found.questions)
        return
    assert found.mapping is not None
    assert found.mapping.kind == wild.kind
    shown = {name: _shown(rule) for name, rule in found.mapping.fields.items() if name not in asked}
    if "event_id" not in wild.fields:
        shown.pop("event_id", None)
    assert shown == {**wild.fields}
