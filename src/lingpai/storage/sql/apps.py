"""WeChat apps and their AppSecrets."""

from collections.abc import Sequence
from typing import Any, Final, cast

import msgspec
from sqlalchemy import Connection, RowMapping, and_, delete, func, insert, select, update

from lingpai.model import App, AppSecretVersion, AppSettings, TokenTrouble
from lingpai.storage.sql.tables import app_secrets, apps

_trouble: Final = msgspec.json.Decoder(TokenTrouble)


def every(connection: Connection) -> list[tuple[App, AppSecretVersion]]:
    newest = (
        select(app_secrets.c.appid, func.max(app_secrets.c.version).label("version"))
        .where(app_secrets.c.state == "current")
        .group_by(app_secrets.c.appid)
        .subquery()
    )
    in_force = and_(app_secrets.c.appid == newest.c.appid, app_secrets.c.version == newest.c.version)
    secrets = {
        row["appid"]: _version(row)
        for row in connection.execute(select(app_secrets).join(newest, in_force)).mappings()
    }
    held = connection.execute(select(apps).order_by(apps.c.created_at, apps.c.appid))
    return [(_app(row), secrets[row["appid"]]) for row in held.mappings()]


def add(connection: Connection, app: App, secret: AppSecretVersion) -> None:
    values = msgspec.structs.asdict(app) | {"settings": _written(app.settings)}
    connection.execute(insert(apps).values(values))
    connection.execute(insert(app_secrets).values(_columns(secret)))


def put_secret(connection: Connection, secret: AppSecretVersion) -> bool:
    # The lock keeps `remove` from slipping in between.
    there = select(apps.c.appid).where(apps.c.appid == secret.appid).with_for_update()
    if connection.execute(there).one_or_none() is None:
        return False
    connection.execute(insert(app_secrets).values(_columns(secret)))
    return True


def secrets(connection: Connection, appid: str | None) -> list[AppSecretVersion]:
    query = select(app_secrets).order_by(app_secrets.c.appid, app_secrets.c.version.desc())
    if appid is not None:
        query = query.where(app_secrets.c.appid == appid)
    return [_version(row) for row in connection.execute(query).mappings()]


def change_secrets(
    connection: Connection, before: Sequence[AppSecretVersion], after: Sequence[AppSecretVersion]
) -> bool:
    appid = before[0].appid
    connection.execute(select(apps.c.appid).where(apps.c.appid == appid).with_for_update()).all()
    if list(map(_told_apart, secrets(connection, appid))) != list(map(_told_apart, before)):
        return False
    kept = [one.version for one in after]
    gone = app_secrets.c.appid == appid, app_secrets.c.version.not_in(kept)
    connection.execute(delete(app_secrets).where(*gone))
    for one in after:
        row = app_secrets.c.appid == appid, app_secrets.c.version == one.version
        values = _columns(one)
        changed = {name: values[name] for name in ("state", "changed_at", "probed_at", "trouble")}
        connection.execute(update(app_secrets).where(*row).values(changed))
    return True


def put_settings(connection: Connection, appid: str, settings: AppSettings) -> bool:
    change = update(apps).where(apps.c.appid == appid).values(settings=_written(settings))
    return connection.execute(change).rowcount > 0


def remove(connection: Connection, appid: str) -> bool:
    connection.execute(delete(app_secrets).where(app_secrets.c.appid == appid))
    return connection.execute(delete(apps).where(apps.c.appid == appid)).rowcount > 0


def _told_apart(secret: AppSecretVersion) -> tuple[int, str, int | None]:
    """What a change of an AppSecret's states is compared by."""
    return secret.version, secret.state, secret.probed_at


def _columns(secret: AppSecretVersion) -> dict[str, Any]:
    trouble = None if secret.trouble is None else msgspec.json.encode(secret.trouble).decode()
    return msgspec.structs.asdict(secret) | {"trouble": trouble}


def _version(row: RowMapping) -> AppSecretVersion:
    trouble = None if row["trouble"] is None else _trouble.decode(row["trouble"])
    return AppSecretVersion(**cast(Any, {**row, "trouble": trouble}))


def _written(settings: AppSettings) -> str:
    return msgspec.json.encode(settings).decode()


def _app(row: RowMapping) -> App:
    settings = msgspec.json.decode(row["settings"] or "{}", type=AppSettings)
    return App(**{**row, "settings": settings})
