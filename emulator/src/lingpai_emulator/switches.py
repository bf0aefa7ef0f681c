"""How the emulator behaves where WeChat's behaviour is uncertain or has changed over the years."""

from typing import Annotated, Literal

import msgspec

Seconds = Annotated[float, msgspec.Meta(ge=0)]
Times = Annotated[int, msgspec.Meta(ge=0)]
HeaderText = Annotated[str, msgspec.Meta(pattern=r"^[\x20-\x7e]+\Z")]


class Switches(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every switch with its default. FAITHFULNESS.md says which source each default rests on."""

    code_life: Seconds = 300
    """Seconds a wx.login code can be exchanged."""
    reuse_errcode: Literal[40163, 40029] = 40163
    """What a second exchange of a code is answered while the code is remembered."""
    reuse_memory: Seconds = 300
    """Seconds after its birth that a used code is remembered; afterwards 40029."""
    failed_exchange_burns_code: bool = False
    """Whether a wrong secret or grant_type uses the code up."""
    oauth_code_life: Seconds = 300
    """Seconds an OAuth code of an official account can be exchanged."""
    website_code_life: Seconds = 600
    """Seconds an OAuth code of a website can be exchanged."""
    user_token_life: Seconds = 7200
    """Seconds an access_token of a person lives."""
    refresh_token_life: Seconds = 2_592_000
    """Seconds a refresh_token of a person lives: thirty days."""
    strict_parameter_order: bool = True
    """Whether authorize insists on the order appid, redirect_uri, response_type, scope, state."""
    strict_state: bool = True
    """Whether a state with other characters than letters and digits is refused."""
    state_required: bool = False
    """Whether an authorize link without a state is refused with 10013."""
    localhost_redirects: bool = True
    """Whether OAuth sends people back to this machine, any port, whatever the app's domain is."""
    oauth_refusal: Literal["redirect", "stay"] = "redirect"
    """Whether somebody who refuses is sent back with the state alone, or stays where they are."""
    only_in_wechat: bool = False
    """Whether authorize wants a browser whose User-Agent says MicroMessenger."""
    snapshot_scopes: Literal["userinfo", "all"] = "userinfo"
    """Which authorizations a snapshot page answers with a virtual account."""
    snapshot_nickname: str = "微信用户"
    """What a virtual account is called."""
    authorize_quota: Annotated[int, msgspec.Meta(ge=1)] = 100
    """Authorizations per minute, person and app before 10009."""
    qr_life: Seconds = 300
    """Seconds the QR code of a website can be scanned."""
    accept_mock_code: bool = False
    """Whether `the code is a mock one`, DevTools' code without an AppID, logs in the first person."""
    key_rotation: Literal["keep-window", "always"] = "keep-window"
    """Whether wx.login keeps a young session_key or always mints a new one."""
    key_keep_window: Seconds = 3600
    """Seconds a session_key counts as young."""
    session_expiry: Literal["sliding", "absolute"] = "sliding"
    """Whether use prolongs a session_key."""
    session_life: Seconds = 259_200
    """Seconds a session_key lives: three days."""
    minute_quota: Annotated[int, msgspec.Meta(ge=1)] = 100
    """Exchanges per minute, person and app before 45011."""
    token_life: Seconds = 7200
    """Seconds an access_token is said to live."""
    token_overlap: Seconds = 300
    """Seconds an access_token works on after a newer one took its place."""
    stable_token_renewal: Seconds = 300
    """Seconds before its end from which stable_token gives out a new access_token."""
    force_refresh_interval: Seconds = 30
    """Seconds within which a second force_refresh changes nothing."""
    force_refresh_quota: Times = 20
    """Forced refreshes a day before 45009."""
    secret_freeze_delay: Seconds = 600
    """Seconds until freezing or unfreezing an AppSecret takes effect."""
    ip_list_delay: Seconds = 0
    """Seconds until a change of the IP allow-list takes effect."""
    malformed_token_errcode: Literal[40014, 40001] = 40014
    """What an access_token with signs that none can have is answered."""
    ticket_reissue: Literal["same", "new"] = "same"
    """Whether getticket repeats a living ticket or makes a new one."""
    phone_code_life: Seconds = 300
    """Seconds a code of the phone-number button can be exchanged."""
    phone_openid_errcode: int = 40003
    """What getuserphonenumber answers when code and openid are of two people."""
    country_code: Literal["string", "number"] = "string"
    """How getuserphonenumber writes countryCode."""
    stale_session_errcode: Literal[87009, 87007] = 87009
    """What checksession answers when the session_key has expired."""
    reset_quota: Times = 10
    """Resets of one person's session_key a minute before 45011."""
    encrypted_hash: Literal["either", "text", "bytes"] = "either"
    """Whether checkencryptedmsg knows the hash of the base64 text, of the decoded bytes, or both."""
    sns_content_type: HeaderText = "text/plain"
    """Content-Type of `/sns/*` answers."""
    json_content_type: HeaderText = "application/json; encoding=utf-8"
    """Content-Type of all other answers."""
    escape_slashes: bool = True
    r"""Whether `/sns/*` writes a slash as `\/`."""
    errmsg_era: Literal["rid", "rid-no-comma", "hints"] = "rid"
    """`, rid: …` as today; ` rid: …` as in a few samples of 2020-2021; `, hints: [ req_id: … ]` before."""
    push_timeout: Annotated[float, msgspec.Meta(gt=0)] = 5.0
    """Seconds WeChat waits for the answer to an event it pushed."""
    push_attempts: Annotated[int, msgspec.Meta(ge=1, le=10)] = 3
    """How often an event is pushed until the server says success."""
    legacy_expires_in: bool = False
    """Whether a successful exchange carries the meaningless `expires_in: 7200` of old accounts."""


def changed(switches: Switches, patch: bytes) -> Switches:
    """The switches with a JSON object of new values laid over them.

    Raises msgspec.ValidationError for an unknown name or a value that does not fit,
    msgspec.DecodeError for a body that is no JSON.
    """
    fields = msgspec.json.decode(patch, type=dict[str, object])
    return msgspec.convert(msgspec.structs.asdict(switches) | fields, Switches)
