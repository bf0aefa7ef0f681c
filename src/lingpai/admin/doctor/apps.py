"""Examining one app: what is on record of its tokens, and which domains have to be entered at WeChat."""

from typing import Final
from urllib.parse import urlsplit

from lingpai.admin.doctor import kinds_app as kinds
from lingpai.admin.doctor.credentials import Credentials, explained
from lingpai.admin.doctor.finding import Finding, found
from lingpai.admin.doctor.places import ACCOUNT_FUNCTIONS, CALLBACK_BOX, CONSOLE, unfit
from lingpai.clock import DAY, rfc3339
from lingpai.errors import Words
from lingpai.keeper import HeldApp
from lingpai.model import App
from lingpai.storage.port import Store


class AppExamination:
    """Examines one app at a time."""

    def __init__(self, store: Store, credentials: Credentials, public_url: str) -> None:
        self._store: Final = store
        self._credentials: Final = credentials
        self._public_url: Final = public_url

    async def examine(self, held: HeldApp, apps: int) -> list[Finding]:
        """Everything about it; `apps` is how many there are. Raises StorageUnavailableError."""
        findings = [await self._credentials.login(held)]
        if held.app.kind != "website":
            findings += await self._credentials.token(held)
            findings += await self._kept(held)
        findings += [_unionids(held.app, apps), await self._push(held.app)]
        return [*findings, *domains(held.app, self._public_url)]

    async def _push(self, app: App) -> Finding:
        """Whether WeChat's events come in."""
        console = CONSOLE[app.kind]
        for settings in await self._store.pushes.settings():
            if settings.appid == app.appid:
                latest = await self._store.pushes.page(1, appid=app.appid)
                return found(
                    kinds.PUSH_ON,
                    app=app.slug,
                    console=console,
                    url=f"{self._public_url}/wechat/{app.slug}/push",
                    since=rfc3339(settings.changed_at),
                    last=rfc3339(latest[0].received_at) if latest else "-",
                )
        return found(kinds.PUSH_OFF, app=app.slug, console=console)

    async def _kept(self, held: HeldApp) -> list[Finding]:
        """What the keeper's rows tell, without asking WeChat."""
        looked = await self._store.access_tokens.look(held.app.appid, held.app.settings.token_kind)
        row, now = looked.row, looked.now
        if row is None:
            return []
        findings = []
        lately = [at for at in row.replaced_at if now - at < DAY]
        if lately:
            findings.append(found(kinds.TOKEN_TAKEN, app=held.app.slug, times=str(len(lately))))
        if row.state == "blocked" and row.trouble is not None and row.trouble.errcode is not None:
            facts = explained(held, row.trouble.errcode)
            findings.append(found(kinds.TOKEN_BLOCKED, kind=row.kind, **facts))
        elif row.good_until() > now:
            until = rfc3339(row.good_until())
            findings.append(found(kinds.TOKEN_KEPT, app=held.app.slug, kind=row.kind, until=until))
        return findings


def _unionids(app: App, apps: int) -> Finding:
    if app.open_platform is not None or apps == 1:
        platform = app.open_platform or "-"
        return found(kinds.UNIONID_BOUND, app=app.slug, platform=platform)
    return found(kinds.UNIONID_UNBOUND, app=app.slug, apps=str(apps))


def domains(app: App, public_url: str) -> list[Finding]:
    """The lines to enter in WeChat's console, ready to copy."""
    why = unfit(public_url, any_port=app.kind == "miniprogram")
    if why is not None:
        return [found(kinds.DOMAIN_UNFIT, app=app.slug, url=public_url, why=why)]
    parts = urlsplit(public_url)
    console = CONSOLE[app.kind]
    if app.kind == "miniprogram":
        origin = f"https://{parts.netloc}"
        console = Words(f"{console.en} → 服务器域名", f"{console.zh} → 服务器域名")
        return [found(kinds.REQUEST_DOMAINS, app=app.slug, console=console, origin=origin)]
    if app.kind == "official_account":
        console = ACCOUNT_FUNCTIONS
    callback = found(
        kinds.CALLBACK_DOMAIN,
        app=app.slug,
        callback=f"{public_url}/v1/{app.slug}/oauth/callback",
        console=console,
        box=CALLBACK_BOX[app.kind],
        host=parts.hostname or "",
    )
    return [callback, *_pages(app)]


def _pages(app: App) -> list[Finding]:
    hosts = sorted({urlsplit(origin).hostname or "" for origin in app.settings.origins})
    if not hosts:
        return [found(kinds.ORIGINS_UNSET, app=app.slug)]
    if app.kind == "website":
        return []
    return [found(kinds.JS_DOMAINS, app=app.slug, console=ACCOUNT_FUNCTIONS, hosts=" ".join(hosts))]
