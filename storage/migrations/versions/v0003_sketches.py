"""What open complaints are compared by; in the vault, because it dies with the data key."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
OF_THE_WORDS = ("title", "words", "cell", "anchors", "signature")


def upgrade() -> None:
    op.create_table(
        "sketches",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("district", sa.Text(), nullable=True),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=True),
        sa.Column("anchors", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("signature", postgresql.BIT(1024), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_sketches"),
        schema="vault",
    )
    op.create_index(
        "ix_sketches_anchors", "sketches", ["anchors"], postgresql_using="gin", schema="vault"
    )
    op.create_index("ix_sketches_cell", "sketches", ["cell"], schema="vault")
    # Statistics keep sample values: what was erased must not live on in pg_statistic.
    for column in OF_THE_WORDS:
        op.execute(f"ALTER TABLE vault.sketches ALTER COLUMN {column} SET STATISTICS 0")
