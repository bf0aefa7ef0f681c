"""What a mini program asks of `wx.request`, `wx.uploadFile`, `wx.downloadFile`, and what WeChat adds to it."""

import base64
import binascii
import hashlib
from typing import Annotated, Final, Literal

import msgspec

from lingpai_emulator.mistakes import MistakeError

Method = Literal["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "PATCH"]
Platform = Literal["ios", "android", "devtools"]
Reach = Literal["list", "machine", "any"]

_WECHAT: Final = "MicroMessenger/8.0.60(0x18003c2f) NetType/WIFI Language/{language}"
_AGENTS: Final[dict[Platform, str]] = {
    "ios": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 " + _WECHAT,
    "android": "Mozilla/5.0 (Linux; Android 15; Phone) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/130.0.0.0 Mobile Safari/537.36 " + _WECHAT + " MiniProgramEnv/android",
    "devtools": "Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 wechatdevtools/1.06 MicroMessenger/8.0.5 Language/{language} webview/",
}
_ACCEPT_LANGUAGE: Final = {"zh_CN": "zh-CN,zh-Hans;q=0.9", "en": "en-GB,en;q=0.9"}
# A mini program that sets these is not heard: they are WeChat's, or the connection's.
_NOT_THEIRS: Final = frozenset(
    {"referer", "user-agent", "accept-language", "host", "content-length", "connection", "transfer-encoding"}
)


class Upload(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of `wx.uploadFile`, base64 in `content`, and the fields that go along."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
    filename: Annotated[str, msgspec.Meta(max_length=256)]
    content: str
    type: Annotated[str, msgspec.Meta(pattern=r"^[\w.+-]+/[\w.+-]+\Z")] = "application/octet-stream"
    fields: dict[str, str] = {}


class WxRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One call as it leaves the mini program, plus whose phone it is.

    `data` is sent as JSON, a text as it is; `content` is a body in base64 instead. `header` names
    are the mini program's own. `reach` says which servers may be asked: those in the list, any
    on this machine, or any at all. `timeout` is in milliseconds.
    """

    appid: Annotated[str, msgspec.Meta(pattern=r"^wx[0-9a-f]{16}\Z")]
    url: Annotated[str, msgspec.Meta(max_length=8192)]
    method: Method = "GET"
    header: dict[str, str] = {}
    data: object = None
    content: str | None = None
    upload: Upload | None = None
    binary: bool = False
    redirect: Literal["follow", "manual"] = "follow"
    timeout: Annotated[float, msgspec.Meta(gt=0, le=600_000)] = 60_000
    platform: Platform = "ios"
    reach: Reach | None = None
    language: Literal["zh_CN", "en"] = "zh_CN"

    def headers(self) -> dict[str, str]:
        """All that is sent. The Referer cannot be set; its version is 0 in trials (page wx.request)."""
        own = {name: text for name, text in self.header.items() if name.lower() not in _NOT_THEIRS}
        typed = any(name.lower() == "content-type" for name in own)
        if (self.data is not None or self.content is not None) and not typed:
            own["Content-Type"] = "application/json"
        version = "devtools" if self.platform == "devtools" else "0"
        return own | {
            "Referer": f"https://servicewechat.com/{self.appid}/{version}/page-frame.html",
            "User-Agent": _AGENTS[self.platform].format(language=self.language),
            "Accept-Language": _ACCEPT_LANGUAGE[self.language],
        }

    def body(self) -> tuple[bytes | None, str | None]:
        """The body and, for an upload, its content type. Raises MistakeError for what is no base64."""
        if self.upload is not None:
            return _multipart(self.upload)
        if self.content is not None:
            return _decoded(self.content), None
        if self.data is None:
            return None, None
        return self.data.encode() if isinstance(self.data, str) else msgspec.json.encode(self.data), None


def _multipart(upload: Upload) -> tuple[bytes, str]:
    """RFC 7578; names are escaped as browsers do it."""
    content = _decoded(upload.content)
    # A boundary must not occur in the content: its own digest does not.
    boundary = "----lingpai" + hashlib.sha256(content).hexdigest()[:24]
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n{value}\r\n'.encode()
        for name, value in upload.fields.items()
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(upload.name)}"; '
        f'filename="{_quoted(upload.filename)}"\r\nContent-Type: {upload.type}\r\n\r\n'
    )
    tail = f"\r\n--{boundary}--\r\n".encode()
    body = b"".join([*parts, head.encode(), content, tail])
    return body, f"multipart/form-data; boundary={boundary}"


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise MistakeError("The body is no base64.") from error
