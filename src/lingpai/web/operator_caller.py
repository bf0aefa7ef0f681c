"""Which program asks at `/v1/admin`: the operator's key behind a request, and what it may do."""

from collections.abc import Awaitable, Callable

from lingpai.admin.clients import ClientInvalidError
from lingpai.admin.invalid import AppInvalidError
from lingpai.admin.operators import KeyHolder
from lingpai.admin.people import SameUserError
from lingpai.errors import Problem, Words
from lingpai.errors.catalogue_console import PERMISSION_MISSING
from lingpai.errors.catalogue_operators import NAME_TAKEN, OPERATOR_KEY_INVALID, RECORD_UNKNOWN
from lingpai.model import Permission
from lingpai.secret import Secret
from lingpai.storage.port import TakenError
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.endpoint import Handler
from lingpai.web.reading import invalid
from lingpai.web.rooms import Rooms

Handle = Callable[[Call, KeyHolder], Awaitable[Answer]]
_UNFIT = (AppInvalidError, ClientInvalidError, SameUserError)


def for_operators(rooms: Rooms, needs: Permission, handle: Handle) -> Handler:
    """An endpoint's handler that answers whoever has `needs`, and nobody else.

    It raises Problem operator_key_invalid, permission_missing, invalid_request, name_taken.
    """

    async def guarded(call: Call) -> Answer:
        key = call.bearer()
        holder = await rooms.operators.keys.check(Secret(key)) if key else None
        if holder is None:
            raise Problem(OPERATOR_KEY_INVALID)
        if needs not in holder.permissions:
            raise Problem(PERMISSION_MISSING, facts={"permission": needs})
        try:
            return await handle(call, holder)
        except _UNFIT as error:
            raise invalid(str(error)) from None
        except TakenError as error:
            raise Problem(NAME_TAKEN, facts={"what": error.what}) from None

    return guarded


def missing(en: str, zh: str) -> Problem:
    """There is no such thing."""
    return Problem(RECORD_UNKNOWN, facts={"what": Words(en, zh)})
