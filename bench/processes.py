"""Servers as processes: started, timed, asked what they have used, ended."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

_PATIENCE: Final = 60.0
_CPUCLOCK_SCHED: Final = 2


class NotUpError(Exception):
    """A server did not come up; the text is the end of what it wrote."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that answers on `port` of this machine."""

    name: str
    port: int
    pid: int
    start_seconds: float
    """From the start of its process to its first answer."""
    start_cpu: float
    """CPU seconds in that time."""

    def cpu_ns(self) -> int:
        """User and system time of all its processes so far, in nanoseconds."""
        return cpu_ns(self.pid)

    def rss(self) -> int:
        """Resident memory of all its processes, in bytes."""
        return sum(_rss(pid) for pid in family(self.pid))


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@contextmanager
def serving(
    name: str,
    command: list[str],
    port: int,
    *,
    directory: Path,
    ready: str = "/healthz",
    env: dict[str, str] | None = None,
) -> Iterator[Serving]:
    """Run `command` in `directory` until the block ends; its output goes to `name`.log there.

    It is up when GET `ready` answers 200. Raises NotUpError.
    """
    log = directory / f"{name}.log"
    with log.open("wb") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=directory,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        seconds = _until_up(process, port, ready, began)
        if seconds is None:
            raise NotUpError(f"{name}: {log.read_text(errors='replace')[-2000:]}")
        cpu = sum(_cpu_ns(pid) for pid in family(process.pid)) / 1e9
        yield Serving(name, port, process.pid, seconds, cpu)
    finally:
        _end(process)


def cpu_ns(pid: int) -> int:
    """User and system time of a process and all that descend from it, in nanoseconds."""
    return sum(_cpu_ns(each) for each in family(pid))


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(found for child in children for found in family(int(child)))]


def _until_up(process: "subprocess.Popen[bytes]", port: int, path: str, began: float) -> float | None:
    while process.poll() is None and time.perf_counter() - began < _PATIENCE:
        if _answers(port, path):
            return time.perf_counter() - began
        time.sleep(0.005)
    return None


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _cpu_ns(pid: int) -> int:
    # The kernel's CPU clock of the process (clock_getcpuclockid(3)): the sum that utime and stime of
    # /proc/PID/stat give in steps of 10 ms, threads that have ended included.
    return time.clock_gettime_ns((~pid << 3) | _CPUCLOCK_SCHED)


def _rss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0
