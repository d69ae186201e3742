"""Conversations with every step of every reply, and what people stated themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("period", sa.String(64), nullable=False),
        sa.Column("draft_id", sa.String(32), sa.ForeignKey("drafts.id")),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.Column("touched_at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_conversations_account", "conversations", ["account", "touched_at"])
    op.create_table(
        "messages",
        sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("author", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("ended", sa.String(16)),
        sa.Column("worker", sa.Text),
    )
    op.create_table(
        "events",
        sa.Column("conversation_id", sa.String(32), primary_key=True),
        sa.Column("message", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["conversation_id", "message"], ["messages.conversation_id", "messages.number"]),
    )
    op.create_table(
        "statements",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("on_day", sa.Date, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("metric", sa.Text),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("said_at", sa.DateTime, nullable=False),
        sa.Column("forgotten_at", sa.DateTime),
    )
    op.create_index("ix_statements_who", "statements", ["who", "on_day"])


def downgrade() -> None:
    op.drop_index("ix_statements_who", "statements")
    op.drop_table("statements")
    op.drop_table("events")
    op.drop_table("messages")
    op.drop_index("ix_conversations_account", "conversations")
    op.drop_table("conversations")
