"""How WeChat writes an answer: compact JSON, errcode and errmsg, trace suffix, content type."""

import msgspec

from lingpai_emulator import errcodes
from lingpai_emulator.world import Refusal, World


class Answer(msgspec.Struct, frozen=True, gc=False):
    """One answer, ready to send. `rid` names it in `state/explain`, `why` is the hint header."""

    body: bytes
    content_type: str
    rid: str
    why: str
    errcode: int = 0
    status: int = 200
    headers: tuple[tuple[bytes, bytes], ...] = ()


def succeeded(world: World, path: str, fields: dict[str, object], why: str) -> Answer:
    """The fields as JSON in the order given; `/sns/*` sends no errcode on success."""
    rid = world.chance.rid(world.clock.now())
    return Answer(_written(world, path, fields), content_type(world, path), rid, why)


def refused(world: World, path: str, errcode: int, why: str, errmsg: str | None = None) -> Answer:
    """`{"errcode":…,"errmsg":"…"}`, HTTP 200: WeChat's errors are always answered with 200."""
    row = errcodes.find(errcode, path)
    rid, suffix = _trace(world, path)
    text = (row.errmsg if errmsg is None else errmsg) + suffix
    body = _written(world, path, {"errcode": errcode, "errmsg": text})
    return Answer(body, content_type(world, path), rid, why, errcode)


def denied(world: World, path: str, refusal: Refusal) -> Answer:
    """A refusal as WeChat words it."""
    return refused(world, path, refusal.errcode, refusal.why, refusal.errmsg)


def content_type(world: World, path: str) -> str:
    sns = errcodes.family(path) == "sns"
    return world.switches.sns_content_type if sns else world.switches.json_content_type


def _trace(world: World, path: str) -> tuple[str, str]:
    """The request id and how it is hung on errmsg, by year and family."""
    sns = errcodes.family(path) == "sns"
    if world.switches.errmsg_era == "hints":
        req_id = world.chance.req_id()
        return req_id, f", hints: [ req_id: {req_id} ]" if sns else f" hint: [{req_id}]"
    rid = world.chance.rid(world.clock.now())
    comma = "," if sns and world.switches.errmsg_era == "rid" else ""
    return rid, f"{comma} rid: {rid}"


def _written(world: World, path: str, fields: dict[str, object]) -> bytes:
    body = msgspec.json.encode(fields)
    if world.switches.escape_slashes and errcodes.family(path) == "sns":
        # Outside strings compact JSON has no slash, so replacing bytes is enough.
        return body.replace(b"/", b"\\/")
    return body
