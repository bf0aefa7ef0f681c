"""A website: the code of WeChat's QR page `connect/qrconnect` → openid, unionid."""

from typing import Final

from lingpai.keeper import HeldApp, WeChatCalls
from lingpai.logins.granted import granted
from lingpai.model import AppKind, ProvenIdentity


class WebsiteFlow:
    """A website on a computer, confirmed on the phone."""

    kind: Final[AppKind] = "website"

    def __init__(self, calls: WeChatCalls) -> None:
        self._calls: Final = calls

    async def prove(self, app: HeldApp, code: str) -> ProvenIdentity:
        """Ask WeChat whose code this is; see `Flow.prove`. The code lives ten minutes."""
        return await granted(self._calls, app, code)
