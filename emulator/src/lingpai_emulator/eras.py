"""What the profile and phone APIs gave when: each by the day the mini program's version was published.

Source: the announcements of 2021-04-15, 2021-10-20, 2021-12-27 and 2022-10-25.
"""

from datetime import date
from typing import Final, Literal

from lingpai_emulator.mistakes import MistakeError

Api = Literal["getUserInfo", "getUserProfile", "getPhoneNumber"]

# The last day before each change; ISO dates compare as text.
_LAST_REAL: Final[dict[Api, str]] = {
    "getUserInfo": "2021-04-28",
    "getUserProfile": "2022-11-08",
    "getPhoneNumber": "2021-12-26",
}
_LAST_REGION: Final = "2021-10-20"
_TODAY: Final = "9999-12-31"
# What completes a year, a month or a day, by its length.
_FIRST: Final = {4: "-01-01", 7: "-01", 10: ""}


def published(api: Api, era: str | None) -> str:
    """The day a version was published, from an era's name: `before` (or `real`) and `after` (or
    `anonymous`) the API's own change, or a date; a month means its first day. Phone numbers were
    always real. Raises MistakeError.
    """
    if era == "before" or (era == "real" and api != "getPhoneNumber"):
        return _LAST_REAL[api]
    if era in (None, "after", "anonymous", "real"):
        return _TODAY
    try:
        return date.fromisoformat((era or "") + _FIRST[len(era or "")]).isoformat()
    except (KeyError, ValueError) as error:
        raise MistakeError(
            f"There is no era {era!r}. Say real (or before), anonymous (or after), or the day the mini "
            "program was published, such as 2021-04-28; a month means its first day."
        ) from error


def unchanged(api: Api, day: str) -> bool:
    """Whether the API still gave what it was made for: real names; for phones, encryptedData alone."""
    return day <= _LAST_REAL[api]


def has_region(day: str) -> bool:
    """Whether gender and region were told."""
    return day <= _LAST_REGION
