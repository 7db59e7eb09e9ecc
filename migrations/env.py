"""How Alembic reaches the database: through the application's own engine."""

from typing import Any, Literal

from alembic import context
from flask import current_app

from app.models import Model
from app.models.base import Json, UtcInstant

engine = current_app.extensions["migrate"].db.engine


def render(kind: str, value: Any, _context: Any) -> str | Literal[False]:
    """Write the house's own column types in a migration by what the database sees of them."""
    if kind == "type" and isinstance(value, UtcInstant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(value, type(Json)):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run() -> None:
    """Run the migrations in one transaction each.

    SQLite alters a table by copying it and dropping the old one, so rows that point to it must be left alone meanwhile
    (https://www.sqlite.org/lang_altertable.html#otheralter); whether all still point to something is checked at the end.
    """
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            # Within a transaction it would do nothing, so it goes past SQLAlchemy, which begins one by itself.
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            render_as_batch=sqlite,
            compare_type=True,
            render_item=render,
            user_module_prefix="sa.",
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            connection.connection.execute("PRAGMA foreign_keys=ON")
            lost = connection.connection.execute("PRAGMA foreign_key_check").fetchall()
            if lost:
                raise RuntimeError(f"rows that point to nothing: {lost[:5]}")


run()
