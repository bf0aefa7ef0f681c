"""What was attempted, when step by step, and how often in each minute.

The index over `at` goes: ids sort by time. Lines of before are marked here, so that a search finds them, too.
"""

import sqlalchemy as sa
from alembic import op

from lingpai.storage.sql.migrations.steps import add_column, create_index, create_table, drop_index

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.String(40)
_TIME = sa.BigInteger()
_TOGETHER = 1_000


def upgrade() -> None:
    add_column("login_events", sa.Column("kind", sa.String(16)))
    add_column("login_events", sa.Column("notable", sa.Boolean()))
    _mark()
    create_index("ix_login_events_request_id", "login_events", "request_id")
    create_index("ix_login_events_appid", "login_events", "appid", "id")
    create_index(
        "ix_login_events_notable",
        "login_events",
        *("notable", "id", "appid", "result", "kind", "errcode"),
        where="notable IS NOT NULL",
    )
    drop_index("ix_login_events_at", "login_events")
    create_table(
        "timeline_pages",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("first_at", _TIME, nullable=False),
        sa.Column("last_at", _TIME, nullable=False, index=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=True,
    )
    create_table(
        "login_minutes",
        sa.Column("minute", _TIME, primary_key=True, autoincrement=False),
        sa.Column("appid", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("result", sa.String(64), primary_key=True),
        sa.Column("count", _TIME, nullable=False),
        sa.Column("unrecorded", _TIME, nullable=False),
    )


def _mark() -> None:
    """By id, a thousand at a time: an UPDATE that walks the table would lock it against logins on MySQL."""
    events = sa.table(
        "login_events",
        sa.column("id", sa.String()),
        sa.column("result", sa.String()),
        sa.column("note", sa.String()),
        sa.column("notable", sa.Boolean()),
    )
    aside = sa.or_(events.c.result != "signed_in", events.c.note.is_not(None))
    bind = op.get_bind()
    ids = list(bind.scalars(sa.select(events.c.id).where(aside, events.c.notable.is_(None))))
    for at in range(0, len(ids), _TOGETHER):
        some = events.c.id.in_(ids[at : at + _TOGETHER])
        bind.execute(events.update().where(some).values(notable=True))
