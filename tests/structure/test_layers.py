"""Arrows point one way: the contracts of ``pyproject.toml`` hold, and the pure packages stay pure."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).resolve().parents[2]
# What the pure packages may use beside the standard library.
PURE = {
    "workflows": {"stdnum"},
    "classifiers": {"joblib", "threadpoolctl", "numpy", "scipy", "sklearn", "workflows"},
}


def test_the_contracts_hold(capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


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
