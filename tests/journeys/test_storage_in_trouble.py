"""When the database fails in the middle of a login: nothing is half written, nothing is acknowledged that is not there."""

import pytest

from lingpai.storage import StorageUnavailableError


class CommitFails:
    """The store's logins, whose next commits end in trouble before or after they were written."""

    def __init__(self, logins, *, written: bool) -> None:
        self._logins = logins
        self._written = written

    def __getattr__(self, name):
        return getattr(self._logins, name)

    async def commit(self, login):
        if self._written:
            await self._logins.commit(login)
        raise StorageUnavailableError("I/O error", unknown=True)


@pytest.fixture
def broken(stack):
    """`broken(written=True)`: from now on commits are written, and then fail."""

    def breaking(*, written: bool) -> None:
        finish = stack.running.server.rooms.sign_in._finish
        store = finish._store

        class Store:
            logins = CommitFails(store.logins, written=written)

            def __getattr__(self, name):
                return getattr(store, name)

        finish._store = Store()

    return breaking


async def test_a_commit_that_failed_after_it_was_written_is_found_and_answered(stack, broken):
    broken(written=True)
    answer = await stack.signed_in()
    assert answer["user"]["is_new"] is True
    assert (await stack.session(answer["access_token"])).status_code == 200
    assert (await stack.refresh(answer["refresh_token"])).status_code == 200


async def test_a_commit_that_was_not_written_is_not_acknowledged(stack, broken):
    broken(written=False)
    code, nonce = stack.wechat.login(), stack.nonce()
    refused = await stack.login(code, nonce=nonce)
    assert (refused.status_code, refused.json()["code"]) == (503, "storage_unavailable")
    assert refused.headers["retry-after"]
    assert await stack.store.users.count() == 0


async def test_after_a_lost_commit_the_client_begins_again(stack, broken):
    code, nonce = stack.wechat.login(), stack.nonce()
    finish = stack.running.server.rooms.sign_in._finish
    store = finish._store
    broken(written=False)
    await stack.login(code, nonce=nonce)
    finish._store = store
    answer = await stack.login(code, nonce=nonce)
    assert (answer.status_code, answer.json()["code"]) == (409, "restart_login")
    assert (await stack.login()).status_code == 200
