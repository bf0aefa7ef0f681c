"""`lingpai dev` as a person starts it, and a real Chromium to look at it."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright


@dataclass
class Dev:
    """A running `lingpai dev` and what it printed."""

    told: dict[str, Any]
    data: Path
    process: subprocess.Popen[str]

    @property
    def database(self) -> Path:
        return self.data / "lingpai.db"

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(20)


def start_dev(data: Path, *words: str) -> Dev:
    """Start it on free ports and wait for its line."""
    command = [sys.executable, "-m", "lingpai", "dev", "--port", "0", "--emulator-port", "0"]
    env = {k: v for k, v in os.environ.items() if not k.startswith("LINGPAI_")}
    log = (data.parent / f"{data.name}.log").open("a")
    process = subprocess.Popen(
        [*command, "--data", str(data), "--no-open", "--json", *words],
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env=env,
    )
    log.close()
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, (data.parent / f"{data.name}.log").read_text()
    return Dev(json.loads(line), data, process)


@pytest.fixture
def start() -> Iterator[Callable[..., Dev]]:
    """`start(data, *words)` → a running `lingpai dev`, ended with the test."""
    running: list[Dev] = []

    def starting(data: Path, *words: str) -> Dev:
        running.append(start_dev(data, *words))
        return running[-1]

    yield starting
    for dev in running:
        if dev.process.poll() is None:
            dev.stop()
        assert dev.process.stdout is not None
        dev.process.stdout.close()


@pytest.fixture
def dev(start: Callable[..., Dev], tmp_path: Path) -> Dev:
    return start(tmp_path / "data")


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is missing: run tools/setup-system, or install the package chromium."
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                # A sandboxed frame in a process of its own is drawn without the page's device scale: blurred.
                "--disable-features=IsolateSandboxedIframes",
            ],
        )
        yield browser
        await browser.close()
