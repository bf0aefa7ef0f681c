"""Reads: each value for itself, on a connection that cannot write."""

from collections.abc import Callable
from typing import Any, Final

from lingpai.storage.port import StorageError
from lingpai.storage.sql.dialects.sqlite import faults
from lingpai.storage.sql.dialects.sqlite.connections import Connections
from lingpai.storage.sql.items import Item


class Reader:
    """Owns one reading connection. All but the constructor runs in the lane's thread."""

    def __init__(self, connect: Callable[[], Connections]) -> None:
        """Raises sqlite3.Error when the file cannot be opened."""
        self._connect: Final = connect
        self._to: Connections | None = connect()

    def close(self) -> None:
        if self._to is not None:
            self._to.close()
            self._to = None

    def work(self, batch: list[Item]) -> list[Any]:
        """The answers to a batch. An answer that is an exception is for its caller alone."""
        return [self._answer(item) for item in batch]

    def _answer(self, item: Item) -> Any:
        if item.answer.cancelled():
            return None
        try:
            if self._to is None:
                self._to = self._connect()
            (answer,) = item.verb(self._to, [item.value])
        except StorageError as error:
            return error
        except Exception as error:  # noqa: BLE001 - told to the caller
            cause = faults.of_the_driver(error)
            if faults.of_one_value(cause):
                return faults.translated(cause)
            self.close()
            return faults.unavailable(cause)
        return answer
