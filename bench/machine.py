"""On what it was measured: the lines that stand above every table."""

import os
import platform
import subprocess
import sysconfig
from importlib.metadata import version
from pathlib import Path

from bench.nginx import binary

_LIBRARIES = ("uvicorn", "uvloop", "starlette", "pyreqwest", "msgspec", "fastapi", "httpx", "sqlalchemy")


def machine() -> list[str]:
    """Hardware, versions, and what shared the cores."""
    return [
        f"CPU: {_cpu_model()}, {os.cpu_count()} cores; load before the run {os.getloadavg()[0]:.2f}",
        f"System: {platform.platform()}",
        f"Python {platform.python_version()}, {_how_built()}; nginx {_nginx_version()}",
        "Libraries: " + ", ".join(f"{name} {version(name)}" for name in _LIBRARIES),
        "The load generator and the pretend WeChat share the cores with the server under test.",
        "CPU is user + system of the server alone. Everything talks plain HTTP on loopback.",
    ]


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith(("model name", "Model")):
            return line.partition(":")[2].strip()
    return platform.machine()


def _how_built() -> str:
    arguments = str(sysconfig.get_config_var("CONFIG_ARGS"))
    return "built with PGO" if "--enable-optimizations" in arguments else "built without PGO"


def _nginx_version() -> str:
    said = subprocess.run([binary(), "-v"], capture_output=True, text=True, check=True).stderr
    return said.strip().rpartition("/")[2]
