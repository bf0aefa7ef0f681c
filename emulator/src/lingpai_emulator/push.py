"""WeChat pushes an event to an app's own server: written, encrypted, signed, and repeated until it hears success.

Pages 消息推送 and 消息加解密说明. The crypto is the emulator's own.
"""

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from pyreqwest.client import ClientBuilder
from pyreqwest.exceptions import PyreqwestError

from lingpai_emulator.apps import App
from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.world import World

_BLOCK: Final = 32
_LONGEST_SHOWN: Final = 2000
_SUCCESS: Final = ("success", "")
_SERVICE: Final = "gh_pushservice00"
_OK: Final = 200


class Sent(msgspec.Struct, frozen=True):
    """One attempt. `status` is None when no answer came in time."""

    status: int | None
    body: str


def message(world: World, app: App, name: str, fields: dict[str, Any]) -> dict[str, Any]:
    """An event's fields in WeChat's order; those given replace or follow the usual ones."""
    usual: dict[str, Any] = {
        "ToUserName": f"gh_{app.appid[-12:]}",
        "FromUserName": _SERVICE,
        "CreateTime": int(world.clock.now()),
        "MsgType": "event",
        "Event": name,
    }
    return usual | fields


async def push(world: World, app: App, fields: dict[str, Any]) -> list[Sent]:
    """Send an event until the server says success, as often as WeChat would. Raises MistakeError."""
    if app.push_url is None or app.push_token is None:
        raise MistakeError(f"{app.appid} has no push_url and push_token: nobody is there to push to.")
    body, encrypted = _written(world, app, fields)
    tried: list[Sent] = []
    for _ in range(world.switches.push_attempts):
        query = _signed(world, app, encrypted)
        tried.append(await _once(world, "POST", f"{app.push_url}?{query}", body))
        if tried[-1].status == _OK and tried[-1].body in _SUCCESS:
            break
    return tried


async def greet(world: World, app: App) -> bool:
    """What WeChat does when the address is entered: it wants its echostr back. Raises MistakeError."""
    if app.push_url is None or app.push_token is None:
        raise MistakeError(f"{app.appid} has no push_url and push_token: there is nothing to ask.")
    echo = world.chance.digits(19)
    query = _signed(world, app, None) + "&" + urlencode({"echostr": echo})
    sent = await _once(world, "GET", f"{app.push_url}?{query}", b"")
    return sent.status == _OK and sent.body == echo


def _signed(world: World, app: App, encrypted: str | None) -> str:
    timestamp, nonce = str(int(world.clock.now())), world.chance.digits(10)
    token = app.push_token or ""
    query = {"signature": _sha1(token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
    if encrypted is not None:
        query |= {"encrypt_type": "aes", "msg_signature": _sha1(token, timestamp, nonce, encrypted)}
    return urlencode(query)


def _written(world: World, app: App, fields: dict[str, Any]) -> tuple[bytes, str | None]:
    """The body, and what of it is encrypted."""
    if app.push_mode == "plain":
        return _text(app, fields).encode(), None
    if app.push_aes_key is None:
        raise MistakeError(f"{app.appid} has no push_aes_key, which push_mode {app.push_mode} needs.")
    encrypted = _encrypt(world, app.push_aes_key, _text(app, fields).encode(), app.appid)
    shown = fields if app.push_mode == "compatible" else {"ToUserName": fields.get("ToUserName", "")}
    return _text(app, {**shown, "Encrypt": encrypted}).encode(), encrypted


def _text(app: App, fields: dict[str, Any]) -> str:
    if app.push_format == "json":
        return json.dumps(fields, ensure_ascii=False)
    return f"<xml>{''.join(_element(name, value) for name, value in fields.items())}</xml>"


def _element(name: str, value: Any) -> str:
    if isinstance(value, dict):
        return f"<{name}>{''.join(_element(*pair) for pair in value.items())}</{name}>"
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    text = str(value)
    return f"<{name}>{escape(text) if ']]>' in text else f'<![CDATA[{text}]]>'}</{name}>"


def _encrypt(world: World, key: str, plain: bytes, appid: str) -> str:
    raw = base64.b64decode(key + "=")
    data = world.chance.digits(16).encode() + len(plain).to_bytes(4, "big") + plain + appid.encode()
    size = _BLOCK - len(data) % _BLOCK
    encryptor = Cipher(algorithms.AES(raw), modes.CBC(raw[:16])).encryptor()
    return base64.b64encode(encryptor.update(data + bytes([size]) * size) + encryptor.finalize()).decode()


def _sha1(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - WeChat's choice


async def _once(world: World, method: str, url: str, body: bytes) -> Sent:
    limit = timedelta(seconds=world.switches.push_timeout)
    builder = (
        ClientBuilder().user_agent("Mozilla/4.0").follow_redirects(enable=False).timeout(limit).no_proxy()
    )
    try:
        async with builder.build() as client:
            request = client.request(method, url)
            if body:
                request = request.body_bytes(body).header("Content-Type", "text/xml")
            response = await request.build().send()
            return Sent(response.status, (await response.text())[:_LONGEST_SHOWN])
    except (PyreqwestError, ValueError):
        return Sent(None, "")
