"""What Alembic asks for before each migration: here, a connection that is open already."""

from alembic import context

from lingpai.storage.sql.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
    on_version_apply=context.config.attributes["on_version_apply"],
)
context.run_migrations()
