"""Run by Alembic with the connection that `agent.store.database.migrate` opened and locked."""

from alembic import context

from agent.store.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    # SQLite alters a table by building it anew; `migrate` keeps foreign keys off meanwhile.
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
