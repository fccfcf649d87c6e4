"""Check the length of files and functions against the budget of CONTRIBUTING.md."""

from __future__ import annotations

import ast
import statistics
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "influence_graph"
MAX_FILE, MEDIAN_FILE, LONG_FUNCTION, LONG_SHARE = 500, 120, 40, 0.02


def code_lines(text: str) -> int:
    """Return the number of lines that are neither blank nor comments."""
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in text.splitlines())


def function_lengths(text: str) -> list[int]:
    """Return the number of lines of each function."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, functions)]
    return [(node.end_lineno or 0) - node.lineno + 1 for node in nodes]


def main() -> int:
    """Print the figures; return 1 where the budget is exceeded."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
    lines = {path: code_lines(text) for path, text in texts.items() if code_lines(text) > 1}
    longest = max(lines, key=lambda path: lines[path])
    median = statistics.median(lines.values())
    lengths = [length for text in texts.values() for length in function_lengths(text)]
    share = sum(length > LONG_FUNCTION for length in lengths) / len(lengths)
    print(f"{len(lines)} files: median {median:.0f} lines of code, longest {lines[longest]} ({longest.name});")
    print(f"{len(lengths)} functions: {share:.1%} longer than {LONG_FUNCTION} lines, longest {max(lengths)}")
    return int(median > MEDIAN_FILE or lines[longest] > MAX_FILE or share > LONG_SHARE)


if __name__ == "__main__":
    sys.exit(main())
