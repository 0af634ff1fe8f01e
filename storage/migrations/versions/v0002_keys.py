"""Who may call, who read, what people decided, and the vault of data keys."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _access_log()
    _labels()
    _api_keys()
    _data_keys()
    for moment, level in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER access_log_refuse_{level.lower()} BEFORE {moment} ON access_log "
            f"FOR EACH {level} EXECUTE FUNCTION refuse_change()"
        )


def _access_log() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_log"),
    )
    op.create_index("ix_access_log_number", "access_log", ["number"])


def _labels() -> None:
    op.create_table(
        "labels",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("guessed", sa.Text(), nullable=True),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("number", "sequence", name="pk_labels"),
    )


def _api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("packs", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("vouches", sa.Boolean(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column(
            "created_at", INSTANT, server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("secret_hash", name="uq_api_keys_secret_hash"),
    )


def _data_keys() -> None:
    op.execute("CREATE SCHEMA vault")
    op.create_table(
        "data_keys",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("master_key_id", sa.Text(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=True),
        sa.Column("receipt_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", INSTANT, server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("erased_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_data_keys"),
        schema="vault",
    )
    op.create_index("ix_data_keys_person_key", "data_keys", ["person_key"], schema="vault")
    # Statistics keep sample values: an erased person must not live on in pg_statistic.
    for column in ("wrapped_key", "person_key"):
        op.execute(f"ALTER TABLE vault.data_keys ALTER COLUMN {column} SET STATISTICS 0")
