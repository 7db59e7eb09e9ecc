"""What makes a table only grow: triggers by which the database itself refuses to change or take out a row.

Whoever owns the table can drop them, so on PostgreSQL the service should run under a role that does not
(``docs/operations.md``). Migrations put them in place; one that copies such a table on SQLite must put them back.
"""

_FUNCTION = """\
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$"""


def only_grow(table: str, dialect: str, *keys: tuple[str, ...]) -> list[str]:
    """The statements that make ``table`` only grow. ``keys`` are its primary and unique keys.

    SQLite takes the old row out unasked for ``INSERT OR REPLACE``, so there a key that is taken is refused as well.
    """
    if dialect == "postgresql":
        refuse = "EXECUTE FUNCTION refuse_change()"
        return [
            _FUNCTION,
            f"CREATE TRIGGER {table}_only_grow BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}",
            f"CREATE TRIGGER {table}_never_empty BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
            # Also for a session that calls itself a replica.
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_only_grow",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_never_empty",
        ]
    same = " OR ".join("(" + " AND ".join(f"{name} = NEW.{name}" for name in key) + ")" for key in keys)
    taken = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608  # names, given by migrations
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} only grows: %s is refused'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse % 'UPDATE'}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse % 'DELETE'}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} {refuse % 'REPLACE'}",
    ]


def give_way(table: str, dialect: str) -> list[str]:
    """The statements by which an owner takes the triggers away again."""
    names = (
        ("only_grow", "never_empty") if dialect == "postgresql" else ("no_update", "no_delete", "no_replace")
    )
    place = f" ON {table}" if dialect == "postgresql" else ""
    return [f"DROP TRIGGER {table}_{name}{place}" for name in names]
