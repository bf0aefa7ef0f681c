"""`/v1/admin/apps`: the register of apps, for programs of operators."""

from typing import Final

from lingpai.admin.apps import ShownApp
from lingpai.admin.operators import KeyHolder
from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import APP_UNKNOWN, BODY_TOO_LARGE, INVALID_REQUEST, STORAGE_UNAVAILABLE
from lingpai.errors.catalogue_console import PERMISSION_MISSING
from lingpai.errors.catalogue_operators import NAME_TAKEN, OPERATOR_KEY_INVALID
from lingpai.secret import Secret
from lingpai.web.admin_shapes import (
    AddAppRequest,
    AdminApp,
    AppsAnswer,
    AppSecretRequest,
    ChangeAppRequest,
    admin_app,
)
from lingpai.web.answering import Answer, json_answer, no_content
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint
from lingpai.web.operator_caller import for_operators
from lingpai.web.reading import JsonReader
from lingpai.web.rooms import Rooms

_ALWAYS: Final = (OPERATOR_KEY_INVALID, PERMISSION_MISSING, STORAGE_UNAVAILABLE)
_READS: Final = (*_ALWAYS, APP_UNKNOWN)
_WRITES: Final = (*_READS, INVALID_REQUEST, BODY_TOO_LARGE)
_APPS: Final = "/v1/admin/apps"
_ONE: Final = "/v1/admin/apps/{app}"


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """The endpoints of this file."""
    routes = _AppRoutes(rooms)
    return [*_reading_and_adding(rooms, routes), *_changing(rooms, routes)]


def _reading_and_adding(rooms: Rooms, routes: "_AppRoutes") -> list[Endpoint]:
    return [
        Endpoint(
            method="GET",
            path=_APPS,
            handle=for_operators(rooms, "look", routes.list),
            auth="operator_key",
            needs="look",
            summary=Words("Every app", "列出全部应用"),
            answer=AppsAnswer,
            problems=_ALWAYS,
        ),
        Endpoint(
            method="POST",
            path=_APPS,
            handle=for_operators(rooms, "secure", routes.add),
            auth="operator_key",
            needs="secure",
            summary=Words("Register an app", "注册应用"),
            body=AddAppRequest,
            answer=AdminApp,
            status=201,
            problems=(*_ALWAYS, INVALID_REQUEST, BODY_TOO_LARGE, NAME_TAKEN),
        ),
        Endpoint(
            method="GET",
            path=_ONE,
            handle=for_operators(rooms, "look", routes.show),
            auth="operator_key",
            needs="look",
            summary=Words("One app", "查询一个应用"),
            answer=AdminApp,
            problems=_READS,
        ),
    ]


def _changing(rooms: Rooms, routes: "_AppRoutes") -> list[Endpoint]:
    return [
        Endpoint(
            method="PATCH",
            path=_ONE,
            handle=for_operators(rooms, "run", routes.change),
            auth="operator_key",
            needs="run",
            summary=Words("Change settings of an app", "修改应用设置"),
            body=ChangeAppRequest,
            answer=AdminApp,
            problems=_WRITES,
        ),
        Endpoint(
            method="PUT",
            path=f"{_ONE}/secret",
            handle=for_operators(rooms, "secure", routes.rotate),
            auth="operator_key",
            needs="secure",
            summary=Words(
                "Store a new AppSecret; it comes in force when WeChat takes it",
                "保存新的 AppSecret，微信接受后启用",
            ),
            body=AppSecretRequest,
            answer=AdminApp,
            problems=(*_WRITES, NAME_TAKEN),
        ),
        Endpoint(
            method="DELETE",
            path=_ONE,
            handle=for_operators(rooms, "secure", routes.remove),
            auth="operator_key",
            needs="secure",
            summary=Words(
                "Forget an app and its AppSecret; its users and their history stay",
                "删除应用及其 AppSecret，保留其用户和历史",
            ),
            status=204,
            problems=_READS,
        ),
    ]


class _AppRoutes:
    def __init__(self, rooms: Rooms) -> None:
        self._apps: Final = rooms.apps
        self._read_new: Final = JsonReader(AddAppRequest).read
        self._read_change: Final = JsonReader(ChangeAppRequest).read
        self._read_secret: Final = JsonReader(AppSecretRequest).read

    async def list(self, _call: Call, _holder: KeyHolder) -> Answer:
        return json_answer(AppsAnswer([admin_app(app) for app in await self._apps.all()]))

    async def add(self, call: Call, holder: KeyHolder) -> Answer:
        body = await self._read_new(call)
        app = await self._apps.add(
            appid=body.appid,
            secret=Secret(body.app_secret),
            slug=body.slug,
            kind=body.kind,
            name=body.name,
            open_platform=body.open_platform,
            by=holder.actor,
        )
        return json_answer(admin_app(app), status=201)

    async def show(self, call: Call, _holder: KeyHolder) -> Answer:
        return _shown(await self._apps.one(call.params["app"]), call)

    async def change(self, call: Call, holder: KeyHolder) -> Answer:
        body = await self._read_change(call)
        return _shown(
            await self._apps.change_settings(call.params["app"], body.settings, by=holder.actor), call
        )

    async def rotate(self, call: Call, holder: KeyHolder) -> Answer:
        body = await self._read_secret(call)
        return _shown(
            await self._apps.rotate_secret(call.params["app"], Secret(body.app_secret), by=holder.actor),
            call,
        )

    async def remove(self, call: Call, holder: KeyHolder) -> Answer:
        if not await self._apps.remove(call.params["app"], by=holder.actor):
            raise _unknown(call.params["app"])
        return no_content()


def _shown(app: ShownApp | None, call: Call) -> Answer:
    if app is None:
        raise _unknown(call.params["app"])
    return json_answer(admin_app(app))


def _unknown(name: str) -> Problem:
    return Problem(APP_UNKNOWN, facts={"app": name[:64]})
