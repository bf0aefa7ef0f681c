"""How a program without a loop runs an emulator: in a thread of its own, or in a process of its own."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass

from lingpai_emulator.client import Wechat
from lingpai_emulator.loops import new_loop
from lingpai_emulator.proxy.environment import Proxy
from lingpai_emulator.serving import EmulatorOptions, running

_PATIENCE = 10.0  # seconds until a start or a stop counts as failed


@dataclass(frozen=True)
class ProxiedWechat(Wechat):
    """An emulator that stands in for WeChat's own hosts too."""

    proxy: Proxy


@contextmanager
def emulator_thread(options: EmulatorOptions | None = None) -> Iterator[Wechat]:
    """An emulator on a free port of this process, without phone and proxy unless asked for.

    With a proxy it is a ProxiedWechat.
    """
    options = options or EmulatorOptions(port=0, phone_port=None)
    up: Future[tuple[Wechat, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        stop = asyncio.Event()
        try:
            async with running(options) as emulator:
                up.set_result((_client(emulator.url, emulator.proxy), asyncio.get_running_loop(), stop))
                await stop.wait()
        except BaseException as error:
            if up.done():
                raise
            up.set_exception(error)

    def work() -> None:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=work, name="lingpai-emulator", daemon=True)
    thread.start()
    wechat, loop, stop = up.result(_PATIENCE)
    try:
        yield wechat
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(_PATIENCE)


@contextmanager
def emulator_process(*arguments: str) -> Iterator[Wechat]:
    """`lingpai-emulator` as a child process on free ports; further command-line options may follow.

    With `--proxy-port` it is a ProxiedWechat.
    """
    command = [sys.executable, "-m", "lingpai_emulator", "--json", "--port", "0", "--no-phone", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:  # noqa: S603 - our own module
        try:
            line = child.stdout.readline() if child.stdout else ""
            if not line:
                raise RuntimeError(f"lingpai-emulator ended with exit code {child.wait(_PATIENCE)}.")
            told = json.loads(line)
            yield _client(told["emulator"], told["proxy"] and Proxy.from_json(told["proxy"]))
        finally:
            child.terminate()
            child.wait(_PATIENCE)


@contextmanager
def proxied_thread() -> Iterator[ProxiedWechat]:
    """The same as `emulator_thread`, with a proxy."""
    with emulator_thread(EmulatorOptions(port=0, phone_port=None, proxy_port=0)) as wechat:
        assert isinstance(wechat, ProxiedWechat)  # noqa: S101 - it was asked for
        yield wechat


def _client(url: str, proxy: Proxy | None) -> Wechat:
    return Wechat(url) if proxy is None else ProxiedWechat(url, proxy)
