"""A line to WeChat that tells of each piece before and after it is passed on, for processes that die at a step."""

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit


async def relay_to(wechat_url: str, step: Callable[[str], None]) -> str:
    """Listen on a free port and pass all on; the address to give to a server as WeChat's.

    `step` is told "request held", "request passed", "answer held", "answer passed".
    """
    to = urlsplit(wechat_url)

    async def passed_on(what: str, come: asyncio.StreamReader, go: asyncio.StreamWriter) -> None:
        while piece := await come.read(65_536):
            step(f"{what} held")
            go.write(piece)
            await go.drain()
            step(f"{what} passed")
        go.close()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        come, go = await asyncio.open_connection(to.hostname, to.port)
        await asyncio.gather(passed_on("request", reader, go), passed_on("answer", come, writer))

    line = await asyncio.start_server(relay, "127.0.0.1", 0)
    return f"http://127.0.0.1:{line.sockets[0].getsockname()[1]}"
