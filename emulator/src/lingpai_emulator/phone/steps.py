"""What happened between phone, server and WeChat, as the page tells it: steps with their data, secrets masked."""

from collections.abc import Sequence
from typing import Any, Final, Literal
from urllib.parse import parse_qsl

import msgspec
from pyreqwest.http import Url

from lingpai_emulator.phone.hiding import hidden, hidden_headers
from lingpai_emulator.phone.outbound import Answered, Failed
from lingpai_emulator.phone.wxrequest import WxRequest

_SHOWN_HEADERS: Final = ("authorization", "content-type", "referer", "user-agent", "accept-language")


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One arrow of the picture.

    `login` and `wx`: phone to WeChat and back. `request`: phone to server. `wechat`: server to WeChat
    and back. `answer`: server to phone, or why there is none. `call` is the line above the
    arrow, `sent` and `got` are what went there and came back, `ms` is how long it took.
    """

    kind: Literal["login", "wx", "request", "wechat", "answer"]
    call: str
    headers: dict[str, str] = {}
    sent: object = None
    status: int | None = None
    got: object = None
    why: str | None = None
    ms: float | None = None


def login_step(answer: dict[str, Any]) -> Step:
    return Step("login", "wx.login()", got=answer)


def wx_step(api: str, answer: dict[str, Any]) -> Step:
    """A call of `wx` that WeChat answers by itself."""
    return Step("wx", f"wx.{api}()", got=hidden(answer))


def request_step(request: WxRequest) -> Step:
    headers = {name: text for name, text in request.headers().items() if name.lower() in _SHOWN_HEADERS}
    return Step(
        "request", f"{request.method} {_target(request.url)}", hidden_headers(headers), _sent(request)
    )


def wechat_step(call: dict[str, Any]) -> Step:
    """From an entry of the ledger, which masks its own secrets; what is a person's is masked here."""
    sent = call.get("query") or call.get("form") or call.get("json") or call.get("body")
    return Step(
        "wechat",
        f"{call['method']} {call['path']}",
        sent=hidden(sent),
        status=call["status"],
        got=hidden(call["answer"]),
        why=call.get("why"),
    )


def answer_step(outcome: Answered | Failed) -> Step:
    if isinstance(outcome, Failed):
        return Step("answer", outcome.err_msg, got={"errMsg": outcome.err_msg, "errno": outcome.errno})
    got = hidden(outcome.data) if outcome.content is None else {"bytes": len(outcome.content) * 3 // 4}
    return Step("answer", "", status=outcome.status_code, got=got, ms=outcome.ms)


def newest(calls: Sequence[dict[str, Any]]) -> str | None:
    """The rid of the last answered call: everything behind it is newer."""
    return next((call["rid"] for call in reversed(calls) if "rid" in call), None)


def caused(calls: Sequence[dict[str, Any]], mark: str | None, request: WxRequest) -> list[dict[str, Any]]:
    """The calls behind `mark` that the request made the server make, as far as one can tell.

    Another phone may log in at the same time: a call with a code that is not the request's
    is left out. Calls without a code, such as for an access_token, cannot be told apart.
    """
    start = next((n + 1 for n, call in enumerate(calls) if mark is not None and call.get("rid") == mark), 0)
    code = request.data.get("code") if isinstance(request.data, dict) else None
    return [call for call in calls[start:] if (call.get("query") or {}).get("js_code", code) == code]


def _sent(request: WxRequest) -> object:
    if request.upload is not None:
        fields = hidden(request.upload.fields)
        return {
            "file": request.upload.filename,
            "bytes": len(request.upload.content) * 3 // 4,
            "fields": fields,
        }
    if request.content is not None:
        return {"bytes": len(request.content) * 3 // 4}
    return hidden(_form(request.data)) if isinstance(request.data, str) else hidden(request.data)


def _form(text: str) -> object:
    """A form by its fields, so that a secret in it is known by its name; any other text as it is."""
    pairs = parse_qsl(text, keep_blank_values=True)
    return dict(pairs) if pairs and "=" in text.partition("&")[0] and "{" not in text else text


def _target(url: str) -> str:
    """Path and query, as they stand in the request line; what is no URL, as it was given."""
    if not Url.is_valid(url):
        return url
    parsed = Url(url)
    return parsed.path + (f"?{parsed.query_string}" if parsed.query_string else "")
