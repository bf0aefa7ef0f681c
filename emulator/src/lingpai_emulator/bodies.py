"""How WeChat reads the JSON body of a POST, and what it says when there is none."""

import msgspec

from lingpai_emulator.calls import Call
from lingpai_emulator.world import Refusal


def json_object(call: Call) -> dict[str, object] | Refusal:
    """The body as an object whatever its Content-Type says: 43002, 44002, 47001."""
    if call.method != "POST":
        return Refusal(43002, f"this is a {call.method}; send a POST")
    if not call.body.strip():
        return Refusal(44002, "the body is empty; the parameters belong there, as a JSON object")
    try:
        return msgspec.json.decode(call.body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Refusal(47001, "the body is no JSON object")
