"""How a program steers an emulator: a small client of `/__emulator__/` on the standard library alone."""

import json
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

_TIMEOUT = 10.0  # seconds


class EmulatorError(Exception):
    """The emulator refused a control call; the text is its sentence, `status` the HTTP status."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class AppInfo:
    """An app as the emulator's owner sees it."""

    appid: str
    secret: str
    kind: str
    open_platform: str | None
    slug: str
    name: str
    redirect_domain: str | None = None
    standing: str = "verified"
    ip_allow_list: list[str] | None = None
    ip_errcode: int = 40164
    secret_frozen: bool = False
    restriction: str | None = None
    quotas: dict[str, int] = field(default_factory=dict)
    minute_quotas: dict[str, int] = field(default_factory=dict)
    unauthorized: list[str] = field(default_factory=list)
    phone_permission: bool = True
    phone_quota: int | None = None
    push_url: str | None = None
    push_token: str | None = None
    push_aes_key: str | None = None
    push_mode: str = "safe"
    push_format: str = "xml"


@dataclass(frozen=True)
class Wechat:
    """One emulator, by its URL. Every method is one HTTP call and may raise EmulatorError.

    Where an app is asked for, its AppID or its slug will do; a person is named by id.
    """

    url: str

    @property
    def apps(self) -> list[AppInfo]:
        return [AppInfo(**app) for app in self._get("/apps")["apps"]]

    @property
    def people(self) -> list[dict[str, Any]]:
        """Each with `identities`: the openid and unionid every app knows the person by."""
        people: list[dict[str, Any]] = self._get("/people")["people"]
        return people

    def app(self, name: str) -> AppInfo:
        """Raises KeyError when there is no such app."""
        for app in self.apps:
            if name in (app.slug, app.appid):
                return app
        raise KeyError(name)

    def add_app(self, appid: str, **fields: object) -> AppInfo:
        """A new app, or new values for one: secret, kind, open_platform, slug, name, redirect_domain, standing."""
        return AppInfo(**self._post("/apps", {"appid": appid, **fields}))

    def set_app(self, app: str = "demo-mp", **fields: object) -> AppInfo:
        """Change an app as its owner does in WeChat's console, named by AppID or slug.

        Beside the fields of `add_app`: ip_allow_list, ip_errcode, secret_frozen (acts after the
        seconds of the switch secret_freeze_delay), restriction ("limited", "punished",
        "frozen"), quotas and minute_quotas ({path: calls}), unauthorized ([path]), phone_permission, phone_quota.
        """
        return self.add_app(self.app(app).appid, **fields)

    def add_person(self, **fields: object) -> dict[str, Any]:
        """A new person, or new values for one.

        id, nickname, avatar, phone, follows, risky, unionid, gender, country, province, city.
        """
        return self._post("/people", fields)

    def login(self, person: str = "xiaoming", app: str = "demo-mp") -> str:
        """What `wx.login` gives this person: a code."""
        code: str = self._post("/wx/login", {"appid": app, "person": person})["code"]
        return code

    def check_session(self, person: str = "xiaoming", app: str = "demo-mp") -> bool:
        """Whether `wx.checkSession` succeeds."""
        told = self._post("/wx/checkSession", {"appid": app, "person": person})
        return bool(told["errMsg"] == "checkSession:ok")

    def prefetch(self, person: str = "xiaoming", app: str = "demo-mp") -> None:
        """The session_key changes now, as by a data pre-fetch."""
        self._post("/wx/prefetch", {"appid": app, "person": person})

    def expire(self, person: str = "xiaoming", app: str = "demo-mp") -> None:
        """The session_key is over now."""
        self._post("/wx/expire", {"appid": app, "person": person})

    def browser(self, **values: object) -> dict[str, Any]:
        """Who sits at the browser: person, consent, entry, snapshot, double_callback; returns them all."""
        return self._post("/browser", values)

    def oauth_code(
        self,
        person: str = "xiaoming",
        app: str = "demo-oa",
        scope: str | None = None,
        *,
        snapshot: bool = False,
    ) -> str:
        """A code as an authorization page would send it back, without a browser."""
        asked: dict[str, object] = {"appid": app, "person": person, "scope": scope, "snapshot": snapshot}
        code: str = self._post("/oauth/code", asked)["code"]
        return code

    def revoke(self, person: str = "xiaoming", app: str = "demo-oa") -> int:
        """The person changes the password: all tokens the app holds for them end (42007); how many."""
        return int(self._post("/oauth/revoke", {"appid": app, "person": person})["revoked"])

    def user_profile(
        self, person: str = "xiaoming", app: str = "demo-mp", era: str | None = None, *, deny: bool = False
    ) -> dict[str, Any]:
        """What `wx.getUserProfile` gives: anonymous, or with the era "real" what it gave until 2022-11-08."""
        return self._post("/wx/getUserProfile", {"appid": app, "person": person, "era": era, "deny": deny})

    def user_info(
        self, person: str = "xiaoming", app: str = "demo-mp", era: str | None = None, *, deny: bool = False
    ) -> dict[str, Any]:
        """What `wx.getUserInfo` gives: anonymous, or with the era "real" what it gave until 2021-04-28."""
        return self._post("/wx/getUserInfo", {"appid": app, "person": person, "era": era, "deny": deny})

    def phone_number(
        self, person: str = "xiaoming", app: str = "demo-mp", era: str | None = None, *, deny: bool = False
    ) -> dict[str, Any]:
        """What the phone-number button gives: code, encryptedData, iv; with the era "before" no code."""
        return self._post("/wx/getPhoneNumber", {"appid": app, "person": person, "era": era, "deny": deny})

    def group_enter_info(
        self, person: str = "xiaoming", app: str = "demo-mp", group: str = "group"
    ) -> dict[str, Any]:
        """What `wx.getGroupEnterInfo` gives: an encrypted openGId, one for each group."""
        return self._post("/wx/getGroupEnterInfo", {"appid": app, "person": person, "group": group})

    def we_run_data(
        self, person: str = "xiaoming", app: str = "demo-mp", steps: list[int] | None = None
    ) -> dict[str, Any]:
        """What `wx.getWeRunData` gives: the encrypted steps of the last 31 days."""
        return self._post("/wx/getWeRunData", {"appid": app, "person": person, "steps": steps})

    def pay(self, person: str = "xiaoming", app: str = "demo-mp", **numbers: object) -> dict[str, Any]:
        """The person pays: opens the five minutes of getpaidunionid. transaction_id, mch_id, out_trade_no."""
        return self._post("/wx/requestPayment", {"appid": app, "person": person, **numbers})

    def push(
        self, event: str, person: str | None = None, app: str = "demo-mp", **fields: object
    ) -> dict[str, Any]:
        """WeChat pushes an event to the app's `push_url`: delivered, attempts, fields."""
        body: dict[str, object] = {"appid": app, "event": event, "person": person, "fields": fields}
        return self._post("/push", body)

    def verify_push(self, app: str = "demo-mp") -> bool:
        """Whether the app's `push_url` answers as WeChat wants when it is entered."""
        return bool(self._post("/push/verify", {"appid": app})["verified"])

    def encrypt(
        self, data: dict[str, object] | str, person: str = "xiaoming", app: str = "demo-mp", **changed: object
    ) -> dict[str, Any]:
        """Any data, encrypted with the person's session_key as if WeChat had: encryptedData and iv.

        `watermark_age` in seconds, `watermark_appid`, `watermark=False`; a `rawData` is signed.
        """
        return self._post("/wx/encrypt", {"appid": app, "person": person, "data": data, **changed})

    def rogue(
        self, app: str = "demo-mp", kind: str = "token", *, force_refresh: bool = False
    ) -> dict[str, Any]:
        """Somebody else fetches a token ("token" or "stable_token") behind our back: access_token, expires_in."""
        body = {"appid": app, "kind": kind, "force_refresh": force_refresh}
        return self._post("/tokens/rogue", body)

    def egress(self, address: str | None) -> None:
        """The address WeChat sees all calls come from; None: the real one."""
        self._post("/egress", {"address": address})

    def fail(self, path: str, times: int | None = 1, **fault: object) -> None:
        """Spoil the next answers of a path: errcode, errmsg, status, delay, close, body."""
        self._post("/faults", {"path": path, "times": times, **fault})

    def clear_faults(self) -> None:
        self._call("DELETE", "/faults")

    def switch(self, **values: object) -> dict[str, Any]:
        """Set switches; returns them all."""
        return self._post("/switches", values)

    def now(self) -> float:
        """The emulator's time in Unix seconds."""
        return float(self._get("/clock")["now"])

    def advance(self, seconds: float) -> None:
        self._post("/clock", {"advance": seconds})

    def freeze(self, at: float | None = None) -> None:
        """Stop the clock, now or at the given Unix seconds."""
        self._post("/clock", {"freeze": True if at is None else at})

    def unfreeze(self) -> None:
        self._post("/clock", {"unfreeze": True})

    def calls(self, path: str | None = None) -> list[dict[str, Any]]:
        """What the emulator received, oldest first; secrets are masked."""
        query = "" if path is None else "?" + urlencode({"path": path})
        calls: list[dict[str, Any]] = self._get("/ledger" + query)["calls"]
        return calls

    def clear_calls(self) -> None:
        self._call("DELETE", "/ledger")

    def state(self) -> dict[str, Any]:
        return self._get("/state")

    def explain(self, rid: str) -> dict[str, Any]:
        """Why the answer with this rid was what it was."""
        return self._get("/state/explain/" + quote(rid, safe=""))

    def reset(self, seed: int | str | None = None) -> None:
        """Everything back to the start; with a seed, codes, keys and rids repeat."""
        self._post("/reset", {} if seed is None else {"seed": seed})

    def _get(self, path: str) -> dict[str, Any]:
        return self._call("GET", path)

    def _post(self, path: str, body: dict[str, object]) -> dict[str, Any]:
        return self._call("POST", path, json.dumps(body).encode())

    def _call(self, method: str, path: str, body: bytes | None = None) -> dict[str, Any]:
        # A connection per call: thread-safe, and nothing to close afterwards.
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=_TIMEOUT)
        try:
            connection.request(method, "/__emulator__" + path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer: dict[str, Any] = json.loads(response.read())
        finally:
            connection.close()
        if response.status >= 400:  # noqa: PLR2004 - where HTTP's errors begin
            raise EmulatorError(answer["error"], response.status)
        return answer
