"""Which app-level APIs there are: who may call each, and how often, as far as anybody said so."""

from typing import Final

import msgspec

from lingpai_emulator.apps import App, Kind
from lingpai_emulator.quotas import Limits

TOKEN: Final = "/cgi-bin/token"  # noqa: S105 - a path
STABLE_TOKEN: Final = "/cgi-bin/stable_token"  # noqa: S105 - a path
FORCED: Final = "/cgi-bin/stable_token with force_refresh"
CLEAR_QUOTA: Final = "/cgi-bin/clear_quota"

# Resets of quotas a month; page on clearing quotas.
CLEARS_A_MONTH: Final = 10
CLEARS_OF_ONE_PATH_A_MONTH: Final = 50

_MINI_PROGRAM: Final[frozenset[Kind]] = frozenset({"miniprogram"})
_OFFICIAL_ACCOUNT: Final[frozenset[Kind]] = frozenset({"official_account"})
_BOTH: Final = _MINI_PROGRAM | _OFFICIAL_ACCOUNT


class Api(msgspec.Struct, frozen=True):
    """`kinds` of app that may call it. A million calls a day is what quota/get was seen to say of many."""

    kinds: frozenset[Kind]
    limits: Limits = Limits(day=1_000_000)


# Limits from the page on the limits of API calls, and from the page of each API.
APIS: Final[dict[str, Api]] = {
    TOKEN: Api(_BOTH, Limits(day=2000)),
    STABLE_TOKEN: Api(_BOTH, Limits(day=500_000, minute=10_000)),
    "/cgi-bin/ticket/getticket": Api(_BOTH),
    "/cgi-bin/user/info": Api(_OFFICIAL_ACCOUNT, Limits(day=5_000_000)),
    "/cgi-bin/getcallbackip": Api(_BOTH),
    "/cgi-bin/get_api_domain_ip": Api(_BOTH),
    CLEAR_QUOTA: Api(_BOTH, Limits(day=100)),
    "/cgi-bin/clear_quota/v2": Api(_BOTH, Limits(day=100)),
    "/cgi-bin/openapi/quota/clear": Api(_BOTH),
    "/cgi-bin/openapi/quota/get": Api(_BOTH),
    "/cgi-bin/openapi/rid/get": Api(_BOTH),
    "/wxa/checksession": Api(_MINI_PROGRAM),
    "/wxa/resetusersessionkey": Api(_MINI_PROGRAM, Limits(minute=60_000)),
    "/wxa/getpaidunionid": Api(_MINI_PROGRAM),
    "/wxa/business/getuserphonenumber": Api(_MINI_PROGRAM),
    "/wxa/business/checkencryptedmsg": Api(_MINI_PROGRAM),
}
# A mini program may fetch more than a new official account; one blog measured this number.
_MINI_PROGRAM_TOKEN: Final = Limits(day=10_000)


def limits(app: App, path: str) -> Limits:
    """What the owner set for this app, else what is known of the path."""
    known = APIS[path].limits if path in APIS else Limits()
    if path == TOKEN and app.kind == "miniprogram":
        known = _MINI_PROGRAM_TOKEN
    return Limits(app.quotas.get(path, known.day), app.minute_quotas.get(path, known.minute))
