"""A rotation of the data key reaches every column that is sealed under it."""

from sqlalchemy import LargeBinary

from lingpai.model import SEALED
from lingpai.storage.sql.tables import metadata

# Sealed under a token or a cookie that only its holder has; they end with it, within minutes or with the session.
UNDER_A_TOKEN = {("login_attempts", "sealed_result"), ("tickets", "sealed")}


def test_every_sealed_column_is_named_for_the_rotation_or_sealed_under_a_token():
    columns = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if "sealed" in column.name and isinstance(column.type, LargeBinary)
    }
    assert len(columns) > len(UNDER_A_TOKEN)
    assert columns - UNDER_A_TOKEN == {(table, sealed.column) for table, sealed in SEALED.items()}


def test_the_parts_of_a_primary_key_are_what_a_value_is_sealed_for():
    for name, sealed in SEALED.items():
        columns = list(metadata.tables[name].primary_key.columns)
        parts = [
            column.name.encode() if isinstance(column.type, LargeBinary) else column.name
            for column in columns
        ]
        identity = sealed.identity(*parts)
        told = [part.hex() if isinstance(part, bytes) else part for part in parts if part != b"fingerprint"]
        assert name in identity
        assert all(part in identity for part in told), name
