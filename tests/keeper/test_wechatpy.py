"""An SDK that nobody changed works against the look-alike."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parent / "children" / "fifty_threads.py"


@pytest.mark.usefixtures("look_alike")
async def test_wechatpy_from_fifty_threads_costs_one_fetch(stack, keys):
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        PROGRAM,
        stack.url,
        stack.wechat.url,
        "wx00000000000000a1",
        keys["reader"],
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await child.communicate()
    told = json.loads(out)
    assert len(told["tokens"]) == 1
    assert told["taken"] == 50
    assert len(stack.wechat.calls("/cgi-bin/stable_token")) == 1
    assert stack.wechat.calls("/cgi-bin/token") == []
