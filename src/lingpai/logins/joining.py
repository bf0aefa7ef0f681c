"""A unionid that came late: two users turn out to be one person, and become one before the login is answered."""

from typing import Final

import msgspec

from lingpai.clock import Clock
from lingpai.ids import new_id
from lingpai.model import App, CommittedLogin, LateUnionid, Merge, NewMerge, ProvenIdentity
from lingpai.observe import logger
from lingpai.secret import random_bytes
from lingpai.sessions import RunningSessions
from lingpai.storage.port import Store


class Joining:
    """Joins users by unionid, within one open-platform account, and by nothing else."""

    def __init__(self, store: Store, running: RunningSessions, clock: Clock) -> None:
        self._store: Final = store
        self._running: Final = running
        self._clock: Final = clock

    async def join(self, app: App, proven: ProvenIdentity, committed: CommittedLogin) -> CommittedLogin:
        """The login as it stands when its conflict has been dealt with. Raises StorageUnavailableError.

        Nothing is lost when the process dies here: the conflict stays, and the next login joins.
        """
        refused = None
        if committed.conflict == "unionid_of_another_user":
            joined = await self._join(app, proven, committed)
            if isinstance(joined, Merge):
                return await self._after(committed, joined)
            if joined == "same":
                return await self._anew(committed)
            refused = joined
        logger().warning(
            "identity_conflict",
            app=app.appid,
            user_id=committed.user.id,
            conflict=committed.conflict,
            reason=refused,
        )
        return committed

    async def _join(self, app: App, proven: ProvenIdentity, committed: CommittedLogin) -> Merge | str:
        if app.open_platform is None or proven.unionid is None:
            return "unknown"
        now = self._clock.now()
        return await self._store.merges.join(
            NewMerge(
                id=new_id("mrg", now, random_bytes(10)),
                user_id=committed.user.id,
                other_id=None,
                reason="unionid",
                at=now,
                late=LateUnionid(
                    appid=app.appid,
                    openid=proven.openid,
                    open_platform=app.open_platform,
                    unionid=proven.unionid,
                ),
            )
        )

    async def _after(self, committed: CommittedLogin, merge: Merge) -> CommittedLogin:
        self._running.joined(merge.loser)
        logger().info("users_merged", user_id=merge.winner, alias=merge.loser, merge=merge.id)
        return await self._anew(committed)

    async def _anew(self, committed: CommittedLogin) -> CommittedLogin:
        signed_in = await self._store.sessions.get(committed.session.id)
        if signed_in is None:
            return committed
        return msgspec.structs.replace(
            committed,
            user=signed_in.user,
            session=signed_in.session,
            unionid=signed_in.unionid,
            conflict=None,
        )
