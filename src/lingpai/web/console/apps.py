"""Apps: which there are, and adding one."""

from typing import Final, get_args

from lingpai.admin.invalid import AppInvalidError
from lingpai.model import AppKind
from lingpai.secret import Secret
from lingpai.storage.port import TakenError
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.console.forms import Errors, Form, read_form
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute, Visitor
from lingpai.web.console.texts import TEXTS
from lingpai.web.rooms import Rooms

KINDS: Final[tuple[AppKind, ...]] = get_args(AppKind)
_ECHOED: Final = ("appid", "slug", "kind", "name", "open_platform")
_UNPROCESSABLE: Final = 422


class Apps:
    """`/console/apps`."""

    def __init__(self, frame: Frame, rooms: Rooms) -> None:
        self._frame: Final = frame
        self._rooms: Final = rooms

    def routes(self) -> list[ConsoleRoute]:
        return [
            ConsoleRoute("GET", "/console/apps", "look", self.listed),
            ConsoleRoute("POST", "/console/apps", "run", self.add),
            ConsoleRoute("GET", "/console/apps/new", "run", self.form),
        ]

    async def listed(self, call: Call, visitor: Visitor) -> Answer:
        """`GET /console/apps`."""
        apps = await self._rooms.apps.all()
        leaked = {app.appid: self._rooms.leaked.last(app.appid, app.secret_version) for app in apps}
        return self._frame.page(call, visitor, "apps.html", here="apps", apps=apps, leaked=leaked)

    async def form(self, call: Call, visitor: Visitor) -> Answer:
        """`GET /console/apps/new`."""
        return self._form(call, visitor, Form([]), {})

    async def add(self, call: Call, visitor: Visitor) -> Answer:
        """`POST /console/apps`. What was wrong is said beside its field; the AppSecret is never sent back."""
        form = await read_form(call)
        kind = next((known for known in KINDS if known == form.text("kind")), KINDS[0])
        try:
            app = await self._rooms.apps.add(
                appid=form.text("appid"),
                secret=Secret(form.text("secret")),
                slug=form.text("slug"),
                kind=kind,
                name=form.text("name")[:80] or None,
                open_platform=form.text("open_platform")[:64] or None,
                by=visitor.actor,
            )
        except AppInvalidError as error:
            return self._form(call, visitor, form, {error.field: error.words})
        except TakenError as error:
            return self._form(call, visitor, form, {error.what: TEXTS[f"app.{error.what}.taken"]})
        await self._rooms.directory.reload()
        return self._frame.go(f"/console/apps/{app.appid}", "app_added")

    def _form(self, call: Call, visitor: Visitor, form: Form, errors: Errors) -> Answer:
        return self._frame.page(
            call,
            visitor,
            "app_new.html",
            here="apps",
            status=_UNPROCESSABLE if errors else 200,
            kinds=KINDS,
            given={name: form.text(name) for name in _ECHOED},
            errors=errors,
        )
