"""The page of the Python API: each public name with its signature and docstring."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import influence_graph as ig

STUB = Path(ig.__file__).with_suffix(".pyi")
SECTIONS = ("Args", "Attributes", "Returns", "Yields", "Raises", "Example", "Examples")
GROUPS = {
    "app.open": "Stores",
    "stores.base": "Stores",
    "model.graph": "Graphs",
    "analyses.copresence": "Graphs",
    "analyses.traversal": "Graphs",
    "analyses.ranking": "Ranking",
    "analyses.diffusion": "Diffusion and reach",
    "analyses.maximize": "Seeds",
    "analyses.learning": "Learning",
    "analyses.influencers": "Influencers",
    "analyses.lift": "Lift",
    "analyses.fusion": "Fusion Score",
    "model.policy": "Fusion Score",
    "model.touchpoints": "Fusion Score",
    "analyses.brand": "Brands and customers",
    "model.parameters": "Parameters",
    "errors": "Errors",
}
OTHER = "More"


def public_names() -> dict[str, str]:
    """Return the public names and their modules, in the order of the stub."""
    found = re.findall(r"^from \.([\w.]+) import (\w+)(?: as \w+)?$", STUB.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: module for module, name in found if not name.startswith("_")}


def python_api(note: str) -> str:
    """Return the page, whose head says *note*."""
    groups: dict[str, list[str]] = {group: [] for group in (*dict.fromkeys(GROUPS.values()), OTHER)}
    for name, module in public_names().items():
        group = next((title for start, title in GROUPS.items() if f"{module}.".startswith(f"{start}.")), OTHER)
        groups[group].append(name)
    parts = [f"# Python\n\n{note} `import influence_graph as ig`. The examples are run by the tests.\n"]
    for group, names in groups.items():
        if names:
            parts.append(f"## {group}\n")
            parts += [_entry(name, getattr(ig, name)) for name in names]
    return "\n".join(parts)


def _entry(name: str, value: Any) -> str:
    parts = [f"### {name}\n"]
    if not inspect.isclass(value) and not callable(value):
        return "\n".join([*parts, f"A value of type `{type(value).__name__}`.\n"])
    signature = _signature(f"ig.{name}", value)
    if signature:
        parts.append(f"```text\n{signature}\n```\n")
    parts.append(markdown(inspect.getdoc(value) or ""))
    if inspect.isclass(value):
        parts += _members(name, value)
    return "\n".join(parts)


def _members(owner: str, cls: type) -> Iterator[str]:
    for name, member in vars(cls).items():
        inner = getattr(member, "__func__", member)
        plain = inspect.isfunction(inner) or isinstance(member, property)
        if name.startswith("_") or not plain or not inspect.getdoc(inner):
            continue
        if isinstance(member, property):
            yield f"#### {owner}.{name}\n\nA property.\n"
        else:
            yield f"#### {owner}.{name}\n\n```text\n{_signature(f'{owner}.{name}', inner)}\n```\n"
        yield markdown(inspect.getdoc(inner) or "")


def _signature(name: str, value: Any) -> str:
    if inspect.isclass(value) and not (is_dataclass(value) or "__init__" in vars(value)):
        return ""
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return ""
    kept = [each for each in signature.parameters.values() if each.name not in ("self", "cls")]
    returns = (
        ""
        if signature.return_annotation in (inspect.Signature.empty, None, "None")
        else f" -> {_type(signature.return_annotation)}"
    )
    texts, marked = [], False
    for each in kept:
        if each.kind is each.KEYWORD_ONLY and not marked:
            texts, marked = [*texts, "*"], True
        marked = marked or each.kind is each.VAR_POSITIONAL
        texts.append(_parameter(each))
    line = f"{name}({', '.join(texts)}){returns}"
    if len(line) <= 100:
        return line
    return f"{name}(\n" + "".join(f"    {text},\n" for text in texts) + f"){returns}"


def _parameter(each: inspect.Parameter) -> str:
    stars = {each.VAR_POSITIONAL: "*", each.VAR_KEYWORD: "**"}.get(each.kind, "")  # type: ignore[call-overload]
    typed = "" if each.annotation is each.empty else f": {_type(each.annotation)}"
    if each.default is each.empty:
        return f"{stars}{each.name}{typed}"
    shown = repr(each.default)
    default = "..." if " at 0x" in shown or shown.startswith("<") or len(shown) > 60 else shown
    return f"{stars}{each.name}{typed} = {default}" if typed else f"{each.name}={default}"


def _type(annotation: object) -> str:
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return re.sub(r"\b(?:influence_graph|collections|typing|datetime|numpy|pandas)(?:\.\w+)*\.", "", text)


def markdown(docstring: str) -> str:
    """Return a docstring of the Google style as Markdown."""
    lines: list[str] = []
    section, code = "", False
    for line in [*_plain(docstring).splitlines(), ""]:
        text = line.strip()
        if text.rstrip(":") in SECTIONS and text.endswith(":") and not line.startswith(" "):
            section, lines = text.rstrip(":"), [*lines, f"**{text.rstrip(':')}**", ""]
            continue
        if text and not line.startswith(" "):
            section = ""
        starts = text.startswith(">>> ")
        if code and not text:
            code, lines = False, [*lines, "```"]
        elif starts and not code:
            code, lines = True, [*lines, "", "```python"]
        lines.append(text if code else _escaped(_in_section(section, line)))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _in_section(section: str, line: str) -> str:
    text = line.strip()
    match = re.match(r"^ {4}(\*{0,2}[\w., ]+): (.*)$", line)
    if section in ("Args", "Attributes", "Raises") and match:
        return f"- `{match[1]}`: {match[2]}"
    return f"    {text}" if text and section in ("Args", "Attributes", "Raises") else text


def _plain(text: str) -> str:
    """Return *text* with the roles of reStructuredText as code."""
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text.replace("``", "`"))


def _escaped(line: str) -> str:
    """Return *line* with its < outside of code as Markdown needs it."""
    parts = line.split("`")
    return "`".join(part if number % 2 else part.replace("<", "&lt;") for number, part in enumerate(parts))
