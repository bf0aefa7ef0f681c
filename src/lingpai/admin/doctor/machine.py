"""Examining the machine: the database, the keys, the way to WeChat, the clock, our own address."""

import asyncio
from typing import Final

from lingpai.admin.doctor import kinds_machine as kinds
from lingpai.admin.doctor.finding import Finding, found
from lingpai.admin.doctor.places import is_local, unfit
from lingpai.admin.doctor.settings import DoctorSettings
from lingpai.clock import Clock
from lingpai.errors import Words
from lingpai.keeper import Directory
from lingpai.secret import SealBrokenError, Sealer
from lingpai.storage.port import SchemaMismatchError, StorageError, Store
from lingpai.tokens import KeyRing
from lingpai.wechat import NotReached, Reached, reach

_WECHAT: Final = "https://api.weixin.qq.com"
_MILLISECONDS: Final = 1_000
_OFF: Final = 5.0
"""Seconds from which on a clock deserves a word; a Date header has whole seconds."""
_WRONG: Final = 60.0
_STAGES: Final = {
    "dns": Words("its name is not found", "域名解析失败"),
    "connect": Words("no connection opens", "无法建立连接"),
    "tls": Words(
        "its certificate is not accepted: a proxy may stand in between", "证书校验失败，中间可能有代理"
    ),
    "answer": Words("it does not answer as a web server does", "没有收到正常的 HTTP 响应"),
}


class Machine:
    """Examines the machine this runs on."""

    def __init__(
        self, store: Store, sealer: Sealer, directory: Directory, clock: Clock, settings: DoctorSettings
    ) -> None:
        self._store: Final = store
        self._sealer: Final = sealer
        self._directory: Final = directory
        self._clock: Final = clock
        self._settings: Final = settings

    async def examine(self, schema: str) -> list[Finding]:
        """Everything. Raises nothing that a broken machine can cause."""
        database = await self._database(schema)
        keys = [] if database.level == "fault" else await self._keys()
        told = [] if database.level == "fault" else await self._webhooks()
        return [database, *keys, *told, *await network(self._settings, self._clock)]

    async def _database(self, schema: str) -> Finding:
        try:
            await self._store.check()
        except StorageError as error:
            return storage_finding(error)
        return found(kinds.DATABASE_OK, schema=schema)

    async def _webhooks(self) -> list[Finding]:
        waiting, dead = await self._store.webhooks.waiting()
        return [found(kinds.WEBHOOKS_DEAD, dead=str(dead), waiting=str(waiting))] if dead else []

    async def _keys(self) -> list[Finding]:
        try:
            signing = await self._store.keys.signing()
            KeyRing.opened(signing, self._sealer)
            await self._directory.reload()
        except SealBrokenError:
            return [found(kinds.MASTER_KEY_WRONG)]
        except StorageError as error:
            return [storage_finding(error)]
        if not signing:
            return [found(kinds.SIGNING_KEY_MISSING)]
        return [found(kinds.KEYS_OK, signing=str(len(signing)), apps=str(len(self._directory.apps)))]


def storage_finding(error: StorageError) -> Finding:
    """Why the database cannot be used."""
    if isinstance(error, SchemaMismatchError):
        return found(kinds.SCHEMA_OLD, found=error.found or "-", wanted=error.wanted)
    return found(kinds.DATABASE_DOWN, reason=str(error))


def master_key_finding() -> Finding:
    """The master key opens nothing here."""
    return found(kinds.MASTER_KEY_WRONG)


async def network(settings: DoctorSettings, clock: Clock) -> list[Finding]:
    """The way to WeChat, the clock beside WeChat's, and the address WeChat should know us by."""
    first, *others = await asyncio.gather(
        *(reach(url) for url in (settings.wechat_base_url, *settings.fallback_urls))
    )
    findings = []
    if settings.wechat_base_url != _WECHAT:
        findings.append(found(kinds.NOT_WECHAT, url=settings.wechat_base_url))
    if isinstance(first, Reached):
        milliseconds = str(round(first.seconds * _MILLISECONDS))
        findings += [
            found(kinds.WECHAT_REACHED, host=first.host, address=first.address, milliseconds=milliseconds),
            _clock(first, clock),
        ]
    else:
        findings.append(found(kinds.WECHAT_NOT_REACHED, host=first.host, stage=_STAGES[first.stage]))
    findings += [
        found(kinds.FALLBACK_NOT_REACHED, host=other.host, stage=_STAGES[other.stage])
        for other in others
        if isinstance(other, NotReached)
    ]
    return [*findings, *_addresses(settings)]


def _clock(reached: Reached, clock: Clock) -> Finding:
    if reached.date is None:
        return found(kinds.CLOCK_UNKNOWN)
    apart = clock.now() / _MILLISECONDS - reached.date - reached.seconds / 2
    seconds = f"{apart:+.0f}"
    if abs(apart) >= _WRONG:
        return found(kinds.CLOCK_WRONG, seconds=seconds)
    return found(kinds.CLOCK_OFF if abs(apart) >= _OFF else kinds.CLOCK_OK, seconds=seconds)


def _addresses(settings: DoctorSettings) -> list[Finding]:
    url = settings.public_url
    findings = []
    if is_local(url):
        findings.append(found(kinds.PUBLIC_URL_LOCAL, url=url))
    elif (why := unfit(url)) is not None:
        findings.append(found(kinds.PUBLIC_URL_UNFIT, url=url, why=why))
    else:
        findings.append(found(kinds.PUBLIC_URL_OK, url=url))
    if url.startswith("https:") and not settings.trusted_proxies:
        findings.append(found(kinds.PROXIES_UNSET, host=settings.host))
    if settings.proxy_variables:
        findings.append(found(kinds.PROXY_IGNORED, variables=", ".join(settings.proxy_variables)))
    return findings
