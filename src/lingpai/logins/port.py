"""What a way of logging in promises: it only proves who somebody is.

To add one: a module in `flows/` with a class that satisfies `Flow`, and one line in `registry.py`.
Sessions, tokens, the one commit and the history of logins are shared and stay outside.
The login contract in `tests/contracts` then runs against it.
"""

from typing import Protocol

from lingpai.keeper import HeldApp
from lingpai.model import AppKind, ProvenIdentity


class Flow(Protocol):
    """A way to prove an identity from a one-time code."""

    @property
    def kind(self) -> AppKind:
        """The kind of app it serves."""
        ...

    async def prove(self, app: HeldApp, code: str) -> ProvenIdentity:
        """Who WeChat says this is.

        Raises Problem: code_invalid, code_used, user_blocked, devtools_mock_code, wechat_*.
        It holds no database transaction, and calls WeChat once at most.
        """
        ...
