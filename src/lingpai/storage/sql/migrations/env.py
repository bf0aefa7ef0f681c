"""What Alembic asks for before each migration: here, a connection that is open already."""

from alembic import context

from lingpai.storage.sql.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
)
context.run_migrations()
