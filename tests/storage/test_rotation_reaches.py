"""A rotation of the data key reaches every sealed column, also those that are added later."""

from lingpai.model import SEALED
from lingpai.storage.sql.tables import metadata

UNDER_ANOTHER_KEY = {
    "login_attempts.sealed_result",  # under the code and the nonce, for a quarter of an hour
    "tickets.sealed",  # under the ticket itself, for a minute
}


def test_every_column_that_is_called_sealed_is_resealed_or_sealed_under_another_key():
    called_sealed = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.name.startswith("sealed") or column.name.endswith("_sealed")
    }
    resealed = {f"{table}.{sealed.column}" for table, sealed in SEALED.items()}
    assert called_sealed == resealed | UNDER_ANOTHER_KEY
