"""The life of an AppSecret: tried before it is in force, kept a while after. Each rule takes the versions of one app
as they are, highest first, and answers what they become; None when the rule does not apply.
"""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from lingpai.clock import DAY, MINUTE, SECOND
from lingpai.model import AppSecretState, AppSecretVersion, TokenTrouble

Versions = Sequence[AppSecretVersion]

KEPT: Final = 15 * MINUTE
"""How long the former AppSecret may come back."""
_SHOWN: Final = 7 * DAY
"""How long a refused one is listed."""
_PROBE_LOST: Final = 20 * SECOND
_ASK_AGAIN: Final = 10 * SECOND
"""After WeChat did not answer."""
_ASK_LATER: Final = MINUTE
"""After WeChat said something that only people can change: a frozen secret, an address that is not allowed."""
_ASK_RARELY: Final = 5 * MINUTE
"""When there is nothing to fall back to: the keeper of tokens asks often enough."""
_DOUBTED_AGAIN: Final = 5 * SECOND


def in_state(versions: Versions, state: AppSecretState) -> AppSecretVersion | None:
    """The highest version in a state."""
    return next((one for one in versions if one.state == state), None)


def to_probe(versions: Versions, now: int) -> AppSecretVersion | None:
    """The candidate, when it is time to ask WeChat about it."""
    one = in_state(versions, "candidate")
    if one is None or one.probed_at is None:
        return one
    if one.trouble is None:
        wait = _PROBE_LOST
    else:
        wait = _ASK_LATER if one.trouble.outcome == "refused" else _ASK_AGAIN
    return one if now - one.probed_at >= wait else None


def to_check(versions: Versions, now: int, *, doubted: bool) -> AppSecretVersion | None:
    """The one in force, when it is time to ask about it: it was refused the last time, or a moment ago to somebody
    (`doubted`) while there is one to fall back to.
    """
    one = in_state(versions, "current")
    if one is None:
        return None
    spare = in_state(versions, "previous") is not None
    if one.trouble is not None and one.probed_at is not None:
        wait = _ASK_LATER if spare else _ASK_RARELY
    elif doubted and spare:
        wait = _DOUBTED_AGAIN
    else:
        return None
    # What was asked before it came into force was asked of a candidate.
    old = one.probed_at is None or one.probed_at < one.changed_at
    return one if old or now - (one.probed_at or 0) >= wait else None


def claimed(versions: Versions, version: int, now: int) -> list[AppSecretVersion]:
    """One process asks WeChat; the others see when."""
    return [replace(one, probed_at=now) if one.version == version else one for one in versions]


def accepted(versions: Versions, version: int, now: int) -> list[AppSecretVersion] | None:
    """WeChat took the candidate: it is in force, and the one that was stays at hand."""
    if not _is(versions, version, "candidate"):
        return None
    former = in_state(versions, "current")
    after = []
    for one in versions:
        if one.version == version:
            after.append(replace(one, state="current", changed_at=now, trouble=None))
        elif former is not None and one.version == former.version:
            after.append(replace(one, state="previous", changed_at=now))
    return after


def refused(
    versions: Versions, version: int, trouble: TokenTrouble, now: int
) -> list[AppSecretVersion] | None:
    """WeChat does not know the candidate: it never was in force."""
    if not _is(versions, version, "candidate"):
        return None
    return [
        replace(one, state="refused", changed_at=now, trouble=trouble) if one.version == version else one
        for one in versions
    ]


def noted(versions: Versions, version: int, trouble: TokenTrouble | None) -> list[AppSecretVersion]:
    """What WeChat said, or that it takes the secret, without a change of states."""
    return [replace(one, trouble=trouble) if one.version == version else one for one in versions]


def fell_back(versions: Versions, trouble: TokenTrouble, now: int) -> list[AppSecretVersion] | None:
    """WeChat refuses the one in force and takes the former one: that is in force again."""
    current, former = in_state(versions, "current"), in_state(versions, "previous")
    if current is None or former is None:
        return None
    changed = {
        current.version: replace(current, state="refused", changed_at=now, trouble=trouble),
        former.version: replace(former, state="current", changed_at=now, trouble=None),
    }
    return [changed.get(one.version, one) for one in versions]


def turned_back(versions: Versions, now: int) -> list[AppSecretVersion] | None:
    """An operator wants the former one: the two change places, so that it can be undone."""
    current, former = in_state(versions, "current"), in_state(versions, "previous")
    if current is None or former is None:
        return None
    changed = {
        current.version: replace(current, state="previous", changed_at=now),
        former.version: replace(former, state="current", changed_at=now, trouble=None),
    }
    return [changed.get(one.version, one) for one in versions]


def tidied(versions: Versions, now: int) -> list[AppSecretVersion] | None:
    """What is past its time goes: a former one, a refused one, a candidate that a later one has overtaken."""
    candidate = in_state(versions, "candidate")
    kept = [
        one
        for one in versions
        if not (
            (one.state == "previous" and now - one.changed_at >= KEPT)
            or (one.state == "refused" and now - one.changed_at >= _SHOWN)
            or (one.state == "candidate" and candidate is not None and one.version < candidate.version)
        )
    ]
    return None if len(kept) == len(versions) else kept


def _is(versions: Versions, version: int, state: AppSecretState) -> bool:
    return any(one.version == version and one.state == state for one in versions)
