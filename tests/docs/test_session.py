"""A step that fails, or prints something else than its page shows, fails the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.blocks import Step
from tests.docs.session import Failed, Session, plain, same


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Session]:
    folder = tmp_path / "work"
    folder.mkdir()
    with Session(folder) as session:
        yield session


def command(text: str, *shown: str) -> Step:
    return Step("command", text, 1, shown)


def test_commands_of_a_page_share_a_shell(opened: Session) -> None:
    opened.run(command("export NAME=june && mkdir inside && cd inside"))
    assert opened.run(command("echo $NAME $(basename $PWD)", "june inside")).output == "june inside\n"


def test_output_is_what_a_terminal_shows_and_notes_come_before_it(opened: Session) -> None:
    step = command("test -t 1 && echo result; echo note >&2", "note", "result")
    assert opened.run(step).both == "note\nresult\n"


@pytest.mark.parametrize(
    "step",
    [
        command("false"),
        command("false | cat"),
        command("echo a", "b"),
        command("(echo 'error: x' >&2; exit 2)", "error: y"),
        Step("python", "1 / 0\n", 1),
        Step("python", ">>> 1 + 1\n3\n", 1),
    ],
)
def test_what_fails_or_differs_fails_the_page(opened: Session, step: Step) -> None:
    with pytest.raises((Failed, ZeroDivisionError)):
        opened.run(step)


def test_an_error_that_is_shown_is_no_failure(opened: Session) -> None:
    assert "error: x" in opened.run(command("(echo 'error: x' >&2; exit 2)", "error: x")).errors


def test_snippets_of_a_page_share_names_and_the_folder_of_its_commands(opened: Session) -> None:
    opened.run(command("echo 7 > number"))
    opened.run(Step("python", "from pathlib import Path\nnumber = int(Path('number').read_text())\n", 1))
    opened.run(Step("python", ">>> number\n7\n", 1))


@pytest.mark.parametrize(
    ("shown", "output", "equal"),
    [
        (("a", "b"), "a\nb\n", True),
        (("a",), "a\nb\n", False),
        (("a", "..."), "a\nb\nc\n", True),
        (("...", "c"), "a\nb\nc\n", True),
        (("id-... x",), "id-20260101 x\n", True),
        (("id-... x",), "id-1\n2 x\n", False),
        (("residual 2.4e-11",), "residual 3e-12\n", True),
        (("1.5",), "1.6\n", False),
        (("a.c",), "abc\n", False),
    ],
)
def test_dots_stand_for_anything(shown: tuple[str, ...], output: str, equal: bool) -> None:
    assert same(shown, output) is equal


def test_escapes_of_a_terminal_are_no_output() -> None:
    assert plain("\x1b[1mbold\x1b[0m \r\n50%\r100%\r\n") == "bold\n100%\n"
