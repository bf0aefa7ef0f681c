"""Running servers in this process until somebody asks them to stop."""

import asyncio
import gc
import signal
import sys
from collections.abc import Coroutine
from typing import Any

import uvloop


def run(main: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop; an interrupt is an end, not a trace."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(main)
        except KeyboardInterrupt:
            sys.exit(130)


def stop_signal() -> asyncio.Event:
    """Set by SIGTERM or SIGINT from now on; a second one ends the process at once.

    Ask for it before anybody is told that the server is up.
    """
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()

    def ask() -> None:
        if asked.is_set():
            sys.exit(130)
        asked.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ask)
    return asked


def settle_memory() -> None:
    """What is alive now lives as long as the process: the collector need not look at it again."""
    gc.collect()
    gc.freeze()
