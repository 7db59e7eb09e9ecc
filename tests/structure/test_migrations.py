"""Migrations: from nothing to the models, on both databases, with data in place, in one line."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import Config, upgrade
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from app.configuration import ROOT
from app.models import Model
from tests.instances import Instance, Instances

CONFIG = Config(str(ROOT / "migrations" / "alembic.ini"))
CONFIG.set_main_option("script_location", str(ROOT / "migrations"))
SCRIPTS = ScriptDirectory.from_config(CONFIG)
REVISIONS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]

AN_EVENT = (
    "INSERT INTO events (petition_id, seq, kind, at, actor, status, data, previous_hash, hash) VALUES"
    " (1, 1, 'submitted', '2026-10-01 01:00:00+00:00', 'submitter', 'received', '{}', 'x', 'x')"
)

# For every revision after the first: SQL that puts rows in the tables as they were before it, and SQL whose one
# value must be true after it. A revision without an entry fails, so that nobody forgets what is in place already.
DATA: dict[str, tuple[tuple[str, ...], str]] = {
    "0002": (
        (
            (
                "INSERT INTO petitions (id, code, secret_hash, channel, language, kind, submitter_kind, text, text_sha256,"
                " status, version, handovers, extensions, submitted_at, route_by, acknowledge_by, respond_by,"
                " policy_version, calendar_version) VALUES (1, 'PAKN-20261001-000001-A', 'x', 'web', 'vi', 'feedback',"
                " 'citizen', 'Một văn bản', 'x', 'triage', 1, 0, 0, '2026-10-01 01:00:00+00:00', '2026-10-02',"
                " '2026-10-08', '2026-10-22', 'p', 'c')"
            ),
            (
                "INSERT INTO suggestions (id, petition_id, created_at, model_version, decision, kind, topics, agencies,"
                " flags, reasons) VALUES (1, 1, '2026-10-01 01:00:00+00:00', 'm', 'triage', 'feedback', '[]', '[]', '[]',"
                " '[]')"
            ),
        ),
        "SELECT CAST(asks AS VARCHAR(2)) = '[]' AND familiar = 1 FROM suggestions WHERE id = 1",
    ),
    "0003": (
        (
            (
                "INSERT INTO agencies (code, name_vi, name_en, tier, branch, short, former_names, placeholder)"
                " VALUES ('BKHCN', 'Bộ', 'Ministry', 'central', 'government', '[]', '[]', false)"
            ),
            (
                "INSERT INTO staff (id, username, name, role, agency_code, password_hash, active, created_at)"
                " VALUES (1, 'a', 'A', 'officer', 'BKHCN', 'x', true, '2026-10-01 01:00:00+00:00')"
            ),
            (
                "INSERT INTO responses (id, petition_id, number, state, body, agency_code, author_id, updated_at)"
                " VALUES (1, 1, 1, 'draft', 'Trả lời', 'BKHCN', 1, '2026-10-01 01:00:00+00:00')"
            ),
        ),
        (
            "SELECT complexity = 'standard' AND look_on = route_by AND CAST(points AS VARCHAR(2)) = '[]'"
            " FROM petitions JOIN responses ON responses.petition_id = petitions.id"
        ),
    ),
    "0004": ((AN_EVENT,), "SELECT count(*) = 1 FROM events"),
    "0005": ((), "SELECT count(*) = 0 FROM timeline_roots"),
}


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, instances: Instances) -> Iterator[Instance]:
    """An instance on a database without tables."""
    with instances.empty(request.param) as made:
        yield made


def _migrate(instance: Instance, revision: str = "head") -> None:
    with instance.app.app_context():
        upgrade(revision=revision)


def _differences(connection: Connection) -> list[Any]:
    options = {"compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), Model.metadata))


def test_there_is_one_line_with_one_head() -> None:
    assert len(SCRIPTS.get_heads()) == 1
    assert len(SCRIPTS.get_bases()) == 1
    assert all(isinstance(SCRIPTS.get_revision(r).down_revision, str | None) for r in REVISIONS), "no merges"


def test_from_nothing_to_the_models(empty: Instance) -> None:
    _migrate(empty)
    with empty.engine.connect() as connection:
        assert _differences(connection) == []
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == REVISIONS[-1]


def test_the_names_of_constraints_are_those_of_the_models(empty: Instance) -> None:
    """Alembic compares no names of primary keys and few of foreign ones, but the next revision needs them to drop."""
    _migrate(empty)
    found = inspect(empty.engine)
    for table in Model.metadata.sorted_tables:
        stated = {key["name"] for key in found.get_foreign_keys(table.name)}
        assert stated == {key.name for key in table.foreign_key_constraints}, table.name
        assert found.get_pk_constraint(table.name)["name"] == table.primary_key.name
        uniques = {key["name"] for key in found.get_unique_constraints(table.name)}
        indices = {index["name"] for index in found.get_indexes(table.name)}
        assert {index.name for index in table.indexes} <= indices, table.name
        named = {key.name for key in table.constraints if type(key).__name__ == "UniqueConstraint"}
        assert named <= uniques, table.name


def test_migrating_again_changes_nothing(empty: Instance) -> None:
    _migrate(empty)
    before = _schema(empty)
    _migrate(empty)
    assert _schema(empty) == before


def test_step_by_step_with_data_in_place(empty: Instance) -> None:
    _migrate(empty, REVISIONS[0])
    for revision in REVISIONS[1:]:
        assert revision in DATA, (
            f"say in DATA what revision {revision} finds in place and what it makes of it"
        )
        before, check = DATA[revision]
        with empty.engine.begin() as connection:
            for statement in before:
                connection.execute(text(statement))
        _migrate(empty, revision)
        with empty.engine.connect() as connection:
            assert connection.scalar(text(check)), f"after {revision}: {check}"


def test_at_the_end_the_database_refuses_to_change_what_only_grows(empty: Instance) -> None:
    """Whatever later revisions do to these tables; on SQLite one that alters a table loses its triggers."""
    _migrate(empty, REVISIONS[0])
    with empty.engine.begin() as connection:
        connection.execute(text(DATA["0002"][0][0]))
    _migrate(empty)
    with empty.engine.begin() as connection:
        connection.execute(text(AN_EVENT))
    changes = ["UPDATE events SET kind = 'x'", "DELETE FROM events"]
    if empty.engine.dialect.name == "postgresql":
        changes += ["TRUNCATE events", "SET session_replication_role = replica; DELETE FROM events"]
    else:
        changes += ["UPDATE OR IGNORE events SET kind = 'x'", AN_EVENT.replace("INSERT", "REPLACE")]
    for change in changes:
        with (
            empty.engine.connect() as connection,
            pytest.raises(DBAPIError, match="events only grows"),
        ):
            connection.execute(text(change))
    with empty.engine.connect() as connection:
        assert connection.scalar(text("SELECT kind FROM events")) == "submitted"


def test_only_one_open_custody_period_for_a_petition(empty: Instance) -> None:
    """The database itself holds the rule, by an index that alembic does not compare in full."""
    _migrate(empty)
    indices = {index["name"]: index for index in inspect(empty.engine).get_indexes("assignments")}
    index = indices["uq_assignments_one_open_lead"]
    assert index["unique"]
    where = index["dialect_options"][f"{empty.engine.dialect.name}_where"]
    assert str(where).strip("()") == "ended_at IS NULL"


def _schema(instance: Instance) -> dict[str, list[str]]:
    found = inspect(instance.engine)
    return {name: [column["name"] for column in found.get_columns(name)] for name in found.get_table_names()}
