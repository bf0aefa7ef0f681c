"""Many people, three apps, any order, many at once, twice, with unionids that come late: as many users as people."""

import asyncio
import os
import random

from lingpai.keeper import HeldApp
from lingpai.logins import Flow, Visit
from lingpai.model import AppKind, ProvenIdentity
from tests.conftest import Stack
from tests.oauth.conftest import MP, OA, WEB

PEOPLE = int(os.environ.get("LINGPAI_TEST_PEOPLE", "300"))
AT_ONCE = 64
KINDS: tuple[AppKind, ...] = ("miniprogram", "official_account", "website")


class AsTheCodeSays:
    """A WeChat that reads everything from the code: `person.unionid-or-dash.serial`."""

    def __init__(self, kind: AppKind) -> None:
        self.kind: AppKind = kind

    async def prove(self, app: HeldApp, code: str) -> ProvenIdentity:
        await asyncio.sleep(0)
        person, union, _ = code.split(".")
        return ProvenIdentity(
            openid=f"o{app.app.kind[0]}{person}",
            unionid=f"u{person}" if union == "u" else None,
            session_key=None,
        )


def visits(chance: random.Random) -> list[tuple[str, str]]:
    """(app, code): about ten a person in any order, the unionid first missing and at last there."""
    early = [
        (app, f"{person}.{chance.choice('u---')}.{serial}")
        for person in range(PEOPLE)
        for serial, app in enumerate(chance.choices((MP, OA, WEB), k=6))
    ]
    late = [(app, f"{person}.u.{app}") for person in range(PEOPLE) for app in (MP, OA, WEB)]
    chance.shuffle(early)
    chance.shuffle(late)
    every = early + late
    twice = set(chance.sample(range(len(every)), len(every) // 10))
    return [visit for at, visit in enumerate(every) for _ in range(2 if at in twice else 1)]


async def test_there_are_as_many_users_as_people_and_every_old_id_resolves(stack: Stack):
    chance = random.Random(20260101)
    rooms = stack.running.server.rooms
    flows: dict[AppKind, Flow] = {kind: AsTheCodeSays(kind) for kind in KINDS}
    object.__setattr__(rooms.sign_in, "_flows", flows)
    apps = {name: await rooms.directory.get(name) for name in (MP, OA, WEB)}
    seen: dict[str, set[str]] = {}
    gate = asyncio.Semaphore(AT_ONCE)

    async def visit(app: str, code: str) -> None:
        async with gate:
            stack.clock.advance(0.001)
            tokens = await rooms.sign_in.sign_in(
                apps[app],
                code,
                f"nonce of {code}".ljust(32, "0"),
                None,
                Visit(request_id="0" * 16, user_agent="test", began=stack.clock.monotonic()),
                kinds=KINDS,
            )
            seen.setdefault(code.partition(".")[0], set()).add(tokens.signed_in.user.id)

    async with asyncio.TaskGroup() as group:
        for app, code in visits(chance):
            group.create_task(visit(app, code))
    assert await stack.store.users.count() == PEOPLE == len(seen)
    meant = {person: {await stack.store.merges.resolved(one) for one in ids} for person, ids in seen.items()}
    assert all(len(ids) == 1 for ids in meant.values())
    assert len({next(iter(ids)) for ids in meant.values()}) == PEOPLE
    assert sum(len(ids) > 1 for ids in seen.values()) > PEOPLE // 3, "hardly anybody was ever two users"
    # The oldest id that a person ever had is the one that stays.
    assert all(meant[person] == {min(ids)} for person, ids in seen.items())
    for person in chance.sample(sorted(seen), min(50, PEOPLE)):
        user = next(iter(meant[person]))
        identities = await stack.store.users.identities(user)
        assert {one.openid[2:] for one in identities} == {person}
        assert len(identities) == 3
