"""Where bash, zsh and fish look for completion scripts, and putting ours there."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from influence_graph.cli.completion.shells import PROGRAM, SHELLS, script
from influence_graph.environment import without_secrets
from influence_graph.errors import InputError
from influence_graph.files import write_whole
from influence_graph.text import did_you_mean

MARK = "# influence-graph completion"
"""What the one line in ``.zshrc`` ends with, by which it is found again."""
_LOADERS = (
    "/usr/share/bash-completion/bash_completion",
    "/etc/bash_completion",
    "/usr/local/share/bash-completion/bash_completion",
    "/usr/local/etc/profile.d/bash_completion.sh",
    "/opt/homebrew/etc/profile.d/bash_completion.sh",
)
"""Where the package bash-completion is, which reads the scripts of single commands when they are needed."""
_ZSH_SECONDS = 10
_ASK_ZSH = 'print -r -- "@$+functions[compdef]"; for folder in $fpath; do print -r -- "@$folder"; done'


@dataclass(frozen=True)
class Place:
    """Where the script of a shell is put.

    Attributes:
        path: The script.
        settings: File of settings that gets one line which reads the script; None: none is needed.
        remark: What the user has to know; "" for nothing.
    """

    path: Path
    settings: Path | None = None
    remark: str = ""


def shell_named(name: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """Return the shell called *name*, or without a name that of ``SHELL``.

    Raises:
        InputError: it is none of bash, zsh and fish.
    """
    chosen = name or Path(environment.get("SHELL", "")).name
    if chosen not in SHELLS:
        what = f"there is no completion for {chosen!r}" if chosen else "SHELL does not say which shell you use"
        raise InputError(what, remedy=did_you_mean(chosen, SHELLS, f"name one of {', '.join(SHELLS)}"))
    return chosen


def places_of(shell: str, environment: Mapping[str, str] = os.environ) -> list[Place]:
    """Return where the script of *shell* can be for the user of *environment*, the best place first."""
    home = Path(environment.get("HOME") or Path.home())
    data = Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share")
    if shell == "bash":
        folder = environment.get("BASH_COMPLETION_USER_DIR") or data / "bash-completion"
        path = Path(folder) / "completions" / PROGRAM
        missing = not any(Path(loader).exists() for loader in _LOADERS)
        need = f"the package bash-completion was not found; without it, put `source {path}` into ~/.bashrc"
        return [Place(path, remark=need if missing else "")]
    if shell == "fish":
        config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
        return [Place(config / "fish" / "completions" / f"{PROGRAM}.fish")]
    line = Place(data / PROGRAM / f"_{PROGRAM}", Path(environment.get("ZDOTDIR") or home) / ".zshrc")
    own = _zsh_folder(home, environment)
    if own is None:
        return [line]
    return [Place(own / f"_{PROGRAM}", remark="if nothing happens at a Tab: rm -f ~/.zcompdump*; exec zsh"), line]


def install(shell: str, place: Place) -> list[str]:
    """Put the script of *shell* in its *place*; return what was done, a line each.

    Raises:
        InputError: a file cannot be written.
    """
    done = [_written(place.path, script(shell))]
    if place.settings is not None:
        done.append(_with_line(place.settings, _line(place.path)))
    return [*done, *filter(None, [place.remark])]


def uninstall(shell: str, places: list[Place]) -> list[str]:
    """Take the script of *shell* out of *places*; return what was done, a line each.

    Raises:
        InputError: a file cannot be written.
    """
    done = []
    for place in places:
        if place.path.exists():
            place.path.unlink()
            done.append(f"removed {place.path}")
        if place.settings is not None and _has_line(place.settings):
            _rewrite(place.settings, _without_line(place.settings))
            done.append(f"took the line out of {place.settings}")
    return done or [f"nothing was installed for {shell}"]


def _zsh_folder(home: Path, environment: Mapping[str, str]) -> Path | None:
    """Return a folder of the user's own from which her zsh loads completions; None: there is none."""
    zsh = shutil.which("zsh")
    if zsh is None:
        return None
    try:
        asked = subprocess.run(  # noqa: S603 - the user's own shell, without a word of anybody else
            [zsh, "-i", "-c", _ASK_ZSH],
            env=without_secrets(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_ZSH_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    told = [line[1:] for line in asked.stdout.splitlines() if line.startswith("@")]
    if told[:1] != ["1"]:  # completion is not switched on
        return None
    own = (Path(line) for line in told[1:] if Path(line).is_relative_to(home))
    return next((folder for folder in own if folder.is_dir() and os.access(folder, os.W_OK)), None)


def _line(path: Path) -> str:
    return (
        "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; };"
        f" [[ -r {_quoted(path)} ]] && source {_quoted(path)}  {MARK}"
    )


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "'\\''") + "'"


def _written(path: Path, text: str) -> str:
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return f"{path} is up to date"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{path.parent} cannot be made: {error.strerror}", remedy="check its permissions") from error
    write_whole(path, text)
    return f"wrote {path}"


def _with_line(settings: Path, line: str) -> str:
    lines = _without_line(settings)
    if _has_line(settings) and [*lines, line] == _lines(settings):
        return f"{settings} reads it already"
    _rewrite(settings, [*lines, line])
    return f"{settings} got a line that reads it, marked {MARK!r}"


def _has_line(settings: Path) -> bool:
    return any(line.endswith(MARK) for line in _lines(settings))


def _without_line(settings: Path) -> list[str]:
    return [line for line in _lines(settings) if not line.endswith(MARK)]


def _lines(settings: Path) -> list[str]:
    text = settings.read_bytes().decode("utf-8", "surrogateescape") if settings.exists() else ""
    return text.removesuffix("\n").split("\n") if text else []


def _rewrite(settings: Path, lines: list[str]) -> None:
    write_whole(settings, "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"))
