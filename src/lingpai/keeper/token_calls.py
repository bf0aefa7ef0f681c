"""Our own calls that carry an access_token: renewed once per call at most."""

from collections.abc import Callable
from typing import Final, TypeVar

from lingpai.errors import Problem
from lingpai.keeper.access_tokens import AccessTokens
from lingpai.keeper.calls import WeChatCalls
from lingpai.keeper.checking import TOKEN_IS_BAD
from lingpai.keeper.directory import HeldApp
from lingpai.wechat import Endpoint, Wire

Ask = TypeVar("Ask", bound=Wire)
Told = TypeVar("Told", bound=Wire)


class TokenCalls:
    """Calls to WeChat that need the app's access_token."""

    def __init__(self, calls: WeChatCalls, tokens: AccessTokens) -> None:
        self._calls: Final = calls
        self._tokens: Final = tokens

    async def call(self, endpoint: Endpoint[Ask, Told], ask: Callable[[str], Ask], app: HeldApp) -> Told:
        """What WeChat answers to `ask(access_token)`.

        When it refuses the token, and there is another one, the call is made once more; never a third time.
        Raises Problem, never an exception of the client; StorageUnavailableError as `AccessTokens.get`.
        """
        appid = app.app.appid
        token = await self._tokens.get(app)
        try:
            return await self._calls.call(endpoint, ask(token.value.reveal()), appid)
        except Problem as problem:
            if problem.wechat is None or problem.wechat.errcode not in TOKEN_IS_BAD:
                raise
            successor = await self._tokens.failed(app, token.generation, problem.wechat.errcode)
            if successor.value == token.value:
                raise
        return await self._calls.call(endpoint, ask(successor.value.reveal()), appid)
