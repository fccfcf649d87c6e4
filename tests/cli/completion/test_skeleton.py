from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from influence_graph.cli.completion import skeleton as module
from influence_graph.cli.completion.places import MARK, Place, install, places_of, shell_named, uninstall
from influence_graph.cli.completion.shells import SHELLS, script
from influence_graph.cli.completion.skeleton import skeleton
from influence_graph.cli.completion.values import COMPLETERS
from influence_graph.cli.completion.words import completer_of, words
from influence_graph.cli.main import main
from influence_graph.errors import InputError


def walked(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from walked(below, (*path, name))


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_the_skeleton_has_every_command_and_every_parameter() -> None:
    plain, _ = skeleton(main)

    def told(root: click.Group) -> dict[tuple[str, ...], list[tuple[str | None, tuple[str, ...], int]]]:
        return {
            path: [
                (each.name, tuple(sorted([*each.opts, *each.secondary_opts])), each.nargs) for each in command.params
            ]
            for path, command in walked(root)
        }

    assert told(plain) == told(main)


def test_every_parameter_has_a_completer_that_there_is() -> None:
    found = {completer_of(path, each) for path, command in walked(main) for each in command.params}
    assert found <= set(COMPLETERS)
    assert {"store", "brand", "consumer", "question", "assignment", "preset", "file"} <= found


def test_questions_are_completed_with_their_parameters() -> None:
    bonds = words()["questions"]["brand-bonds"]["parameters"]
    assert bonds["brand"]["labels"] == ["Brand"]
    assert words()["questions"]["top-by"]["parameters"]["measure"]["choices"][0] == "pagerank"


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"key": "of another version"}'])
def test_a_kept_file_that_is_not_fresh_is_made_anew(kept: str) -> None:
    skeleton(main)
    path = module._kept_file()
    fresh = path.read_text()
    path.write_text(kept)
    skeleton(main)
    assert path.read_text() == fresh


def test_where_nothing_can_be_kept_completion_is_only_slower(cache: Path) -> None:
    cache.write_text("a file where a folder should be")
    assert "rank" in skeleton(main)[0].commands


def test_a_tab_imports_nothing_slow(tmp_path: Path) -> None:
    skeleton(main)
    code = (
        "import os, sys; os.environ['COMP_WORDS'] = 'influence-graph explain --store nowhere s';"
        "from influence_graph.cli.main import main; from influence_graph.cli.completion.shells import answer;"
        "answer(main, 'bash_complete');"
        "print(*sorted({'pandas', 'numpy', 'pyarrow', 'neo4j', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("shell", SHELLS)
def test_scripts_are_put_in_place_once_and_taken_away(shell: str, tmp_path: Path) -> None:
    place = Place(tmp_path / "deep" / "script", tmp_path / ".zshrc" if shell == "zsh" else None)
    mine = b"export MINE=1\n\xff not UTF-8"
    if place.settings:
        place.settings.write_bytes(mine)
        place.settings.chmod(0o600)
    first = install(shell, place)
    assert place.path.read_text() == script(shell)
    assert first[0] == f"wrote {place.path}"
    states = [(place.path.read_bytes(), place.settings and place.settings.read_bytes())]
    assert install(shell, place)[0] == f"{place.path} is up to date"
    assert states == [(place.path.read_bytes(), place.settings and place.settings.read_bytes())]
    if place.settings:
        assert place.settings.read_bytes().startswith(mine + b"\n")
        assert place.settings.read_text(errors="replace").count(MARK) == 1
        assert place.settings.stat().st_mode & 0o777 == 0o600
    assert uninstall(shell, [place])[0] == f"removed {place.path}"
    assert uninstall(shell, [place]) == [f"nothing was installed for {shell}"]
    if place.settings:
        assert place.settings.read_bytes() == mine + b"\n"


def test_the_shell_is_that_of_the_user_unless_another_is_named() -> None:
    assert shell_named(None, {"SHELL": "/usr/bin/fish"}) == "fish"
    assert shell_named("zsh", {"SHELL": "/usr/bin/fish"}) == "zsh"
    with pytest.raises(InputError, match=r"there is no completion for 'zhs'; did you mean 'zsh'"):
        shell_named("zhs", {})
    with pytest.raises(InputError, match=r"SHELL does not say which shell you use; name one of bash, zsh, fish"):
        shell_named(None, {})


def test_places_follow_the_folders_of_the_user(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "PATH": ""}
    assert places_of("fish", home)[0].path == tmp_path / ".config/fish/completions/influence-graph.fish"
    assert places_of("fish", {**home, "XDG_CONFIG_HOME": "/c"})[0].path == Path(
        "/c/fish/completions/influence-graph.fish"
    )
    assert places_of("bash", home)[0].path == tmp_path / ".local/share/bash-completion/completions/influence-graph"
    assert places_of("bash", {**home, "XDG_DATA_HOME": "/d"})[0].path.is_relative_to("/d/bash-completion")
    assert places_of("zsh", {**home, "ZDOTDIR": "/z"})[-1].settings == Path("/z/.zshrc")
