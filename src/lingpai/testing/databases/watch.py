"""The process beside a shared server: starts it, says where it is, stops it when nobody uses it any more."""

import fcntl
import json
import os
import sys
from pathlib import Path

from lingpai.testing.databases.private import started
from lingpai.testing.databases.process import DatabaseMissingError


def watch(kind: str, folder: Path) -> None:
    """Every user of the server holds a lock on a file in `folder`; whoever gets it alone is the last."""
    try:
        server = started(kind)
    except DatabaseMissingError as error:
        print(json.dumps({"error": str(error)}), flush=True)  # noqa: T201 - to the process that waits for it
        return
    try:
        print(json.dumps({"url": server.url(server.admin_database)}), flush=True)  # noqa: T201 - as above
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        with (folder / f"{kind}.users").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_EX)
            # Whoever comes now waits for the lock, finds no server, and starts another.
            (folder / f"{kind}.json").unlink(missing_ok=True)
            server.stop()
    finally:
        server.stop()


if __name__ == "__main__":
    watch(sys.argv[1], Path(sys.argv[2]))
