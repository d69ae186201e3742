"""Where drafts live: every version of every draft, append-only, in SQLite or PostgreSQL."""
