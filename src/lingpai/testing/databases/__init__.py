"""Database servers for tests: the ones that LINGPAI_TEST_POSTGRES and LINGPAI_TEST_MYSQL name, else private
ones, started from the distribution's packages or by Docker in temporary places and gone with the test run.

    with server_for("postgresql") as server:      # shared by all processes of a test run
        url = server.fresh()                      # an empty database of its own
        ...
        server.remove(url)
"""

from lingpai.testing.databases.private import started
from lingpai.testing.databases.process import DatabaseMissingError, PrivateServer
from lingpai.testing.databases.shared import DatabaseServer, server_for
from lingpai.testing.databases.sql import emptied, execute, rows

__all__ = [
    "DatabaseMissingError",
    "DatabaseServer",
    "PrivateServer",
    "emptied",
    "execute",
    "rows",
    "server_for",
    "started",
]
