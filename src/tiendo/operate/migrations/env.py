"""Alembic's entry point: one transaction over one connection whose address `migrate` passes in; no ini file."""

from alembic import context
from sqlalchemy import create_engine, pool, text

SCHEMA = "ops"
# Two starts at once must not both find an empty version table.
LOCK = 7406_0002

engine = create_engine(context.config.attributes["dsn"], poolclass=pool.NullPool)
with engine.connect() as connection:
    connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": LOCK})
    connection.commit()
    context.configure(connection=connection, target_metadata=None, version_table_schema=SCHEMA)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
