"""Ending a task that may not want to end."""

import asyncio

_PATIENCE = 0.1


async def end(task: "asyncio.Task[None]") -> None:
    """Cancel it until it is over: a driver may swallow a cancellation that comes while it dials."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=_PATIENCE)
