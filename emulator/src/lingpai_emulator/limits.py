"""How many calls of a path an app has a day and a minute, as far as anybody said so."""

from typing import Final

from lingpai_emulator.apps import App
from lingpai_emulator.quotas import Limits

TOKEN: Final = "/cgi-bin/token"  # noqa: S105 - a path
STABLE_TOKEN: Final = "/cgi-bin/stable_token"  # noqa: S105 - a path

# Page on the limits of API calls, and page api_getstableaccesstoken.
_LIMITS: Final[dict[str, Limits]] = {
    TOKEN: Limits(day=2000),
    STABLE_TOKEN: Limits(day=500_000, minute=10_000),
    "/cgi-bin/ticket/getticket": Limits(day=1_000_000),
    "/cgi-bin/user/info": Limits(day=5_000_000),
    "/wxa/resetusersessionkey": Limits(minute=60_000),
}
# A mini program may fetch more than a new official account; one blog measured this number.
_MINI_PROGRAM_TOKEN: Final = Limits(day=10_000)

# Resets of quotas a month; page on clearing quotas.
CLEARS_A_MONTH: Final = 10
CLEARS_OF_ONE_PATH_A_MONTH: Final = 50


def limits(app: App, path: str) -> Limits:
    """What the owner set for this app, else what WeChat's pages say."""
    known = (
        _MINI_PROGRAM_TOKEN if path == TOKEN and app.kind == "miniprogram" else _LIMITS.get(path, Limits())
    )
    return Limits(app.quotas[path], known.minute) if path in app.quotas else known
