"""Tables of people: users, what WeChat calls them, what they told, who was erased."""

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, String, Table, Text

from lingpai.storage.sql.tables.base import APPID, ID, OPTIONS, WECHAT_ID, bytes_key, metadata

users: Final = Table(
    "users",
    metadata,
    Column("id", ID, primary_key=True),
    Column("created_at", BigInteger, nullable=False),
    # The console looks people up by its beginning.
    Column("nickname", String(200), index=True),
    Column("avatar_url", String(1000)),
    **OPTIONS,
)

profiles: Final = Table(
    "profiles",
    metadata,
    Column("user_id", ID, ForeignKey("users.id"), primary_key=True),
    Column("details", Text, nullable=False),
    Column("source", String(16), nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    **OPTIONS,
)
"""What a login need not read: nickname and avatar stand in `users`."""

phones: Final = Table(
    "phones",
    metadata,
    Column("user_id", ID, ForeignKey("users.id"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("blind_index", bytes_key(16), nullable=False, index=True),
    Column("code_digest", bytes_key(32)),
    Column("appid", APPID, nullable=False),
    Column("verified_at", BigInteger, nullable=False),
    **OPTIONS,
)

avatars: Final = Table(
    "avatars",
    metadata,
    Column("url", String(64), primary_key=True),
    # NULL: the person was erased. No foreign key: a picture outlives its person until it is deleted.
    Column("user_id", ID),
    Column("created_at", BigInteger, nullable=False, index=True),
    **OPTIONS,
)
"""Pictures that are stored, about to be, or about to go; `users.avatar_url` says which one is in use."""

erasures: Final = Table(
    "erasures",
    metadata,
    Column("id", ID, primary_key=True),
    Column("user_digest", bytes_key(32), nullable=False, unique=True),
    Column("at", BigInteger, nullable=False),
    **OPTIONS,
)

erased_sessions: Final = Table(
    "erased_sessions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("ended_at", BigInteger, nullable=False, index=True),
    **OPTIONS,
)
"""Sessions of erased people: their access tokens are refused until the last has expired."""

budgets: Final = Table(
    "budgets",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("period", BigInteger, primary_key=True),
    Column("used", BigInteger, nullable=False),
    **OPTIONS,
)

identities: Final = Table(
    "identities",
    metadata,
    Column("appid", APPID, primary_key=True),
    Column("openid", WECHAT_ID, primary_key=True, index=True),
    Column("user_id", ID, ForeignKey("users.id"), nullable=False, index=True),
    Column("unionid", WECHAT_ID, index=True),
    Column("created_at", BigInteger, nullable=False),
    **OPTIONS,
)

unions: Final = Table(
    "unions",
    metadata,
    Column("open_platform", String(64), primary_key=True),
    Column("unionid", WECHAT_ID, primary_key=True),
    Column("user_id", ID, ForeignKey("users.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    **OPTIONS,
)

user_aliases: Final = Table(
    "user_aliases",
    metadata,
    # A user is an alias of one other at most, whoever tries twice: that is this key.
    Column("alias_id", ID, ForeignKey("users.id"), primary_key=True),
    Column("user_id", ID, ForeignKey("users.id"), nullable=False, index=True),
    **OPTIONS,
)

merges: Final = Table(
    "merges",
    metadata,
    Column("id", ID, primary_key=True),
    Column("winner", ID, nullable=False, index=True),
    Column("loser", ID, nullable=False, index=True),
    Column("reason", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("undone_at", BigInteger),
    # JSON: what went from the loser to the winner, so that it can go back.
    Column("moved", Text, nullable=False),
    **OPTIONS,
)
