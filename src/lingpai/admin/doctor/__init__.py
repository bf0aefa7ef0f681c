"""The doctor: tries what can be tried, and says of each thing how it is, why, and where to click.

`Doctor` is called by the command and by the console. What can be found stands in two tables, `kinds_machine` and
`kinds_app`; the documentation is made from them. No finding holds a secret; no try uses up a quota that matters or
ends a token in use.
"""

from typing import Final

from lingpai.admin.doctor.apps import AppExamination
from lingpai.admin.doctor.credentials import Credentials
from lingpai.admin.doctor.finding import Finding, FindingKind, Level
from lingpai.admin.doctor.kinds_app import KINDS as _APP_KINDS
from lingpai.admin.doctor.kinds_machine import KINDS as _MACHINE_KINDS
from lingpai.admin.doctor.machine import Machine, master_key_finding, network, storage_finding
from lingpai.admin.doctor.settings import DoctorSettings
from lingpai.clock import Clock
from lingpai.keeper import Directory, WeChatCalls
from lingpai.secret import Sealer
from lingpai.storage.port import Store

__all__ = [
    "FINDINGS",
    "Doctor",
    "DoctorSettings",
    "Finding",
    "FindingKind",
    "Level",
    "master_key_finding",
    "network",
    "storage_finding",
]

FINDINGS: Final = {kind.code: kind for kind in (*_MACHINE_KINDS, *_APP_KINDS)}
"""Everything that can be found, by code."""


class Doctor:
    """Examines this server and its apps."""

    def __init__(
        self,
        *,
        store: Store,
        sealer: Sealer,
        directory: Directory,
        calls: WeChatCalls,
        clock: Clock,
        settings: DoctorSettings,
    ) -> None:
        self._directory: Final = directory
        self._machine: Final = Machine(store, sealer, directory, clock, settings)
        self._apps: Final = AppExamination(store, Credentials(calls), settings.public_url)

    async def machine(self, schema: str) -> list[Finding]:
        """Everything about the machine; `schema` is the one this release works with."""
        return await self._machine.examine(schema)

    async def app(self, name: str) -> list[Finding]:
        """Everything about one app, by slug or AppID.

        Raises Problem app_unknown, StorageUnavailableError, SealBrokenError.
        """
        await self._directory.reload()
        held = await self._directory.get(name)
        return await self._apps.examine(held, len(self._directory.apps))

    async def apps(self) -> list[Finding]:
        """Everything about every app. Raises as `app` does."""
        await self._directory.reload()
        held = self._directory.apps
        return [finding for each in held for finding in await self._apps.examine(each, len(held))]
