"""The account of who is signed in: ways in, sessions, keys for programs."""

from collections.abc import Sequence
from typing import Final

from lingpai.admin.operators import NewPassword, OperatorInvalidError, SignedInOperator
from lingpai.errors import Problem
from lingpai.errors.catalogue import NOT_FOUND
from lingpai.model import Permission
from lingpai.secret import Secret
from lingpai.storage.port import TakenError
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.console.credentials import onward, question, sent
from lingpai.web.console.forms import Errors, Form, read_form
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute, Visitor
from lingpai.web.console.operator_guard import insist_on_fresh, operator_of
from lingpai.web.console.session_cookies import ConsoleCookies
from lingpai.web.console.set_up import qr, wrong_with
from lingpai.web.console.texts import TEXTS
from lingpai.web.redirecting import redirect
from lingpai.web.rooms import Rooms

ACCOUNT: Final = "/console/account"
_PERMISSIONS: Final[tuple[Permission, ...]] = ("look", "run", "secure")
_UNPROCESSABLE: Final = 422


class AccountPages:
    """Everybody's own. What changes a way in wants a fresh factor, whatever the role."""

    def __init__(self, frame: Frame, rooms: Rooms) -> None:
        self._frame: Final = frame
        self._account: Final = rooms.operators.account
        self._keys: Final = rooms.operators.keys
        self._sessions: Final = rooms.operators.sessions
        self._cookies: Final = ConsoleCookies(rooms.public_url)

    def routes(self) -> list[ConsoleRoute]:
        posts = {
            "password": self.put_password,
            "codes": self.codes,
            "passkeys/begin": self.begin_passkey,
            "passkeys/finish": self.add_passkey,
            "passkeys/remove": self.remove_passkey,
            "sessions/end": self.end_session,
            "sessions/end-all": self.end_all,
            "keys": self.add_key,
            "keys/revoke": self.revoke_key,
        }
        return [
            ConsoleRoute("GET", ACCOUNT, "look", self.show),
            ConsoleRoute("GET", f"{ACCOUNT}/password", "look", self.new_password),
            *(ConsoleRoute("POST", f"{ACCOUNT}/{path}", "look", handle) for path, handle in posts.items()),
        ]

    async def show(self, call: Call, visitor: Visitor) -> Answer:
        return await self._page(call, visitor)

    async def new_password(self, call: Call, visitor: Visitor) -> Answer:
        offer = await self._account.offer_password(self._fresh(call))
        return self._password_page(call, visitor, offer)

    async def put_password(self, call: Call, visitor: Visitor) -> Answer:
        who, form = self._fresh(call), await read_form(call)
        token, password = Secret(form.text("offer")), Secret(form.exactly("password"))
        try:
            if password != Secret(form.exactly("again")):
                errors: Errors = {"again": TEXTS["password.differs"]}
            else:
                codes = await self._account.put_password(who, token, password, form.text("code"))
                return self._codes_page(call, visitor, codes)
        except Problem as problem:
            errors = wrong_with(problem)
        return self._password_page(call, visitor, await self._account.offered(who, token), errors)

    async def codes(self, call: Call, visitor: Visitor) -> Answer:
        return self._codes_page(call, visitor, await self._account.new_codes(self._fresh(call)))

    async def begin_passkey(self, call: Call, _visitor: Visitor) -> Answer:
        return question(await self._account.begin_passkey(self._fresh(call)))

    async def add_passkey(self, call: Call, _visitor: Visitor) -> Answer:
        who, form = self._fresh(call), await read_form(call)
        given = sent(form)
        await self._account.add_passkey(who, given.token, given.credential, form.text("name"))
        return onward(ACCOUNT)

    async def remove_passkey(self, call: Call, _visitor: Visitor) -> Answer:
        who, form = self._fresh(call), await read_form(call)
        if not await self._account.remove_passkey(who, form.text("id")):
            raise Problem(NOT_FOUND)
        return self._frame.go(ACCOUNT, "passkey_removed")

    async def end_session(self, call: Call, _visitor: Visitor) -> Answer:
        """Wants no fresh factor: whoever finds a stranger's session must be quick."""
        form = await read_form(call)
        if not await self._account.end_session(operator_of(call), form.text("id")):
            raise Problem(NOT_FOUND)
        return self._frame.go(ACCOUNT, "session_ended")

    async def end_all(self, call: Call, _visitor: Visitor) -> Answer:
        await self._account.end_all(operator_of(call))
        return redirect("/console/sign-in", self._cookies.take("session"))

    async def add_key(self, call: Call, visitor: Visitor) -> Answer:
        who, form = self._fresh(call), await read_form(call)
        days = form.text("days")
        try:
            made = await self._keys.add(
                who.operator.id,
                form.text("name"),
                form.several("permission"),
                days=int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0,  # noqa: PLR2004
                by=who.actor,
            )
        except OperatorInvalidError:
            return await self._page(call, visitor, {"key": TEXTS["key.invalid"]}, form)
        except TakenError:
            return await self._page(call, visitor, {"key": TEXTS["key.taken"]}, form)
        if made is None:
            raise Problem(NOT_FOUND)
        return await self._page(call, visitor, made_key=made[1].reveal())

    async def revoke_key(self, call: Call, _visitor: Visitor) -> Answer:
        who, form = operator_of(call), await read_form(call)
        if not await self._keys.revoke(who.operator.id, form.text("name"), by=who.actor):
            raise Problem(NOT_FOUND)
        return self._frame.go(ACCOUNT, "key_revoked")

    def _fresh(self, call: Call) -> SignedInOperator:
        who = operator_of(call)
        insist_on_fresh(self._sessions, who)
        return who

    async def _page(
        self,
        call: Call,
        visitor: Visitor,
        errors: Errors | None = None,
        form: Form | None = None,
        made_key: str | None = None,
    ) -> Answer:
        who = operator_of(call)
        return self._frame.page(
            call,
            visitor,
            "account.html",
            here="account",
            status=_UNPROCESSABLE if errors else 200,
            operator=who.operator,
            account=await self._account.show(who),
            keys=await self._keys.all(who.operator.id),
            now=self._frame.clock.now(),
            permissions=[each for each in _PERMISSIONS if visitor.may(each)],
            key_name=form.text("name")[:64] if form else "",
            made_key=made_key,
            fresh=self._sessions.fresh(who),
            errors=errors or {},
        )

    def _password_page(
        self, call: Call, visitor: Visitor, offer: NewPassword, errors: Errors | None = None
    ) -> Answer:
        return self._frame.page(
            call,
            visitor,
            "account_password.html",
            here="account",
            status=_UNPROCESSABLE if errors else 200,
            offer=offer.token.reveal(),
            seed=offer.seed,
            picture=qr(offer.uri),
            operator=visitor.actor.name,
            errors=errors or {},
        )

    def _codes_page(self, call: Call, visitor: Visitor, codes: Sequence[Secret]) -> Answer:
        return self._frame.page(
            call,
            visitor,
            "codes.html",
            here="account",
            codes=[code.reveal() for code in codes],
            onward=ACCOUNT,
        )
