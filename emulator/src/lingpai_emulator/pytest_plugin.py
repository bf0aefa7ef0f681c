"""What pytest offers to tests that need a WeChat: the fixtures `wechat`, `wechat_process` and `wechat_proxy`.

Nothing of the emulator is imported before a test asks for it: this module is loaded in every
pytest run of an environment that has the emulator installed.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from lingpai_emulator.background import ProxiedWechat
    from lingpai_emulator.client import Wechat


@pytest.fixture(scope="session")
def wechat_thread() -> "Iterator[Wechat]":
    """One emulator for the whole run, in a thread; tests use `wechat`."""
    from lingpai_emulator.background import emulator_thread  # noqa: PLC0415 - see the top of the file

    with emulator_thread() as wechat:
        yield wechat


@pytest.fixture(scope="session")
def wechat_child() -> "Iterator[Wechat]":
    """One emulator process for the whole run; tests use `wechat_process`."""
    from lingpai_emulator.background import emulator_process  # noqa: PLC0415 - see the top of the file

    with emulator_process() as wechat:
        yield wechat


@pytest.fixture(scope="session")
def wechat_proxied() -> "Iterator[ProxiedWechat]":
    """One emulator with a proxy for the whole run, in a thread; tests use `wechat_proxy`."""
    from lingpai_emulator.background import proxied_thread  # noqa: PLC0415 - see the top of the file

    with proxied_thread() as wechat:
        yield wechat


@pytest.fixture
def wechat(wechat_thread: "Wechat") -> "Wechat":
    """A WeChat on a real socket of this process, reset before each test."""
    wechat_thread.reset()
    return wechat_thread


@pytest.fixture
def wechat_process(wechat_child: "Wechat") -> "Wechat":
    """The same as `wechat`, in a process of its own."""
    wechat_child.reset()
    return wechat_child


@pytest.fixture
def wechat_proxy(wechat_proxied: "ProxiedWechat") -> "ProxiedWechat":
    """A WeChat that also answers for https://api.weixin.qq.com: see `wechat_proxy.proxy.environment`."""
    wechat_proxied.reset()
    return wechat_proxied
