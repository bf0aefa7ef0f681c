"""Renews a token that is due, and kills itself at the N-th step of that; N = 0: lives, and tells the steps.

A step is a statement about to be run by the database, or a piece of the talk with WeChat about to be passed on
(`held`), or just passed on (`passed`). The arguments are a folder with the database and the master key, WeChat's
address, and N.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from lingpai.storage.sql.dialects.sqlite.connections import Connections
from lingpai.testing.server import server_config

sys.path.insert(0, str(Path(__file__).parents[3]))
from tests.keeper.a_node import a_node
from tests.stepping import relay_to

folder, wechat_url, last = sys.argv[1], sys.argv[2], int(sys.argv[3])
steps: list[str] = []
armed = asyncio.Event()


def step(name: str) -> None:
    if armed.is_set():
        steps.append(name)
        if len(steps) == last:
            os.kill(os.getpid(), signal.SIGKILL)


def watch_the_database() -> None:
    plain = Connections.__init__

    def watched(self: Connections, *args: object, **kwargs: object) -> None:
        plain(self, *args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        self.db.set_trace_callback(lambda statement: step(" ".join(statement.split()[:2])))

    Connections.__init__ = watched  # type: ignore[method-assign]  # this process has no other purpose


async def main() -> None:
    watch_the_database()
    async with a_node(server_config(Path(folder), await relay_to(wechat_url, step))) as node:
        before = await node.get()
        armed.set()
        await node.follow()
        armed.clear()
        after = await node.get()
    json.dump({"steps": steps, "generations": [before.generation, after.generation]}, sys.stdout)


asyncio.run(main())
