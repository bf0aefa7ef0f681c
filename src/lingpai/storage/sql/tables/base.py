"""What all tables share. Times are milliseconds since 1970, UTC; what is sealed or a digest is bytes."""

from typing import Any, Final

from sqlalchemy import VARBINARY, LargeBinary, MetaData, String

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

# One B-tree a table on SQLite; openids differ by case, which MySQL's usual collations would ignore.
OPTIONS: Final[dict[str, Any]] = {
    "sqlite_with_rowid": False,
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
}
LARGE_ROWS: Final[dict[str, Any]] = {**OPTIONS, "sqlite_with_rowid": True}
"""For rows that are too large for the nodes of a key's B-tree."""
ID: Final = String(40)
APPID: Final = String(32)
WECHAT_ID: Final = String(64)


def bytes_key(size: int) -> LargeBinary:
    """Bytes that can be a key: MySQL indexes no BLOB."""
    kind = LargeBinary(size)
    return kind.with_variant(VARBINARY(size), "mysql", "mariadb")
