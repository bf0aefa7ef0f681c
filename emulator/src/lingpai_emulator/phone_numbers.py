"""How WeChat writes a phone number: whole, without the country, and the country's code (ITU-T E.164)."""

import re
from typing import Final

# Country codes of one and two digits; all others have three.
_SHORT: Final = re.compile(
    r"(1|7|20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])(?=\d)"  # ITU-T E.164.D
)
_CHINA: Final = "86"


def phone_info(phone: str) -> dict[str, str]:
    """phoneNumber (with its country only if that is not China), purePhoneNumber, countryCode."""
    if not phone.startswith("+"):
        return {"phoneNumber": phone, "purePhoneNumber": phone, "countryCode": _CHINA}
    digits = phone[1:]
    short = _SHORT.match(digits)
    code = short[1] if short else digits[:3]
    pure = digits[len(code) :]
    whole = pure if code == _CHINA else phone
    return {"phoneNumber": whole, "purePhoneNumber": pure, "countryCode": code}
