"""One app: what it is, its settings, its AppSecret (write-only), its tokens, a try of everything, its end."""

from collections.abc import Sequence
from typing import Final

from lingpai.admin.alarms import alarms_of
from lingpai.admin.apps import ShownApp
from lingpai.admin.doctor import Finding
from lingpai.admin.invalid import AppInvalidError
from lingpai.errors import Problem
from lingpai.errors.catalogue import NOT_FOUND
from lingpai.secret import Secret
from lingpai.storage.port import TakenError
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.console.app_form import changes, fields
from lingpai.web.console.capabilities import CAPABILITIES
from lingpai.web.console.confirming import Sure, ask, mistyped
from lingpai.web.console.forms import Errors, Form, read_form
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute, Visitor
from lingpai.web.console.texts import TEXTS
from lingpai.web.console.texts_apps import REMOVE_BUTTON, REMOVE_LEAD, REMOVE_POINTS, REMOVE_TITLE
from lingpai.web.rooms import Rooms

_PATH: Final = "/console/apps/{appid}"
_UNPROCESSABLE: Final = 422


class AppPages:
    """`/console/apps/{appid}`; the slug will do, too."""

    def __init__(self, frame: Frame, rooms: Rooms) -> None:
        self._frame: Final = frame
        self._rooms: Final = rooms

    def routes(self) -> list[ConsoleRoute]:
        return [
            ConsoleRoute("GET", _PATH, "look", self.show),
            ConsoleRoute("POST", f"{_PATH}/settings", "run", self.change),
            ConsoleRoute("POST", f"{_PATH}/secret", "secure", self.rotate),
            ConsoleRoute("POST", f"{_PATH}/test", "run", self.test),
            ConsoleRoute("GET", f"{_PATH}/remove", "run", self.ask_remove),
            ConsoleRoute("POST", f"{_PATH}/remove", "run", self.remove),
        ]

    async def show(self, call: Call, visitor: Visitor) -> Answer:
        """`GET /console/apps/{appid}`. Raises Problem not_found."""
        return await self._page(call, visitor, await self._app(call))

    async def change(self, call: Call, visitor: Visitor) -> Answer:
        """`POST …/settings`: only what differs is changed and noted."""
        app, form = await self._app(call), await read_form(call)
        try:
            given = changes(app.settings, form)
            if given:
                await self._rooms.apps.change_settings(app.appid, given, by=visitor.actor)
        except AppInvalidError as error:
            return await self._page(call, visitor, app, sent=form, errors={error.field: error.words})
        await self._rooms.directory.reload()
        return self._frame.go(f"/console/apps/{app.appid}", "app_changed")

    async def rotate(self, call: Call, visitor: Visitor) -> Answer:
        """`POST …/secret`."""
        app, secret = await self._app(call), Secret((await read_form(call)).text("secret"))
        try:
            await self._rooms.apps.rotate_secret(app.appid, secret, by=visitor.actor)
        except AppInvalidError as error:
            return await self._page(call, visitor, app, errors={"secret": error.words})
        except TakenError:
            return await self._page(call, visitor, app, errors={"secret": TEXTS["secret.raced"]})
        await self._rooms.directory.reload()
        return self._frame.go(f"/console/apps/{app.appid}", "secret_stored")

    async def test(self, call: Call, visitor: Visitor) -> Answer:
        """`POST …/test`: the page with what the doctor found."""
        app = await self._app(call)
        return await self._page(call, visitor, app, findings=await self._rooms.doctor.app(app.appid))

    async def ask_remove(self, call: Call, visitor: Visitor) -> Answer:
        """`GET …/remove`."""
        return ask(self._frame, call, visitor, _question(await self._app(call)))

    async def remove(self, call: Call, visitor: Visitor) -> Answer:
        """`POST …/remove`, with the slug typed."""
        app = await self._app(call)
        errors = mistyped(_question(app), await read_form(call))
        if errors:
            return ask(self._frame, call, visitor, _question(app), errors)
        await self._rooms.apps.remove(app.appid, by=visitor.actor)
        await self._rooms.directory.reload()
        return self._frame.go("/console/apps", "app_removed")

    async def _app(self, call: Call) -> ShownApp:
        name = call.params["appid"]
        for app in await self._rooms.apps.all():
            if name in (app.appid, app.slug):
                return app
        raise Problem(NOT_FOUND)

    async def _page(
        self,
        call: Call,
        visitor: Visitor,
        app: ShownApp,
        *,
        sent: Form | None = None,
        findings: Sequence[Finding] | None = None,
        errors: Errors | None = None,
    ) -> Answer:
        tokens = await self._rooms.desk.held_tokens.of_app(app.appid) or []
        phones = await self._rooms.desk.budgets.phones([app.appid])
        leaked_at = self._rooms.leaked.last(app.appid, app.secret_version)
        return self._frame.page(
            call,
            visitor,
            "app.html",
            here="apps",
            status=_UNPROCESSABLE if errors else 200,
            app=app,
            fields_of_app=fields(app.settings, sent),
            tokens=tokens,
            alarms=alarms_of(app, tokens, phones.get(app.appid), leaked_at),
            capabilities=CAPABILITIES[app.kind],
            findings=findings,
            errors=errors or {},
        )


def _question(app: ShownApp) -> Sure:
    path = f"/console/apps/{app.appid}"
    return Sure(
        here="apps",
        title=REMOVE_TITLE,
        lead=REMOVE_LEAD,
        points=REMOVE_POINTS,
        facts={"slug": app.slug},
        button=REMOVE_BUTTON,
        action=f"{path}/remove",
        back=path,
        typed=app.slug,
    )
