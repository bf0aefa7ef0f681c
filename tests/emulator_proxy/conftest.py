"""What the proxy's tests share: programs that know WeChat by its own names, in processes of their own."""

import os
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

PROGRAMS = Path(__file__).parent / "programs"
# What this machine may have set for other programs, and every test sets for itself.
_OWN = ("proxy", "SSL_CERT", "CA_BUNDLE", "NODE_")


@pytest.fixture
def bare():
    """The environment without anything that points somewhere else."""
    return {name: value for name, value in os.environ.items() if not any(word in name for word in _OWN)}


@pytest.fixture
def environment(wechat_proxy, bare):
    """What somebody's program is started with, and nothing else is changed about it."""
    return bare | wechat_proxy.proxy.environment


@pytest.fixture
def runs(environment):
    """`runs("name.py", argument, …)` → what an unmodified program prints."""

    def running(program, *arguments):
        command = [sys.executable, str(PROGRAMS / program), *arguments]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return running


@pytest.fixture
def door(wechat_proxy):
    """`door(bytes)` → all that the proxy answers, until it closes the connection."""
    parts = urlsplit(wechat_proxy.proxy.url)

    def knocking(sent):
        with socket.create_connection((parts.hostname, parts.port), timeout=10) as sock:
            sock.sendall(sent)
            told = b""
            while True:
                more = sock.recv(65_536)
                if not more:
                    return told.decode()
                told += more

    return knocking


@pytest.fixture
def tunnel(wechat_proxy):
    """`tunnel(host)` → a TLS connection through the proxy, checked against its certificate alone."""
    parts = urlsplit(wechat_proxy.proxy.url)
    context = ssl.create_default_context(cafile=str(wechat_proxy.proxy.ca))
    open_ones = []

    def opening(host="api.weixin.qq.com", *, name=None):
        sock = socket.create_connection((parts.hostname, parts.port), timeout=10)
        open_ones.append(sock)
        sock.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
        assert sock.recv(65_536).startswith(b"HTTP/1.1 200 ")
        secure = context.wrap_socket(sock, server_hostname=name or host)
        open_ones.append(secure)
        return secure

    yield opening
    for sock in open_ones:
        sock.close()


@pytest.fixture
def behaviours():
    """The first cell of every row of FAITHFULNESS.md."""
    table = Path(__file__).parents[2] / "emulator" / "FAITHFULNESS.md"
    lines = table.read_text("utf-8").splitlines()
    return {line.split(" | ")[0].removeprefix("| ") for line in lines if line.startswith("| ")}
