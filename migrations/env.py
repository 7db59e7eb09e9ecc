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
    """Run the migrations in one transaction each; SQLite alters tables by copying them."""
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            render_as_batch=engine.dialect.name == "sqlite",
            compare_type=True,
            render_item=render,
            user_module_prefix="sa.",
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
