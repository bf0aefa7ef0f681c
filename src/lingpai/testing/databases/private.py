"""Starting a private server: from a package when there is one, else in a container."""

from typing import Final

from lingpai.testing.databases import docker
from lingpai.testing.databases.mysql import MysqlServer
from lingpai.testing.databases.postgresql import PostgresServer
from lingpai.testing.databases.process import DatabaseMissingError, PrivateServer
from lingpai.testing.databases.redis_server import RedisServer

_KINDS: Final[dict[str, type[PrivateServer]]] = {
    "postgresql": PostgresServer,
    "mysql": MysqlServer,
    "redis": RedisServer,
}


def started(kind: str) -> PrivateServer:
    """A new private server that the caller may kill. Raises DatabaseMissingError."""
    server: PrivateServer
    try:
        server = _KINDS[kind]()
        server.initialize()
        server.start()
    except DatabaseMissingError:
        if kind not in docker.KINDS or not docker.answers():
            raise
        server = docker.DockerServer(kind)
        server.start()
    return server
