"""What does a verified profile cost? Beside the bare sha1 + AES + JSON, and beside a session check."""

import base64
import hashlib
import json
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1]))

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from bench import nginx, servers
from bench.codes import Codes
from bench.figures import Row, Verdict, at_most, median_cpu, publish, row
from bench.load import Batch, http_request
from bench.machine import machine
from bench.processes import Serving
from bench.rounds import Subject, fire, take_turns
from bench.scale import Scale, asked_for

_PROFILE: Final = f"/v1/{servers.SLUG}/profile"
_DECRYPT: Final = f"/v1/{servers.SLUG}/decrypt"
_IV: Final = bytes(range(16))
_BARE: Final = 20_000


class NobodySignedInError(Exception):
    """The logins before the measurement failed."""


class Person(msgspec.Struct, frozen=True):
    """Somebody signed in, and the session_key that the pretend WeChat gave for the code."""

    access_token: str
    session_key: str


def main() -> None:
    """Measure, print, keep."""
    scale = asked_for("CPU, throughput and latency of verified profiles and decryption.")
    about = machine()
    with tempfile.TemporaryDirectory(prefix="lingpai-bench-") as folder, ExitStack() as stack:
        rows, targets = _measured(stack, Path(folder), scale)
    title = f"Profiles, {scale.connections} at once"
    publish("decrypt", about, {title: rows}, targets, scale.results)


def _measured(stack: ExitStack, directory: Path, scale: Scale) -> tuple[list[Row], list[Verdict]]:
    wechat = stack.enter_context(nginx.upstream(directory))
    ours = stack.enter_context(servers.lingpai(directory, wechat.port))
    people = _signed_in(ours, scale.known)

    def subject(name: str, requests: list[str], count: int) -> Subject:
        def make(wanted: int) -> list[str]:
            return [requests[n % len(requests)] for n in range(wanted)]

        return Subject(name, ours, make, count, scale.connections)

    check = subject(
        "lingpai /v1/session",
        [http_request("GET", "/v1/session", headers=_bearing(each)) for each in people],
        scale.cheap,
    )
    decrypt = subject(
        "lingpai /v1/{app}/decrypt",
        [_posted(_DECRYPT, each, _encrypted(each)) for each in people],
        scale.ours,
    )
    profile = subject(
        "lingpai /v1/{app}/profile, stored",
        [_posted(_PROFILE, each, _signed(each)) for each in people],
        scale.ours,
    )
    bare = [_bare_us(people[0])]
    for _ in range(scale.rounds):
        take_turns([check, decrypt, profile], 1)
        bare.append(_bare_us(people[0]))
    cost = sorted(bare)[len(bare) // 2]
    targets = [
        at_most(f"decrypting, in bare sha1 + AES + JSON ({cost:.1f} us)", median_cpu(decrypt) / cost, 20),
        at_most("a stored profile, in session checks", median_cpu(profile) / median_cpu(check), 15),
    ]
    return [row(each, check) for each in (check, decrypt, profile)], targets


def _bare_us(person: Person) -> float:
    """CPU microseconds of what no server can do without."""
    body = _signed(person)
    key, data = base64.b64decode(person.session_key), base64.b64decode(body["encryptedData"])
    signed = body["rawData"] + person.session_key
    began = time.process_time_ns()
    for _ in range(_BARE):
        hashlib.sha1(signed.encode()).hexdigest()
        decryptor = Cipher(AES(key), CBC(_IV)).decryptor()
        padded = decryptor.update(data) + decryptor.finalize()
        json.loads(padded[: -padded[-1]])
    return (time.process_time_ns() - began) / 1000 / _BARE


def _signed_in(server: Serving, people: int) -> list[Person]:
    codes = Codes()
    fresh = codes.first_visits(people)
    requests = codes.logins(servers.LOGIN, fresh)
    turn = fire(server, Batch(port=server.port, connections=1, requests=requests, keep_bodies=True))
    if turn.answered != people:
        raise NobodySignedInError(turn.outcome.statuses)
    told: list[dict[str, Any]] = [json.loads(body) for body in turn.outcome.bodies]
    # The pretend WeChat makes the key of a code from its first 21 characters.
    return [Person(each["access_token"], f"{code[:21]}A==") for each, code in zip(told, fresh, strict=True)]


def _user_info(person: Person) -> dict[str, Any]:
    return {
        "nickName": f"小明 {person.session_key[:6]}",
        "gender": 0,
        "language": "zh_CN",
        "city": "",
        "province": "",
        "country": "",
        "avatarUrl": f"https://example.com/mmopen/vi_32/{person.session_key[:16]}/132",
    }


def _encrypted(person: Person) -> dict[str, str]:
    told = _user_info(person) | {"watermark": {"timestamp": int(time.time()), "appid": servers.APPID}}
    plain = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    size = 16 - len(plain) % 16
    encryptor = Cipher(AES(base64.b64decode(person.session_key)), CBC(_IV)).encryptor()
    data = encryptor.update(plain + bytes([size]) * size) + encryptor.finalize()
    return {"encryptedData": base64.b64encode(data).decode(), "iv": base64.b64encode(_IV).decode()}


def _signed(person: Person) -> dict[str, str]:
    raw = json.dumps(_user_info(person), ensure_ascii=False, separators=(",", ":"))
    signature = hashlib.sha1((raw + person.session_key).encode()).hexdigest()
    return {"rawData": raw, "signature": signature, **_encrypted(person)}


def _posted(path: str, person: Person, body: dict[str, str]) -> str:
    return http_request("POST", path, headers=_bearing(person), body=json.dumps(body))


def _bearing(person: Person) -> dict[str, str]:
    return {"Authorization": f"Bearer {person.access_token}"}


if __name__ == "__main__":
    main()
