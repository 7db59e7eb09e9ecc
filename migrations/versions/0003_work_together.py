"""Work together: co-handlers, merged petitions, corrected answers, and the day on which the sweep looks again.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("petitions") as batch_op:
        batch_op.add_column(sa.Column("complexity", sa.String(16), nullable=False, server_default="standard"))
        batch_op.add_column(sa.Column("merged_into_id", _ID, nullable=True))
        batch_op.add_column(sa.Column("look_on", sa.Date(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_petitions_merged_into_id"), "petitions", ["merged_into_id"], ["id"]
        )
    with op.batch_alter_table("petitions") as batch_op:
        batch_op.alter_column("complexity", server_default=None)
        batch_op.create_index(batch_op.f("ix_petitions_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(
            "ix_petitions_look_on",
            ["look_on", "id"],
            unique=False,
            sqlite_where=sa.text("look_on IS NOT NULL"),
            postgresql_where=sa.text("look_on IS NOT NULL"),
        )
    # The sweep finds by itself what each petition in place needs, and when.
    op.execute("UPDATE petitions SET look_on = route_by")

    with op.batch_alter_table("responses") as batch_op:
        batch_op.add_column(sa.Column("points", _JSON, nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("corrects", sa.Integer(), nullable=True))
    with op.batch_alter_table("responses") as batch_op:
        batch_op.alter_column("points", server_default=None)

    op.create_table(
        "contributions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("petition_id", _ID, nullable=False),
        sa.Column("agency_code", sa.String(length=32), nullable=False),
        sa.Column("task", sa.String(length=500), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contributed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_code"], ["agencies.code"], name=op.f("fk_contributions_agency_code")
        ),
        sa.ForeignKeyConstraint(["petition_id"], ["petitions.id"], name=op.f("fk_contributions_petition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributions")),
    )
    with op.batch_alter_table("contributions") as batch_op:
        batch_op.create_index(batch_op.f("ix_contributions_petition_id"), ["petition_id"], unique=False)
        batch_op.create_index("ix_contributions_agency", ["agency_code", "ended_at"], unique=False)
