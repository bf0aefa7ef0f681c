"""Operators on the console: who there is, what they may do, fresh links. All of it needs `secure`."""

from typing import Final

from lingpai.admin.operators import OperatorInvalidError, OperatorsAdmin, ShownOperator
from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import NOT_FOUND
from lingpai.model import ROLES
from lingpai.secret import Secret
from lingpai.storage.port import TakenError
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.console.confirming import Sure, ask, mistyped
from lingpai.web.console.forms import Errors, Form, read_form
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute, Visitor
from lingpai.web.console.texts import TEXTS
from lingpai.web.rooms import Rooms

OPERATORS: Final = "/console/operators"
_ONE: Final = f"{OPERATORS}/{{operator}}"
_UNPROCESSABLE: Final = 422


class OperatorPages:
    """The register. Nobody changes their own account here: that takes a colleague, or the command line."""

    def __init__(self, frame: Frame, rooms: Rooms) -> None:
        self._frame: Final = frame
        self._operators: Final[OperatorsAdmin] = rooms.operators.registry

    def routes(self) -> list[ConsoleRoute]:
        return [
            ConsoleRoute("GET", OPERATORS, "secure", self.list),
            ConsoleRoute("POST", OPERATORS, "secure", self.add),
            ConsoleRoute("GET", _ONE, "secure", self.show),
            ConsoleRoute("POST", f"{_ONE}/roles", "secure", self.put_roles),
            ConsoleRoute("POST", f"{_ONE}/disable", "secure", self.disable),
            ConsoleRoute("POST", f"{_ONE}/enable", "secure", self.enable),
            ConsoleRoute("POST", f"{_ONE}/reset", "secure", self.reset),
            ConsoleRoute("GET", f"{_ONE}/remove", "secure", self.ask_remove),
            ConsoleRoute("POST", f"{_ONE}/remove", "secure", self.remove),
        ]

    async def list(self, call: Call, visitor: Visitor) -> Answer:
        return await self._page(call, visitor)

    async def add(self, call: Call, visitor: Visitor) -> Answer:
        form = await read_form(call)
        try:
            made, link = await self._operators.add(form.text("name"), form.several("role"), by=visitor.actor)
        except OperatorInvalidError:
            return await self._page(call, visitor, {"name": TEXTS["operators.invalid"]}, form)
        except TakenError:
            return await self._page(call, visitor, {"name": TEXTS["operators.taken"]}, form)
        return self._link(call, visitor, made, link)

    async def show(self, call: Call, visitor: Visitor) -> Answer:
        return self._one(call, visitor, await self._named(call))

    async def put_roles(self, call: Call, visitor: Visitor) -> Answer:
        operator = await self._other(call, visitor)
        form = await read_form(call)
        try:
            await self._operators.put_roles(operator.id, form.several("role"), by=visitor.actor)
        except OperatorInvalidError:
            return self._one(call, visitor, operator, {"role": TEXTS["operators.invalid_role"]})
        return self._frame.go(f"{OPERATORS}/{operator.id}", "roles_changed")

    async def disable(self, call: Call, visitor: Visitor) -> Answer:
        operator = await self._other(call, visitor)
        await self._operators.disable(operator.id, by=visitor.actor)
        return self._frame.go(f"{OPERATORS}/{operator.id}", "operator_disabled")

    async def enable(self, call: Call, visitor: Visitor) -> Answer:
        operator = await self._other(call, visitor)
        await self._operators.enable(operator.id, by=visitor.actor)
        return self._frame.go(f"{OPERATORS}/{operator.id}", "operator_enabled")

    async def reset(self, call: Call, visitor: Visitor) -> Answer:
        operator = await self._other(call, visitor)
        done = await self._operators.reset(operator.id, by=visitor.actor)
        if done is None:
            raise Problem(NOT_FOUND)
        return self._link(call, visitor, *done)

    async def ask_remove(self, call: Call, visitor: Visitor) -> Answer:
        return ask(self._frame, call, visitor, _sure(await self._named(call)))

    async def remove(self, call: Call, visitor: Visitor) -> Answer:
        operator = await self._other(call, visitor)
        question = _sure(operator)
        errors = mistyped(question, await read_form(call))
        if errors:
            return ask(self._frame, call, visitor, question, errors)
        await self._operators.remove(operator.id, by=visitor.actor)
        return self._frame.go(OPERATORS, "operator_removed")

    async def _named(self, call: Call) -> ShownOperator:
        operator = await self._operators.get(call.params["operator"])
        if operator is None:
            raise Problem(NOT_FOUND)
        return operator

    async def _other(self, call: Call, visitor: Visitor) -> ShownOperator:
        operator = await self._named(call)
        if operator.id == visitor.actor.id:
            raise Problem(NOT_FOUND, private="an operator's own account is not changed here")
        return operator

    async def _page(
        self, call: Call, visitor: Visitor, errors: Errors | None = None, form: Form | None = None
    ) -> Answer:
        return self._frame.page(
            call,
            visitor,
            "operators.html",
            here="operators",
            status=_UNPROCESSABLE if errors else 200,
            operators=await self._operators.all(),
            roles=list(ROLES),
            name=form.text("name")[:64] if form else "",
            chosen=form.several("role") if form else ["viewer"],
            errors=errors or {},
        )

    def _one(
        self, call: Call, visitor: Visitor, operator: ShownOperator, errors: Errors | None = None
    ) -> Answer:
        return self._frame.page(
            call,
            visitor,
            "operator.html",
            here="operators",
            status=_UNPROCESSABLE if errors else 200,
            operator=operator,
            roles=list(ROLES),
            mine=operator.id == visitor.actor.id,
            errors=errors or {},
        )

    def _link(self, call: Call, visitor: Visitor, operator: ShownOperator, link: Secret) -> Answer:
        return self._frame.page(
            call, visitor, "operator_link.html", here="operators", operator=operator, link=link.reveal()
        )


def _sure(operator: ShownOperator) -> Sure:
    return Sure(
        here="operators",
        title=Words("Remove {name}", "删除 {name}"),
        lead=Words("This cannot be undone.", "此操作无法撤销。"),
        points=(
            Words("Every session ends at once.", "全部会话立即结束。"),
            Words("Keys of programs stop working.", "其程序密钥全部失效。"),
            Words("What was done stays in the audit log.", "已有的操作记录保留在审计日志中。"),
        ),
        facts={"name": operator.name},
        button=Words("Remove", "删除"),
        action=f"{OPERATORS}/{operator.id}/remove",
        back=f"{OPERATORS}/{operator.id}",
        typed=operator.name,
    )
