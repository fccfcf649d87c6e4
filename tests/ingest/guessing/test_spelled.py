"""Options of the command line say what a mapping says."""

import shlex

from hypothesis import given
from hypothesis import strategies as st

from influence_graph.ingest.guessing.spelled import quoted, spelled
from influence_graph.ingest.layout import Layout
from influence_graph.ingest.mapping.mapping import Mapping, Rule
from influence_graph.ingest.mapping.rules import changes_of
from influence_graph.ingest.values.notation import Notation

_COLUMN = (
    st.text("abcdefgXYZ $\"'`\\!é", min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda t: " ".join(t.split()) == t and t)
)
_NOTATIONS = st.sampled_from(
    [
        Notation(),
        Notation(format="%d/%m/%Y %H:%M"),
        Notation(unit="ms"),
        Notation(decimal=","),
        Notation(scale=(0, 10)),
        Notation(timezone="UTC"),
    ]
)


@given(_COLUMN, _NOTATIONS, st.text("abc $\"'!`", min_size=1).filter(lambda text: text.strip() == text))
def test_a_shell_gives_back_what_was_spelled(column: str, notation: Notation, constant: str) -> None:
    rules = {
        "at": Rule(columns=(column,), notation=notation),
        "brand": Rule(constant=constant),
        "event_id": Rule(digest=True),
    }
    words = shlex.split(" ".join(spelled(Mapping(kind="interactions", fields=rules)) or []))
    options = list(zip(words[::2], words[1::2], strict=True))
    assert options[0] == ("--as", "interactions")
    maps = [value for option, value in options if option == "--map"]
    constants = [value for option, value in options if option == "--set"]
    assert changes_of(maps, constants).rules([column], "f.csv") == rules


def test_layout_and_zone() -> None:
    mapping = Mapping(kind="ties", fields={}, layout=Layout(encoding="cp1252", delimiter=";"), timezone="Europe/Berlin")
    assert spelled(mapping) == ["--as ties", "--encoding cp1252", '--delimiter ";"', "--timezone Europe/Berlin"]


def test_what_only_a_file_says() -> None:
    assert spelled(Mapping(kind="ties", fields={}, skip={"a": ("",)})) is None
    values = {"kind": Rule(columns=("Type",), notation=Notation(values={"undirected": "friend"}))}
    assert spelled(Mapping(kind="ties", fields=values)) is None


def test_quotes() -> None:
    assert [quoted(text) for text in ("plain", "two words", "", "$HOME", "it's")] == [
        "plain",
        '"two words"',
        '""',
        "'$HOME'",
        '"it\'s"',
    ]
