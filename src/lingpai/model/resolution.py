"""Which user a proven identity belongs to: the one rule every backend applies.

The unionid decides between apps of one open-platform account, the openid within an app.
A rule as a pure function, because each backend must apply it inside its own unit of work.
"""

from typing import Literal

import msgspec

Conflict = Literal["unionid_of_another_user", "openid_with_another_unionid"]


class Resolution(msgspec.Struct, frozen=True, kw_only=True):
    """What the unit of work has to do."""

    user_id: str | None
    """The known user, or None: make a new one."""
    add_identity: bool = False
    """The openid is new: write (app, openid) → user."""
    note_unionid: bool = False
    """The known openid comes with its first unionid: write it on the identity."""
    add_union: bool = False
    """The unionid is new: write (open platform, unionid) → user."""
    conflict: Conflict | None = None
    """WeChat said two things that do not fit together; nothing was rewritten."""


def resolve(
    *,
    user_by_openid: str | None,
    unionid_on_record: str | None,
    user_by_unionid: str | None,
    unionid: str | None,
    joins: bool,
) -> Resolution:
    """Decide whose login this is.

    `user_by_openid` and `unionid_on_record` are what (app, openid) leads to, `user_by_unionid` what
    (open platform, unionid) leads to. `unionid` is what WeChat says now. `joins` is False for an app
    that is bound to no open-platform account: its unionids are noted and join nothing.

    A known openid stays with its user, whatever unionid arrives: this rule never moves anything.
    `unionid_of_another_user` is how two users turn out to be one person; joining them is a unit of
    work of its own (`storage/port_merges.py`), which follows before the login is answered.
    """
    if user_by_openid is None:
        user = user_by_unionid if joins else None
        return Resolution(
            user_id=user,
            add_identity=True,
            add_union=joins and unionid is not None and user_by_unionid is None,
        )
    if unionid is None:
        return Resolution(user_id=user_by_openid)
    if unionid_on_record not in (None, unionid):
        return Resolution(user_id=user_by_openid, conflict="openid_with_another_unionid")
    if joins and user_by_unionid not in (None, user_by_openid):
        return Resolution(user_id=user_by_openid, conflict="unionid_of_another_user")
    return Resolution(
        user_id=user_by_openid,
        note_unionid=unionid_on_record is None,
        # Also for a unionid noted before the app was bound to its open-platform account.
        add_union=joins and user_by_unionid is None,
    )
