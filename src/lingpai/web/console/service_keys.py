"""Service keys: which there are and what they were used for; making one, shown once; taking one back."""

from typing import Final
from urllib.parse import quote

import msgspec

from lingpai.admin.clients import ClientInvalidError, ShownClient
from lingpai.errors import Problem
from lingpai.errors.catalogue import NOT_FOUND
from lingpai.keeper import ACTIONS
from lingpai.secret import Secret
from lingpai.storage.port import TakenError
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.console.confirming import Sure, ask, mistyped
from lingpai.web.console.forms import Errors, Form, read_form
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute, Visitor
from lingpai.web.console.texts import TEXTS
from lingpai.web.console.texts_keys import REVOKE_BUTTON, REVOKE_LEAD, REVOKE_TITLE
from lingpai.web.rooms import Rooms

_PATH: Final = "/console/service-keys"
_MOST: Final = 200
_USES: Final = 50
_UNPROCESSABLE: Final = 422


class NewKey(msgspec.Struct, frozen=True):
    """A key on the one page that shows it."""

    name: str
    secret: Secret


class ServiceKeyPages:
    """`/console/service-keys`."""

    def __init__(self, frame: Frame, rooms: Rooms) -> None:
        self._frame: Final = frame
        self._rooms: Final = rooms
        self._clients: Final = rooms.desk.clients

    def routes(self) -> list[ConsoleRoute]:
        return [
            ConsoleRoute("GET", _PATH, "look", self.listed),
            ConsoleRoute("POST", _PATH, "secure", self.add),
            ConsoleRoute("GET", f"{_PATH}/{{name}}", "look", self.show),
            ConsoleRoute("GET", f"{_PATH}/{{name}}/revoke", "secure", self.ask_revoke),
            ConsoleRoute("POST", f"{_PATH}/{{name}}/revoke", "secure", self.revoke),
        ]

    async def listed(self, call: Call, visitor: Visitor) -> Answer:
        """`GET /console/service-keys`."""
        return await self._page(call, visitor)

    async def add(self, call: Call, visitor: Visitor) -> Answer:
        """`POST /console/service-keys`: the page with the key on it. No redirect: nothing may carry the key there."""
        form = await read_form(call)
        name, appid = form.text("name"), form.text("app")
        scopes = tuple(f"{action}:{appid}" if appid else action for action in form.several("scope"))
        try:
            _, secret = await self._clients.add(name, scopes, by=visitor.actor)
        except ClientInvalidError:
            # The name is looked at first; a bad scope cannot come from this form but by leaving all boxes empty.
            field = "scope" if not scopes else "name"
            return await self._page(call, visitor, form=form, errors={field: TEXTS[f"key.{field}.wrong"]})
        except TakenError:
            return await self._page(call, visitor, form=form, errors={"name": TEXTS["key.name.taken"]})
        return await self._page(call, visitor, new=NewKey(name, secret))

    async def show(self, call: Call, visitor: Visitor) -> Answer:
        """`GET /console/service-keys/{name}`: what it was used for."""
        key = await self._key(call)
        uses = await self._clients.uses(key.name, _USES) or []
        apps = {app.appid: app.slug for app in await self._rooms.apps.all()}
        return self._frame.page(
            call, visitor, "service_key.html", here="service_keys", key=key, uses=uses, slugs=apps
        )

    async def ask_revoke(self, call: Call, visitor: Visitor) -> Answer:
        """`GET …/revoke`."""
        return ask(self._frame, call, visitor, _question(await self._key(call)))

    async def revoke(self, call: Call, visitor: Visitor) -> Answer:
        """`POST …/revoke`, with the name typed."""
        key = await self._key(call)
        errors = mistyped(_question(key), await read_form(call))
        if errors:
            return ask(self._frame, call, visitor, _question(key), errors)
        await self._clients.revoke(key.name, by=visitor.actor)
        await self._rooms.service_keys.follow()
        return self._frame.go(_PATH, "key_revoked")

    async def _key(self, call: Call) -> ShownClient:
        for key in await self._clients.all():
            if key.name == call.params["name"]:
                return key
        raise Problem(NOT_FOUND)

    async def _page(
        self,
        call: Call,
        visitor: Visitor,
        *,
        form: Form | None = None,
        new: NewKey | None = None,
        errors: Errors | None = None,
    ) -> Answer:
        keys = await self._clients.all()
        keys.sort(key=lambda key: (key.revoked_at is not None, -key.created_at))
        return self._frame.page(
            call,
            visitor,
            "service_keys.html",
            here="service_keys",
            status=_UNPROCESSABLE if errors else 200,
            keys=keys[:_MOST],
            apps=await self._rooms.apps.all(),
            actions=ACTIONS,
            given=form.text("name") if form else "",
            given_app=form.text("app") if form else "",
            ticked=form.several("scope") if form else [],
            new_name=new.name if new else None,
            new_key=new.secret.reveal() if new else None,
            errors=errors or {},
        )


def _question(key: ShownClient) -> Sure:
    path = f"{_PATH}/{quote(key.name, safe='')}"
    return Sure(
        here="service_keys",
        title=REVOKE_TITLE,
        lead=REVOKE_LEAD,
        facts={"name": key.name},
        button=REVOKE_BUTTON,
        action=f"{path}/revoke",
        back=_PATH,
        typed=key.name,
    )
