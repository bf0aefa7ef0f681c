"""Who may ask WeChat for a token, and what becomes of the row: the rules every backend applies.

Pure functions from a row and a wish to the next row, because each backend must apply them inside its own
unit of work. None or a refusal means: nothing changes.
"""

from typing import Final

from msgspec.structs import replace

from lingpai.model import (
    Brought,
    Checked,
    Claim,
    ClaimRefusal,
    Forcing,
    Setback,
    TokenRow,
)

_SECOND: Final = 1_000
_HOUR: Final = 3_600 * _SECOND
_DAY: Final = 24 * _HOUR
_SHANGHAI: Final = 8 * _HOUR

FORCED_A_DAY: Final = 15
"""WeChat allows 20 forced refreshes a day; five are left to people."""
FORCED_APART: Final = 30 * _SECOND
_CHECKS_APART: Final = 60 * _SECOND
_REMEMBERED: Final = 16
LEAP: Final = 1_000_000
"""More tokens than an app fetches in the life of a backup: WeChat allows some hundred calls a day."""
_LATE: Final = 180 * _SECOND
"""How late a request may reach WeChat that its sender has given up. Less than the overlap, so that a token which
such a request ended still works when its successor comes."""


def claimed(row: TokenRow | None, claim: Claim, now: int) -> TokenRow | ClaimRefusal:
    """The row with the claimant's lease on it, or why not."""
    row = row or TokenRow(appid=claim.appid, kind=claim.kind)
    if row.generation != claim.generation:
        return "other"
    if leased(row, now):
        return "leased"
    if claim.why == "check":
        if now < row.checked_at + min(_SECOND << min(row.checks, 6), _CHECKS_APART) and row.checks:
            return "early"
    elif not due(row, now, secret_version=claim.secret_version, urgent=claim.urgent):
        return "early"
    day = shanghai_day(now)
    return replace(
        row,
        fence=row.fence + 1,
        lease_owner=claim.owner,
        lease_from=now,
        lease_until=now + claim.lease,
        # A claim that ran out may have been sent: then the present token is dying since its time.
        sent_at=(row.sent_at or now) if claim.breaking else row.sent_at,
        tried_version=claim.secret_version,
        day=day,
        calls=row.calls + 1 if row.day == day else 1,
    )


def leapt(row: TokenRow) -> TokenRow:
    """The row after its database came back from a backup: without the token, whose successors are lost.

    No generation that backends were told of since the backup may come a second time.
    """
    return TokenRow(
        appid=row.appid,
        kind=row.kind,
        generation=row.generation + LEAP if row.generation else 0,
        fence=row.fence + LEAP,
        wanted_at=row.wanted_at,
        day=row.day,
        calls=row.calls,
        forced_at=row.forced_at,
        replaced_at=row.replaced_at,
    )


def shanghai_day(now: int) -> int:
    """The day that WeChat counts calls by: days since 1970 in Asia/Shanghai."""
    return (now + _SHANGHAI) // _DAY


def leased(row: TokenRow, now: int) -> bool:
    """Whether somebody asks WeChat. A lease from the future is one of a clock that was set back."""
    return row.lease_owner is not None and row.lease_from <= now < row.lease_until


def due(row: TokenRow, now: int, *, secret_version: int, urgent: bool) -> bool:
    """Whether an attempt may be made. After a failure nobody tries before its time, unless the AppSecret is new."""
    if row.state != "ok" and secret_version != row.tried_version:
        return True
    if row.state == "ok" and urgent:
        return True
    return not row.settled_at <= now < row.next_attempt_at


def forced(row: TokenRow | None, forcing: Forcing, now: int) -> TokenRow | None:
    """The row with a forced refresh on its log, or None when the budget or the claim does not allow it."""
    if row is None or row.fence != forcing.fence or row.lease_owner is None:
        return None
    today = tuple(at for at in row.forced_at if now - _DAY < at <= now)
    if len(today) >= FORCED_A_DAY or (today and now - today[-1] < FORCED_APART):
        return None
    return replace(row, forced_at=(*today, now), lease_from=now, lease_until=now + forcing.lease)


def kept(row: TokenRow | None, brought: Brought, now: int) -> TokenRow | None:
    """The row with the token in it. None: another claim came after the one that brought it."""
    if row is None or row.fence != brought.fence:
        return None
    new = brought.sealed is not None
    # The earlier of two ways to say when WeChat was asked: the clock may have been set while the call was out.
    asked_at = min(row.lease_from, now - brought.asked_ago)
    # An earlier call that nobody heard of again may be under way still, and ends this token when it arrives.
    doubtful = row.sent_at is not None and row.sent_at < row.lease_from
    renew_in = min(brought.renew_in, _LATE) if doubtful else brought.renew_in
    return replace(
        row,
        generation=brought.fence if new else row.generation,
        sealed=brought.sealed if new else row.sealed,
        fetched_at=now,
        expires_at=asked_at + brought.expires_in,
        lease_owner=None,
        sent_at=None,
        state="ok",
        trouble=None,
        failures=0,
        settled_at=now,
        next_attempt_at=asked_at + renew_in,
        checks=0 if new else row.checks,
        replaced_at=(*row.replaced_at, now)[-_REMEMBERED:] if brought.replaced else row.replaced_at,
    )


def set_back(row: TokenRow | None, setback: Setback, now: int) -> TokenRow | None:
    """The row with the trouble in it and the lease gone. None: the claim is not the last one."""
    if row is None or row.fence != setback.fence:
        return None
    return replace(
        row,
        lease_owner=None,
        sent_at=None if setback.unsent and row.sent_at == row.lease_from else row.sent_at,
        state=setback.state,
        trouble=setback.trouble,
        failures=row.failures + 1,
        settled_at=now,
        next_attempt_at=now + setback.retry_in,
    )


def checked(row: TokenRow | None, check: Checked, now: int) -> TokenRow | None:
    """The row after a reported token was tried. None: the claim is not the last one."""
    if row is None or row.fence != check.fence:
        return None
    return replace(
        row,
        lease_owner=None,
        # Also when it is dead: if nothing can replace it, trying it again and again does not help.
        checks=row.checks + 1,
        checked_at=now,
    )
