"""Migrates; with a second argument, stops before that statement and waits to be killed."""

import sqlite3
import sys
import time

from lingpai.storage import migrate
from lingpai.storage.sql.dialects.sqlite.connections import Connections

url, *stop_before = sys.argv[1:]


def watch(connections: Connections) -> None:
    def see(statement: str) -> None:
        if stop_before[0] in statement:
            print("there", flush=True)
            while True:
                time.sleep(60)

    connections.db.set_trace_callback(see)


if stop_before:
    plain = Connections.__init__

    def watched(self: Connections, *args: object, **kwargs: object) -> None:
        plain(self, *args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        watch(self)

    Connections.__init__ = watched  # type: ignore[method-assign]  # this process has no other purpose

try:
    print(*migrate(url))
except sqlite3.Error as error:
    sys.exit(f"a driver's error came through: {error}")
