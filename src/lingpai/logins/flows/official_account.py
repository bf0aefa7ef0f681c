"""An official account: the code of `connect/oauth2/authorize`, inside WeChat → openid, unionid."""

from typing import Final

from lingpai.keeper import HeldApp, WeChatCalls
from lingpai.logins.granted import granted
from lingpai.model import AppKind, ProvenIdentity


class OfficialAccountFlow:
    """A page inside WeChat."""

    kind: Final[AppKind] = "official_account"

    def __init__(self, calls: WeChatCalls) -> None:
        self._calls: Final = calls

    async def prove(self, app: HeldApp, code: str) -> ProvenIdentity:
        """Ask WeChat whose code this is; see `Flow.prove`. The unionid comes with a consent only."""
        return await granted(self._calls, app, code)
