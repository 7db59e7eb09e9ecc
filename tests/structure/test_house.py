"""House rules that a reader could break without noticing; each names its one exception."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("app", "classifiers", "workflows", "tests", "bench", "deploy", "docs", "migrations")
PYTHON = sorted([path for part in OURS for path in (ROOT / part).rglob("*.py")] + [ROOT / "wsgi.py"])
TEMPLATES = sorted((ROOT / "app" / "templates").rglob("*.*"))
VAGUE = re.compile(r"^_?(utils?|helpers?|managers?|misc|common|stuff)$")
FILE_LINES = 350
STATUS_WRITER = "app/services/transition.py"


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def trees(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    for path in PYTHON:
        if name_of(path).split("/")[0] in packages:
            yield name_of(path), ast.parse(path.read_text("utf-8"))


def called(node: ast.AST) -> str:
    """The dotted name of what a node calls, or an empty string."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def writes_status(node: ast.AST) -> bool:
    """Whether a node sets an attribute ``status``, in any of the ways there are."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.For, ast.NamedExpr)):
        targets = [node.target]
    flat = [leaf for target in targets for leaf in ast.walk(target)]
    if any(isinstance(leaf, ast.Attribute) and leaf.attr == "status" for leaf in flat):
        # What an object says of itself is another thing; no petition writes its own status.
        return any(isinstance(leaf, ast.Attribute) and ast.unparse(leaf.value) != "self" for leaf in flat)
    name = called(node)
    if isinstance(node, ast.Call) and name == "setattr":
        return len(node.args) > 1 and not (
            isinstance(node.args[1], ast.Constant) and node.args[1].value != "status"
        )
    if isinstance(node, ast.Call) and name.endswith(".values"):
        return any(keyword.arg == "status" for keyword in node.keywords)
    return False


def test_one_function_sets_the_status_of_a_petition() -> None:
    found = [
        f"{name}:{getattr(node, 'lineno', 0)}"
        for name, tree in trees("app")
        for node in ast.walk(tree)
        if writes_status(node)
    ]
    assert [place.rpartition(":")[0] for place in found] == [STATUS_WRITER], found


def test_the_status_of_a_new_petition_is_received() -> None:
    """Only the constructor of intake gives one at all."""
    given = {
        (name, ast.unparse(keyword.value))
        for name, tree in trees("app")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) == "Petition"
        for keyword in node.keywords
        if keyword.arg == "status"
    }
    assert given == {("app/services/intake.py", "Status.RECEIVED")}


@pytest.mark.parametrize(
    ("code", "writes"),
    [
        ("petition.status = x", True),
        ("petition.status, kind = x", True),
        ("a = petition.status = x", True),
        ("petition.status: Status = x", True),
        ("setattr(petition, 'status', x)", True),
        ("setattr(petition, name, x)", True),
        ("update(Petition).values(status=x)", True),
        ("x = petition.status", False),
        ("setattr(petition, 'kind', x)", False),
        ("petition.kind = petition.status", False),
    ],
)
def test_the_scan_sees_it(code: str, writes: bool) -> None:
    assert any(writes_status(node) for node in ast.walk(ast.parse(code))) is writes


def test_verbs_leave_the_commit_to_their_caller() -> None:
    """Except where a long job works in batches, or makes a file."""
    batches = {"app/services/sweep.py"}
    found = {
        name
        for name, tree in trees("app")
        if name.startswith(("app/services/", "app/queries/", "app/models/"))
        for node in ast.walk(tree)
        if called(node).endswith("session.commit")
    }
    assert found <= batches


def test_every_file_says_what_it_is() -> None:
    assert [name_of(path) for path in PYTHON if VAGUE.match(path.stem)] == []
    folders = {folder for path in PYTHON for folder in path.relative_to(ROOT).parts[:-1]}
    assert [folder for folder in folders if VAGUE.match(folder)] == []


def test_files_stay_short() -> None:
    lengths = {
        name_of(path): len(path.read_text("utf-8").splitlines())
        for path in PYTHON
        if not name_of(path).startswith("migrations/versions/")
    }
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_only_commands_print() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees("app", "classifiers", "workflows")
        if not name.startswith("app/cli/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) == "print"
    ]
    assert found == []


def test_one_place_makes_markup() -> None:
    makers = {
        name
        for name, tree in trees("app")
        for node in ast.walk(tree)
        if called(node).split(".")[-1] == "Markup"
    }
    assert makers == {"app/web/presentation.py"}


def test_no_template_trusts_text() -> None:
    trusting = re.compile(r"\|\s*safe\b|autoescape\s+false|\bMarkup\(")
    assert [name_of(path) for path in TEMPLATES if trusting.search(path.read_text("utf-8"))] == []


def test_no_template_carries_script_or_style() -> None:
    """The policy of the headers would block it, and a page would half work."""
    inline = re.compile(
        r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*\bsrc=)", re.I
    )
    elsewhere = re.compile(r"<(script|link|img|iframe)\b[^>]*(src|href)\s*=\s*[\"'](https?:)?//", re.I)
    pages = [path for path in TEMPLATES if path.suffix == ".html"]
    found = [
        name_of(path)
        for path in pages
        if inline.search(path.read_text("utf-8")) or elsewhere.search(path.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("package", ["app", "classifiers", "workflows"])
def test_one_place_reads_the_clock(package: str) -> None:
    asking = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}
    found = [
        f"{name}:{getattr(node, 'lineno', 0)}"
        for name, tree in trees(package)
        if name != "app/clock.py"
        for node in ast.walk(tree)
        if called(node) in asking or called(node).removeprefix("datetime.") in asking
    ]
    assert found == []


def test_requests_stay_at_the_edge() -> None:
    """Verbs and queries are told everything; they ask no request, no configuration, no environment."""
    asked = re.compile(r"\b(current_app|request|os\.environ|getenv)\b")
    found = {
        f"{name}:{node.lineno}"
        for name, tree in trees("app", "classifiers", "workflows")
        if name.startswith(("app/services/", "app/queries/", "app/models/", "classifiers/", "workflows/"))
        for node in ast.walk(tree)
        if isinstance(node, (ast.Name, ast.Attribute)) and asked.fullmatch(ast.unparse(node))
    }
    assert found == set()
