"""what is learned.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_REFERENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("suggestions") as batch_op:
        batch_op.add_column(sa.Column("asks", _JSON, nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("familiar", sa.Float(), nullable=False, server_default="1"))
    # The defaults were for the rows in place.
    with op.batch_alter_table("suggestions") as batch_op:
        batch_op.alter_column("asks", server_default=None)
        batch_op.alter_column("familiar", server_default=None)

    op.create_table(
        "model_versions",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("trained_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decisions", sa.Integer(), nullable=False),
        sa.Column("card", _JSON, nullable=False),
        sa.Column("comparison", _JSON, nullable=True),
        sa.Column("promoted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_model_versions")),
    )
    with op.batch_alter_table("model_versions") as batch_op:
        batch_op.create_index(batch_op.f("ix_model_versions_promoted_at"), ["promoted_at"], unique=False)

    op.create_table(
        "text_bands",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("petition_id", _REFERENCE, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["petition_id"], ["petitions.id"], name=op.f("fk_text_bands_petition_id")),
        sa.PrimaryKeyConstraint("key", "petition_id", name=op.f("pk_text_bands")),
    )
    with op.batch_alter_table("text_bands") as batch_op:
        batch_op.create_index("ix_text_bands_petition_id", ["petition_id"], unique=False)

    op.create_table(
        "likenesses",
        sa.Column("petition_id", _REFERENCE, autoincrement=False, nullable=False),
        sa.Column("earlier_id", _REFERENCE, autoincrement=False, nullable=False),
        sa.Column("likeness", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["earlier_id"], ["petitions.id"], name=op.f("fk_likenesses_earlier_id")),
        sa.ForeignKeyConstraint(["petition_id"], ["petitions.id"], name=op.f("fk_likenesses_petition_id")),
        sa.PrimaryKeyConstraint("petition_id", "earlier_id", name=op.f("pk_likenesses")),
    )
    with op.batch_alter_table("likenesses") as batch_op:
        batch_op.create_index("ix_likenesses_earlier_id", ["earlier_id"], unique=False)
