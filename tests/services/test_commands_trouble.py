"""Commands where something around them is wrong: the database, the settings, the words themselves."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories import PASSWORD
from tests.instances import PII_KEY, TIMELINE_KEY, Clock, Instances
from tests.servers import clean_environment, free_port
from tests.services.commands import (
    AGENCY,
    CALENDAR_HEAD,
    ROOT,
    ROW,
    Run,
    as_jsonl,
    refused,
    runner,
    write,
)

# --- what is wrong around them ----------------------------------------------------------------------------

ALL = [
    ("init",),
    ("petitions", "import", "rows.jsonl"),
    ("petitions", "show", "PAKN-20261102-908094-P"),
    ("timeline", "verify"),
    ("timeline", "root"),
    ("timeline", "roots"),
    ("sweep",),
    ("relay", "--once"),
    ("staff", "add", "--username", "a", "--name", "b", "--role", "desk", "--password", PASSWORD),
    ("agencies", "load", "agencies.jsonl"),
    ("calendar", "load", "days.csv", "--version", "1"),
    ("export", "satisfaction", "--month", "2026-09", "--out", "out"),
]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that commands are given."""
    monkeypatch.chdir(tmp_path)
    write(Path("rows.jsonl"), json.dumps(ROW))
    write(Path("agencies.jsonl"), json.dumps(AGENCY))
    write(Path("days.csv"), f"{CALENDAR_HEAD}2026-09-02,off,Quốc khánh,,\n")


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_a_database_that_is_down(
    instances: Instances, clock: Clock, files: None, words: tuple[str, ...]
) -> None:
    made = instances.open(f"postgresql+psycopg://nobody:hidden@127.0.0.1:{free_port()}/pakn")
    line = refused(runner(made.app)(*words), "the database does not answer")
    assert "hidden" not in line


@pytest.mark.parametrize("words", ALL[1:], ids=" ".join)
def test_a_database_without_tables(
    instances: Instances, clock: Clock, engine_name: str, files: None, words: tuple[str, ...]
) -> None:
    with instances.empty(engine_name) as made:
        refused(runner(made.app)(*words), "flask init")


@pytest.mark.parametrize(
    "words", [("--nonsense",), ("sweep", "more"), ("relay", "--twice"), ("petitions", "show")]
)
def test_words_a_command_does_not_know(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    if words[0] in ("sweep", "relay", "petitions"):
        refused(result)


# --- as processes -----------------------------------------------------------------------------------------

BAD_SETTINGS = [
    ({"PAKN_MODE": "staging"}, "PAKN_MODE"),
    ({"PAKN_MODE": "production"}, "SECRET_KEY"),
    ({"PAKN_MODE": "production", "SECRET_KEY": "s" * 40}, "PII_KEYS"),
    ({"PAKN_MODE": "production", "SECRET_KEY": "s" * 40, "PII_KEYS": PII_KEY}, "TIMELINE_KEY"),
    ({"PAKN_MODE": "production", "SECRET_KEY": "short"}, "SECRET_KEY"),
    ({"PII_KEYS": "no key"}, "PII_KEYS"),
    ({"TIMELINE_KEY": "no key"}, "TIMELINE_KEY"),
    ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL"),
    ({"REDIS_URL": "http://x"}, "REDIS_URL"),
    ({"MAIL_URL": "smtp://"}, "MAIL_URL"),
    ({"MAIL_URL": "smtp://mail:port"}, "MAIL_URL"),
    ({"MAIL_FROM": "nobody"}, "MAIL_FROM"),
    ({"MAIL_FROM": "A <a@b.example>\nBcc: c@d.example"}, "MAIL_FROM"),
    ({"BASE_URL": "pakn.example"}, "BASE_URL"),
    ({"PORT": "99999"}, "PORT"),
    ({"AUTO_ROUTE_PRECISION": "2"}, "AUTO_ROUTE_PRECISION"),
]


def process(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command as a process of its own, with nothing of this one's settings."""
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env=clean_environment(**{"PAKN_BACKGROUND": "off", **environment}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(("environment", "name"), BAD_SETTINGS, ids=lambda value: str(value)[:60])
def test_a_bad_setting_stops_a_command_with_one_line(
    tmp_path: Path, environment: dict[str, str], name: str
) -> None:
    known = {"DATABASE_URL": f"sqlite:///{tmp_path}/pakn.db", "SECRET_KEY": "x", "PII_KEYS": ""}
    if "PAKN_MODE" not in environment and "PII_KEYS" not in environment:
        environment = {**known, "PII_KEYS": PII_KEY, **environment}
    else:
        environment = {"DATABASE_URL": known["DATABASE_URL"], "SECRET_KEY": "", **environment}
    ended = process("flask", "--app", "wsgi", "sweep", **environment)
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert line.startswith("pakn: ")
    assert name in line
    assert ended.stdout == ""


@pytest.mark.parametrize(
    "environment",
    [{"PAKN_MODE": "production"}, {"PORT": "eighty"}],
    ids=str,
)
def test_a_bad_setting_stops_the_server_with_one_line(environment: dict[str, str]) -> None:
    ended = process(
        *("gunicorn", "--config", "deploy/gunicorn.conf.py", "--no-control-socket", "wsgi:app"),
        **{"PORT": str(free_port()), **environment},
    )
    assert ended.returncode == 2, ended.stderr
    said = [line for line in ended.stderr.splitlines() if line and "[INFO]" not in line]
    assert len(said) == 1, ended.stderr
    assert next(iter(environment)).replace("PAKN_MODE", "SECRET_KEY") in said[0]


def test_the_commands_as_people_run_them(tmp_path: Path, tiny_model: Path) -> None:
    """From an empty folder to a case shown, each command in a process of its own."""
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/pakn.db",
        "SECRET_KEY": "a secret of the tests, forty characters long",
        "PII_KEYS": PII_KEY,
        "TIMELINE_KEY": TIMELINE_KEY,
        "PAKN_MODE": "production",
        "MODEL_PATH": str(tiny_model),
        "MAIL_URL": f"file://{tmp_path}/mail",
        "FILES_URL": f"file://{tmp_path}/files",
        "BASE_URL": "https://pakn.example.vn",
        "TRUSTED_PROXIES": "1",
    }
    for _ in range(2):
        assert process("flask", "--app", "wsgi", "init", **environment).returncode == 0
    file = as_jsonl(tmp_path, [ROW])
    made = process("flask", "--app", "wsgi", "petitions", "import", str(file), **environment)
    code = json.loads(made.stdout)["code"]
    relayed = process("flask", "--app", "wsgi", "relay", "--once", **environment)
    assert relayed.returncode == 0, relayed.stderr
    shown = process("flask", "--app", "wsgi", "petitions", "show", code, **environment)
    assert json.loads(shown.stdout)["status"] in ("triage", "assigned")
    assert process("flask", "--app", "wsgi", "doctor", **environment).returncode == 0
    assert os.listdir(tmp_path / "files") == []
