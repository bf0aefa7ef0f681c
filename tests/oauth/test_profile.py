"""Nickname and avatar: read when they are missing or old, and only then asked for."""

import pytest

from lingpai.clock import DAY, SECOND
from lingpai.model import ProfileChange
from tests.conftest import Stack
from tests.oauth.conftest import OA, ORIGIN, PAGE, Surfer, allow, counted, state_of

USERINFO, REFRESH = "/sns/userinfo", "/sns/oauth2/refresh_token"


async def profile(stack: Stack, surfer: Surfer):
    session = await surfer.session()
    return await stack.store.users.profile(session["user"]["id"])


@pytest.fixture(autouse=True)
def says_yes(stack: Stack):
    stack.wechat.browser(person="xiaoming", consent="allow")


async def test_a_stranger_is_asked_after_the_silent_round(surfer: Surfer, stack: Stack):
    at_wechat = await surfer.to_wechat(scope="userinfo")
    assert "scope=snsapi_base&" in at_wechat
    onward = await surfer.get(await surfer.asked(at_wechat))
    assert "scope=snsapi_userinfo&" in onward.headers["location"]
    home = await surfer.get(await surfer.asked(onward.headers["location"]))
    assert home.headers["location"] == PAGE
    told = await profile(stack, surfer)
    assert told.user.nickname
    assert told.user.avatar_url.startswith("http")
    assert told.source == "wechat"
    assert (await surfer.session())["user"]["profile_complete"]


async def test_the_consent_brings_the_unionid_the_silent_round_does_not(surfer: Surfer):
    await surfer.signed_in()
    assert "unionid" not in (await surfer.session())["user"]
    await surfer.signed_in(scope="userinfo")
    assert (await surfer.session())["user"]["unionid"].startswith("o")


async def test_who_is_known_is_not_asked_again(surfer: Surfer, stack: Stack):
    await surfer.signed_in(scope="userinfo")
    again = await surfer.get(await surfer.asked(await surfer.to_wechat(scope="userinfo", again="1")))
    assert again.headers["location"] == PAGE
    assert counted(stack, USERINFO) == 1


async def test_an_old_profile_is_read_anew_without_asking_while_the_consent_lives(
    surfer: Surfer, stack: Stack
):
    await surfer.signed_in(scope="userinfo")
    await allow(stack, ORIGIN, profile_days=1)
    stack.wechat.add_person(id="xiaoming", nickname="小明改名了")
    await stack.later(2 * DAY / SECOND)
    stack.wechat.advance(2 * DAY / SECOND)
    home = await surfer.get(await surfer.asked(await surfer.to_wechat(scope="userinfo")))
    assert home.headers["location"] == PAGE
    assert counted(stack, REFRESH) == 1
    assert (await profile(stack, surfer)).user.nickname == "小明改名了"


async def test_after_thirty_days_the_person_is_asked_again(surfer: Surfer, stack: Stack):
    await surfer.signed_in(scope="userinfo")
    await allow(stack, ORIGIN, profile_days=1)
    await stack.later(31 * DAY / SECOND)
    stack.wechat.advance(31 * DAY / SECOND)
    onward = await surfer.get(await surfer.asked(await surfer.to_wechat(scope="userinfo")))
    assert "scope=snsapi_userinfo&" in onward.headers["location"]
    assert counted(stack, REFRESH) == 0


async def test_a_consent_that_wechat_has_ended_is_asked_for_again(surfer: Surfer, stack: Stack):
    await surfer.signed_in(scope="userinfo")
    await allow(stack, ORIGIN, profile_days=1)
    await stack.later(2 * DAY / SECOND)
    stack.wechat.advance(2 * DAY / SECOND)
    stack.wechat.revoke("xiaoming", OA)
    onward = await surfer.get(await surfer.asked(await surfer.to_wechat(scope="userinfo")))
    assert "scope=snsapi_userinfo&" in onward.headers["location"]


async def test_trouble_with_the_profile_is_no_reason_to_refuse_the_login(surfer: Surfer, stack: Stack):
    stack.wechat.fail(USERINFO, times=3, errcode=-1)
    home = await surfer.signed_in(scope="userinfo")
    assert home.headers["location"] == PAGE
    assert not (await surfer.session())["user"]["profile_complete"]


async def test_what_people_wrote_themselves_stays(surfer: Surfer, stack: Stack):
    await surfer.signed_in()
    user = (await surfer.session())["user"]["id"]
    await stack.store.users.put_profile(
        user, ProfileChange(nickname="my own name", source="person", at=stack.clock.now())
    )
    await surfer.signed_in(scope="userinfo")
    told = await profile(stack, surfer)
    assert told.user.nickname == "my own name"
    assert told.user.avatar_url


@pytest.mark.parametrize(("language", "lang"), [("zh-CN,zh;q=0.9", "zh_CN"), ("en-GB", "en")])
async def test_the_profile_is_read_in_the_visitors_language(
    surfer: Surfer, stack: Stack, language: str, lang: str
):
    surfer.headers["accept-language"] = language
    await surfer.signed_in(scope="userinfo")
    assert stack.wechat.calls(USERINFO)[0]["query"]["lang"] == lang


async def test_wechats_tokens_are_nowhere_in_the_clear(surfer: Surfer, stack: Stack, tmp_path):
    await surfer.signed_in(scope="userinfo")
    row = await stack.store.browser_logins.user_token(
        "wx00000000000000b2", (await surfer.session())["user"]["openid"]
    )
    opened = stack.running.server.sealer.open(row.sealed, f"user_tokens|sealed|{row.appid}|{row.openid}")
    assert b"refresh_token" in opened
    import json

    tokens = [value.encode() for value in json.loads(opened).values()]
    for file in tmp_path.glob("lingpai.db*"):
        held = file.read_bytes()
        assert not any(token in held for token in tokens), file


async def test_the_tokens_of_a_silent_round_are_not_kept(surfer: Surfer, stack: Stack):
    await surfer.signed_in()
    openid = (await surfer.session())["user"]["openid"]
    assert await stack.store.browser_logins.user_token("wx00000000000000b2", openid) is None


class TestARefusal:
    @pytest.fixture(autouse=True)
    def says_no(self, stack: Stack, says_yes):
        stack.wechat.browser(consent="deny")

    async def test_a_visitor_who_says_no_may_go_on_without_a_profile(self, surfer: Surfer, stack: Stack):
        refused = await surfer.signed_in(scope="userinfo")
        assert refused.status_code == 403
        assert "consent_refused" in refused.text
        assert "nickname and avatar" in refused.text
        assert surfer.cookie is None
        proceed = f"{refused.request.url}&proceed=1"
        assert f"?{refused.request.url.query.decode()}&amp;proceed=1" in refused.text
        home = await surfer.get(proceed)
        assert home.headers["location"] == PAGE
        assert not (await surfer.session())["user"]["profile_complete"]
        assert counted(stack, USERINFO) == 0

    async def test_or_be_asked_once_more(self, surfer: Surfer, stack: Stack):
        refused = await surfer.signed_in(scope="userinfo")
        assert "/oauth/start?return_to=" in refused.text
        stack.wechat.browser(consent="allow")
        assert (await surfer.signed_in(scope="userinfo", again="1")).headers["location"] == PAGE

    async def test_going_on_is_for_the_same_browser_only(self, surfer: Surfer, stack: Stack):
        refused = await surfer.signed_in(scope="userinfo")
        stranger = Surfer(stack)
        await stranger.start()
        stolen = await stranger.get(f"{refused.request.url}&proceed=1")
        assert stolen.status_code == 400
        assert stranger.cookie is None

    async def test_the_first_round_has_nothing_to_go_on_with(self, surfer: Surfer):
        at_wechat = await surfer.to_wechat()
        here = f"/v1/demo-oa/oauth/callback?state={state_of(at_wechat)}&proceed=1"
        refused = await surfer.get(here)
        assert refused.status_code == 403
        assert surfer.cookie is None


class TestASnapshot:
    async def test_nothing_is_made_of_a_virtual_visitor(self, surfer: Surfer, stack: Stack):
        stack.wechat.browser(snapshot=True)
        stack.wechat.switch(snapshot_scopes="all")
        before = await rows(stack)
        shown = await surfer.get(
            await surfer.asked(await surfer.to_wechat(scope="userinfo")), **{"accept-language": "zh"}
        )
        assert shown.status_code == 403
        assert "使用完整服务" in shown.text
        assert "snapshot_user" in shown.text
        assert surfer.cookie is None
        assert await rows(stack) == before == (0, 0)

    async def test_a_consent_on_a_snapshot_page_is_worth_nothing_either(self, surfer: Surfer, stack: Stack):
        stack.wechat.browser(snapshot=True)
        shown = await surfer.signed_in(scope="userinfo")
        assert shown.status_code == 403
        assert counted(stack, USERINFO) == 0
        users, sessions = await rows(stack)
        assert (users, sessions) == (1, 1)  # of the silent round, which was real
        person = (await stack.store.users.page(1))[0]
        assert (person.nickname, len(await stack.store.users.identities(person.id))) == (None, 1)


async def rows(stack: Stack) -> tuple[int, int]:
    return await stack.store.users.count(), len(await stack.store.sessions.recent(9))
