"""What becomes of a refresh token that is presented: the one rule every backend applies.

A pure function, because each backend must apply it inside its own unit of work.
"""

import hmac
from typing import Literal

import msgspec

from lingpai.model import Rotation, RotationRefusal, Session

Verdict = Literal["rotate", "repeat"] | RotationRefusal


class UsedToken(msgspec.Struct, frozen=True):
    """What is on record of a token that has a successor."""

    used_at: int
    client_tag: bytes
    successor_used: bool


def judge(rotation: Rotation, session: Session, used: UsedToken | None) -> Verdict:
    """`rotate`: replace the token. `repeat`: hand out the successor again. Otherwise: refuse.

    `used` is None while the token is fresh. A token that nobody knows is `unknown` before it comes here.
    The tags are compared in constant time: the one on record belongs to whoever used the token first,
    who may not be the one who asks now (RFC 9700, section 4.14.2).
    """
    if session.ended_at is not None:
        return "ended"
    if session.expires_at <= rotation.at:
        return "expired"
    if used is None:
        return "rotate"
    same_client = hmac.compare_digest(used.client_tag, rotation.client_tag)
    in_grace = rotation.at - used.used_at < rotation.grace
    return "repeat" if same_client and in_grace and not used.successor_used else "reused"
