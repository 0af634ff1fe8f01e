"""Repeats that are attached to an open complaint, and complaints that may be about one matter."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("journal", sa.Column("attach_to", sa.Text(), nullable=True))
    op.create_index(
        "ix_journal_attach_to",
        "journal",
        ["attach_to"],
        postgresql_where=sa.text("attach_to IS NOT NULL"),
    )
    op.create_table(
        "likenesses",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("likeness", sa.Float(), nullable=False),
        sa.Column("found_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("number", "other", name="pk_likenesses"),
    )
    op.create_index("ix_likenesses_other", "likenesses", ["other"])
