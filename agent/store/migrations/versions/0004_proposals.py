"""Edits that nobody has decided on."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("draft_id", sa.String(32), sa.ForeignKey("drafts.id"), nullable=False),
        sa.Column("before", sa.Integer, nullable=False),
        sa.Column("wish", sa.Text, nullable=False),
        sa.Column("sections", sa.JSON, nullable=False),
        sa.Column("asked_at", sa.DateTime, nullable=False),
        sa.Column("worker", sa.Text, nullable=False),
        sa.Column("problem", sa.Text),
        sa.Column("edit", sa.JSON),
    )
    op.create_index("ix_proposals_asked_at", "proposals", ["asked_at"])


def downgrade() -> None:
    op.drop_index("ix_proposals_asked_at", "proposals")
    op.drop_table("proposals")
