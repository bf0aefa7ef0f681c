"""Why a call was answered as it was: the ledger's entries as people read them."""

import msgspec

from lingpai_emulator import errcodes
from lingpai_emulator.calls import first_values
from lingpai_emulator.ledger import Entry
from lingpai_emulator.masking import Masker
from lingpai_emulator.world import World


def shown(entry: Entry, masker: Masker) -> dict[str, object]:
    """One call of the ledger: at (Unix seconds), method, path, query, form or json, status, answer, why."""
    call = entry.call
    seen: dict[str, object] = {
        "at": round(entry.at, 3),
        "method": call.method,
        "path": masker.text(call.path),
        "query": masker.value(first_values(call.query)),
    }
    if call.is_form:
        seen["form"] = masker.value(first_values(call.body))
    elif call.body:
        seen["json" if call.is_json else "body"] = masker.value(_decoded(call.body))
    seen["status"] = entry.status
    seen["answer"] = None if entry.answer is None else masker.value(_decoded(entry.answer.body))
    location = None if entry.answer is None else dict(entry.answer.headers).get(b"location")
    if location is not None:
        seen["location"] = masker.text(location.decode())
    if entry.answer is not None:
        seen["rid"] = entry.answer.rid
        seen["why"] = masker.text(entry.answer.why)
    if entry.fault is not None:
        seen["fault"] = masker.value(msgspec.to_builtins(entry.fault))
    return seen


def explained(entry: Entry, world: World) -> dict[str, object]:
    """One answer with its reason, and how sure the emulator is that WeChat would say the same."""
    call = shown(entry, Masker(world))
    told: dict[str, object] = {"rid": call["rid"], "why": call["why"], "call": call}
    if entry.answer is not None and entry.answer.errcode:
        row = errcodes.find(entry.answer.errcode, entry.call.path)
        told |= {"errcode": row.errcode, "errmsg": row.errmsg, "mark": row.mark, "source": row.source}
    return told


def _decoded(body: bytes) -> object:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return body.decode("utf-8", "replace")
