"""What is drawn from data must say what the data says, and what the README names must be there."""

import re
from pathlib import Path

from docs import lifecycle

ROOT = Path(__file__).resolve().parents[2]


def test_lifecycle_page_is_drawn_from_the_table_in_use() -> None:
    assert lifecycle.TARGET.read_text("utf-8") == lifecycle.page()


def test_readme_points_only_at_what_exists() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    named = set(re.findall(r"\]\(([^)#]+)\)", readme))
    assert named, "the README shows nothing"
    assert not [name for name in named if not name.startswith("http") and not (ROOT / name).exists()]


def test_readme_names_only_targets_that_make_has() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"^    make ([a-z]+)\b", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE))
    assert {"run", "test"} <= named
    assert named <= targets
