"""Drafts and their versions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("period", sa.String(64), nullable=False),
        sa.Column("organisation", sa.Text),
        sa.Column("fingerprint", sa.String(64), nullable=False),
    )
    op.create_index("ix_drafts_fingerprint", "drafts", ["fingerprint"])
    op.create_index("ix_drafts_period", "drafts", ["period"])
    op.create_table(
        "versions",
        sa.Column("draft_id", sa.String(32), sa.ForeignKey("drafts.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("parent", sa.Integer),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("instruction", sa.Text),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("model", sa.Text),
        sa.Column("input_tokens", sa.Integer, nullable=False),
        sa.Column("output_tokens", sa.Integer, nullable=False),
        sa.Column("cost_micros", sa.BigInteger),
        sa.Column("cost_currency", sa.String(3), nullable=False),
        sa.Column("run", sa.JSON, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.Column("link", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("versions")
    op.drop_index("ix_drafts_period", "drafts")
    op.drop_index("ix_drafts_fingerprint", "drafts")
    op.drop_table("drafts")
