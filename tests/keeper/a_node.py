"""One node without a web in front: the keeper on a database that others use, too."""

from contextlib import AsyncExitStack, asynccontextmanager

from lingpai.app.ground import open_ground
from lingpai.app.outward import open_outward
from lingpai.clock import SystemClock


class ANode:
    """A keeper whose timers are turned by hand."""

    def __init__(self, store, outward):
        self.store = store
        self.keeper = outward.keeper
        self._directory = outward.directory

    async def get(self, slug="demo-mp"):
        return await self.keeper.tokens.get(self._directory.known(slug))

    async def follow(self):
        """Two turns of the timer, and all that they begin: the first notes what is wanted."""
        for _ in range(2):
            await self.keeper.follow()
            await self.keeper.aclose()


@asynccontextmanager
async def a_node(config):
    async with AsyncExitStack() as stack:
        ground = await open_ground(config, SystemClock(), stack)
        yield ANode(ground.store, await open_outward(ground, stack))
