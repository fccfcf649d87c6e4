"""Values of any type for every key: used, or refused in one line that names the place; never an internal error.

`CONFIGURED_VALUES=all` tries all of them, else a sample.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args

import pytest

from influence_graph.configuration.forms import plain
from influence_graph.configuration.load import load
from influence_graph.configuration.sections import Configuration
from influence_graph.configuration.whole import check_whole
from influence_graph.errors import InfluenceGraphError
from influence_graph.text import without_credentials

VALUES = (
    "''", "' '", "'x'", "0", "-1", "5", "1.5", "nan", "-inf", "true", "[]", "[1]", "['a']", "[[1]]", "{}", "{a=1}",
    "2026-01-01", "2026-01-01T00:00:00Z", "07:32:00", '"x\\u0000y"', '"\\u202e"', str(10**30), f"'{'x' * 5000}'",
    "'30d'", "'1e400d'", "'~nobody/x'", "'@daily'", "'bolt://u:hunter2@h'", "'/'", "'/dev/null'",
)  # fmt: skip
SAMPLE = 40


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.upper().startswith(("INFLUENCE_GRAPH_", "NEO4J_")):
            monkeypatch.delenv(name)


def keys() -> Iterator[tuple[str, str]]:
    """Yield what stands above each key, and the key."""
    for name, each in Configuration.model_fields.items():
        form: Any = plain(each.annotation)
        yield "", name
        if is_dataclass(form):
            yield from ((f"[{name}]", field.name) for field in fields(form))
        elif name == "schedule":
            yield "[schedule]", "x"
            of: Any = plain(get_args(form)[1])
            yield from (
                ("[schedule.x]\nevery = '1h'" * (f.name != "every") or "[schedule.x]", f.name) for f in fields(of)
            )
        elif name == "alerts":
            for rule in get_args(plain(get_args(form)[0])):
                kind = next(field.default for field in fields(rule) if field.name == "kind")
                yield from (
                    (f"[[alerts]]\nkind = '{kind}'", field.name) for field in fields(rule) if field.name != "kind"
                )
        else:
            yield "[commands]", "rank"


def test_any_value_of_any_key_is_used_or_refused_in_one_line(tmp_path: Path) -> None:
    tries = [(above, key, value) for above, key in keys() for value in VALUES]
    assert len(tries) > 1500
    if os.environ.get("CONFIGURED_VALUES") != "all":
        tries = random.Random(14).sample(tries, SAMPLE)
    path, used, refused = tmp_path / "influence-graph.toml", 0, 0
    for above, key, value in tries:
        path.write_text(f"{above}\n{key} = {value}\n")
        try:
            loaded = load(path)
            check_whole(loaded)
        except InfluenceGraphError as error:
            said = without_credentials(str(error))  # as the command line tells it
            assert said.startswith(f"{path}:"), (above, key, value, said)
            assert "\n" not in said
            assert "hunter2" not in said or "://" not in value, said
            refused += 1
        else:
            assert "hunter2" not in str(list(loaded.rows()))
            used += 1
    print(f"{used} values used, {refused} refused")  # noqa: T201
    assert used
    assert refused
