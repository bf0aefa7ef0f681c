"""WeChat apps and their AppSecrets."""

import msgspec
from sqlalchemy import Connection, RowMapping, and_, delete, func, insert, select, update

from lingpai.model import App, AppSecretVersion, AppSettings
from lingpai.storage.sql.tables import app_secrets, apps


def every(connection: Connection) -> list[tuple[App, AppSecretVersion]]:
    newest = (
        select(app_secrets.c.appid, func.max(app_secrets.c.version).label("version"))
        .group_by(app_secrets.c.appid)
        .subquery()
    )
    in_force = and_(app_secrets.c.appid == newest.c.appid, app_secrets.c.version == newest.c.version)
    secrets = {
        row["appid"]: AppSecretVersion(**row)
        for row in connection.execute(select(app_secrets).join(newest, in_force)).mappings()
    }
    held = connection.execute(select(apps).order_by(apps.c.created_at, apps.c.appid))
    return [(_app(row), secrets[row["appid"]]) for row in held.mappings()]


def add(connection: Connection, app: App, secret: AppSecretVersion) -> None:
    values = msgspec.structs.asdict(app) | {"settings": _written(app.settings)}
    connection.execute(insert(apps).values(values))
    connection.execute(insert(app_secrets).values(msgspec.structs.asdict(secret)))


def put_secret(connection: Connection, secret: AppSecretVersion) -> bool:
    # The lock keeps `remove` from slipping in between.
    there = select(apps.c.appid).where(apps.c.appid == secret.appid).with_for_update()
    if connection.execute(there).one_or_none() is None:
        return False
    connection.execute(insert(app_secrets).values(msgspec.structs.asdict(secret)))
    return True


def put_settings(connection: Connection, appid: str, settings: AppSettings) -> bool:
    change = update(apps).where(apps.c.appid == appid).values(settings=_written(settings))
    return connection.execute(change).rowcount > 0


def remove(connection: Connection, appid: str) -> bool:
    connection.execute(delete(app_secrets).where(app_secrets.c.appid == appid))
    return connection.execute(delete(apps).where(apps.c.appid == appid)).rowcount > 0


def _written(settings: AppSettings) -> str:
    return msgspec.json.encode(settings).decode()


def _app(row: RowMapping) -> App:
    settings = msgspec.json.decode(row["settings"] or "{}", type=AppSettings)
    return App(**{**row, "settings": settings})
