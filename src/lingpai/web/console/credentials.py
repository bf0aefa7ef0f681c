"""What a browser's passkey script sends, and what it gets."""

from typing import Any

import msgspec

from lingpai.admin.operators import Ceremony
from lingpai.secret import Secret
from lingpai.web.answering import Answer, json_answer, with_headers
from lingpai.web.console.forms import Form
from lingpai.web.reading import invalid


class Sent(msgspec.Struct, frozen=True):
    """The answer of an authenticator, with the token of the question."""

    token: Secret
    credential: dict[str, Any]


def sent(form: Form) -> Sent:
    """Raises Problem invalid_request (422)."""
    try:
        credential = msgspec.json.decode(form.text("credential"), type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError):
        raise invalid("credential: expected a JSON object") from None
    return Sent(Secret(form.text("ceremony")), credential)


def question(ceremony: Ceremony) -> Answer:
    """What the script asks the authenticator."""
    return json_answer({"ceremony": ceremony.token, "options": ceremony.options})


def onward(to: str, *cookies: tuple[bytes, bytes]) -> Answer:
    """Where the script goes next."""
    return with_headers(json_answer({"to": to}), *cookies)
