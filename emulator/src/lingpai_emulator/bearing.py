"""Whose access_token a call carries, and why it is not taken: the check before every endpoint that needs one.

Source: page of global return codes. Using a token never looks at the IP allow-list.
"""

import re
from typing import Final

from lingpai_emulator.apis import APIS
from lingpai_emulator.apps import App
from lingpai_emulator.calls import Call
from lingpai_emulator.credentials import over_quota
from lingpai_emulator.world import Refusal, World

_SHAPE: Final = re.compile(r"[A-Za-z0-9_\-!@.]{1,512}\Z")


def bearer(world: World, call: Call) -> App | Refusal:
    """Checks 41001, 40014, 40001, 42001, 48001, then the quotas of the path."""
    text = call.params().get("access_token")
    if not text:
        return Refusal(41001, "there is no parameter access_token in the query string")
    if not _SHAPE.match(text):
        return Refusal(world.switches.malformed_token_errcode, "no access_token has such signs or length")
    token = world.tokens.find(text)
    if token is None:
        return Refusal(40001, "this access_token was never given out, or is forgotten by now")
    now = world.clock.now()
    state = token.state(now)
    if state == "superseded":
        ago = f"{now - (token.ends_at or now):.0f} s ago"
        return Refusal(
            40001, f"token number {token.generation} of {token.appid} ended {ago}, for a newer one"
        )
    if state == "expired":
        ago = f"{now - token.expires_at:.0f} s ago"
        return Refusal(42001, f"token number {token.generation} of {token.appid} expired {ago}")
    return _allowed(world, world.apps.named(token.appid), call.path)


def _allowed(world: World, app: App, path: str) -> App | Refusal:
    kinds = APIS[path].kinds
    if app.kind not in kinds:
        return Refusal(48001, f"{app.appid} is of kind {app.kind}; this is for {' or '.join(sorted(kinds))}")
    if path in app.unauthorized:
        return Refusal(48001, f"{path} is among what {app.appid} is not authorized to call")
    return over_quota(world, app, path) or app
