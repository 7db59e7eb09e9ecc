"""Arrows point one way: the contracts of ``pyproject.toml`` hold, and the pure packages stay pure."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What the pure packages may use beside the standard library.
PURE = {
    "workflows": {"stdnum"},
    "classifiers": {"joblib", "threadpoolctl", "numpy", "scipy", "sklearn", "workflows"},
}


def test_the_contracts_hold() -> None:
    # In a process of its own: it sets up logging anew, and other tests would then see nothing logged.
    lint = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    found = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize("package", PURE)
def test_the_pure_packages_import_nothing_else(package: str) -> None:
    for path in sorted((ROOT / package).rglob("*.py")):
        for line, name in _imports(path):
            top = name.partition(".")[0]
            allowed = top in sys.stdlib_module_names or top == package or top in PURE[package]
            assert allowed, f"{path.relative_to(ROOT)}:{line} imports {name}"


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")
