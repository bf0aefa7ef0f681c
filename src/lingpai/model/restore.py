"""A database that came back from a backup: from when on what is on record counts again."""

import msgspec


class Restore(msgspec.Struct, frozen=True, kw_only=True):
    """One return from a backup. Its `at` is an epoch: no session that began before it runs any more."""

    id: str
    at: int
    """Whole seconds, in milliseconds, because access tokens know no less."""
    finished_at: int | None = None
    """None: it was broken off, and nothing may be served yet."""


class Withdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows a restore took out of use."""

    sessions: int
    refresh_tokens: int
    session_keys: int
    one_time: int
    """Used codes, states and tickets."""
    wechat_tokens: int
    """Of people and of apps; all of them are asked for again."""
