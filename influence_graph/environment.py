"""What child processes are given of this one's environment: nothing secret."""

from __future__ import annotations

import os
from collections.abc import Mapping

SECRETS = ("NEO4J_PASSWORD",)
"""Variables that hold secrets: no child needs them, and what a process was started with can be read in ``/proc``."""


def without_secrets(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return *environment* without the variables of :data:`SECRETS`.

    Example:
        >>> without_secrets({"PATH": "/bin", "NEO4J_PASSWORD": "sesame"})
        {'PATH': '/bin'}
    """
    return {name: value for name, value in environment.items() if name not in SECRETS}
