"""What the inspector shows of WeChat, and what it lets a person change there."""

from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.phone.controls import Controls
from lingpai_emulator.phone.reading import read, reply
from lingpai_emulator.phone.steps import wechat_step

# What may be steered from the page. Nothing here answers with a secret.
_STEERABLE: Final = frozenset(
    {
        ("POST", "faults"),
        ("DELETE", "faults"),
        ("POST", "clock"),
        ("POST", "reset"),
        ("POST", "wx/prefetch"),
        ("POST", "wx/expire"),
        ("POST", "people"),
        ("DELETE", "ledger"),
    }
)
_NEWEST: Final = 200


def routes(controls: Controls) -> list[Route]:
    async def state(_request: Request) -> Response:
        """All that WeChat knows but who its people are; secrets masked."""
        known = await controls.steer("GET", "state")
        return reply({name: told for name, told in known.items() if name not in ("people", "apps")})

    async def ledger(_request: Request) -> Response:
        """The newest 200 calls WeChat received, oldest first, as steps with their time."""
        calls = (await controls.calls())[-_NEWEST:]
        return reply(
            {"calls": [{"at": call["at"], **msgspec.to_builtins(wechat_step(call))} for call in calls]}
        )

    async def steer(request: Request) -> Response:
        control = request.path_params["control"]
        if (request.method, control) not in _STEERABLE:
            raise MistakeError(f"The page may not {request.method} {control}.", 404)
        body = await read(request, dict[str, Any]) if request.method == "POST" else None
        return reply(await controls.steer(request.method, control, body))

    return [
        Route("/phone/api/wechat/state", state),
        Route("/phone/api/wechat/ledger", ledger),
        Route("/phone/api/wechat/steer/{control:path}", steer, methods=["POST", "DELETE"]),
    ]
