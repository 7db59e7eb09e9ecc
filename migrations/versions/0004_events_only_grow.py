"""events only grow.

Revision: 0004, after 0002.
"""

from alembic import op

from app.models.append_only import only_grow

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    for statement in only_grow("events", op.get_bind().dialect.name, ("id",), ("petition_id", "seq")):
        op.execute(statement)
