"""What `lingpai dev` keeps in its folder: a master key, a service key, the demo apps."""

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from lingpai.admin.pushes import ShownPushKey
from lingpai.cli.opened import open_desk
from lingpai.config import Config, config_of, new_master_key
from lingpai.keeper import ACTIONS
from lingpai.model import Actor, AppKind, AppSettings
from lingpai.secret import Secret, random_token

_DEMO = Actor("dev", "dev", "lingpai dev")
_PAGES = ("http://127.0.0.1:8080", "http://localhost:8080")


class DemoApp(msgspec.Struct, frozen=True):
    """An app that exists in the emulator only, with its obviously fake secret."""

    slug: str
    appid: str
    kind: AppKind
    secret: str
    name: str
    open_platform: str | None


def demo_config(data: Path) -> Config:
    """Settings of a demo in `data`, which is made when missing; nothing of the environment counts."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    key_file = data / "master.key"
    _kept(key_file, new_master_key)
    return config_of(
        host="127.0.0.1",
        database_url=f"sqlite:///{(data / 'lingpai.db').absolute()}",
        master_key_file=str(key_file.absolute()),
        ledger_file="none",
        avatar_dir=str((data / "avatars").absolute()),
        shutdown_grace=0.0,
        log_format="console",
        webhook_networks="127.0.0.0/8",
    )


def demo_service_key(data: Path) -> Secret:
    """The demo's service key: the same at every start."""
    return Secret(_kept(data / "service.key", lambda: random_token("lps_")))


async def register_demo(
    config: Config, apps: list[DemoApp], service_key: Secret, origins: tuple[str, ...]
) -> None:
    """Make the demo apps and the service key known to the database, with the secrets of today.

    `origins`: whose pages may use the demo apps, beside those that a developer serves on this machine.
    """
    async with open_desk(config) as desk:
        known = {app.appid: app for app in await desk.apps.all()}
        for app in apps:
            if app.appid in known:
                await desk.apps.remove(app.appid, by=_DEMO)
            await desk.apps.add(
                appid=app.appid,
                secret=Secret(app.secret),
                slug=app.slug,
                kind=app.kind,
                name=app.name,
                open_platform=app.open_platform,
                settings=AppSettings(look_alike=True, origins=(*origins, *_PAGES), compat=True),
                by=_DEMO,
            )
        if "demo" not in {client.name for client in await desk.clients.all()}:
            await desk.clients.add("demo", tuple(ACTIONS), key=service_key, by=_DEMO)


def _kept(file: Path, make: Callable[[], str]) -> str:
    """The text of a file only its owner may read; made on the first call."""
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(make() + "\n")
    return file.read_text(encoding="ascii").strip()


async def demo_push_keys(config: Config, apps: list[DemoApp]) -> list[ShownPushKey]:
    """New keys for WeChat's events of every demo app; the emulator is told them, and nobody else."""
    async with open_desk(config) as desk:
        made = [await desk.pushes.make_keys(app.appid, by=_DEMO) for app in apps]
    return [key for key in made if key is not None]
