"""What every login flow promises, whatever it talks to. A new flow in `logins/registry.py` runs here by itself."""

import inspect

import pytest

from lingpai.errors import Problem
from lingpai.keeper import HeldApp, WeChatCalls
from lingpai.logins.registry import flows
from lingpai.model import App, ProvenIdentity
from lingpai.secret import Secret
from lingpai.wechat import WeChatClient, WeChatSettings

KINDS = list(flows(WeChatCalls(None)))  # type: ignore[arg-type]
# Where WeChat is asked, and how a code is come by; a new flow brings both.
EXCHANGES = {
    "miniprogram": "/sns/jscode2session",
    "official_account": "/sns/oauth2/access_token",
    "website": "/sns/oauth2/access_token",
}


def code_for(wechat, app, person="xiaoming"):
    """A fresh code of `person` at an app."""
    if app.kind == "miniprogram":
        return wechat.login(person, app.appid)
    return wechat.oauth_code(person, app.appid)


@pytest.fixture(params=KINDS)
async def flow(request, wechat):
    async with WeChatClient(WeChatSettings(base_url=wechat.url)) as client:
        yield flows(WeChatCalls(client))[request.param]


@pytest.fixture
def app(flow, wechat):
    info = next(app for app in wechat.apps if app.kind == flow.kind)
    return HeldApp(
        App(
            appid=info.appid,
            slug=info.slug,
            kind=info.kind,
            name=info.slug,
            open_platform=info.open_platform,
            created_at=0,
        ),
        Secret(info.secret),
    )


async def test_a_flow_proves_who_somebody_is(flow, app, wechat):
    proven = await flow.prove(app, code_for(wechat, app.app))
    assert isinstance(proven, ProvenIdentity)
    assert proven.openid.startswith("o")


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ({"errcode": 40029}, "code_invalid"),
        ({"errcode": 40163}, "code_used"),
        ({"errcode": 40226}, "user_blocked"),
        ({"errcode": -1}, "wechat_busy"),
        ({"close": "after"}, "wechat_busy"),
        ({"body": "<html>"}, "wechat_busy"),
        ({"errcode": 45011}, "wechat_rate_limited"),
        ({"errcode": 40125}, "wechat_credentials"),
    ],
)
async def test_a_flow_tells_wechats_refusals_in_our_words(flow, app, wechat, spoil, code):
    wechat.fail(EXCHANGES[flow.kind], **spoil)
    with pytest.raises(Problem) as refusal:
        await flow.prove(app, code_for(wechat, app.app))
    assert refusal.value.code == code


async def test_a_flow_refuses_a_used_code(flow, app, wechat):
    code = code_for(wechat, app.app)
    await flow.prove(app, code)
    with pytest.raises(Problem, match="code_used"):
        await flow.prove(app, code)


async def test_a_flow_refuses_another_apps_code(flow, app, wechat):
    other = wechat.add_app("wx00000000000000d4", kind=flow.kind, slug="other")
    with pytest.raises(Problem, match="code_invalid"):
        await flow.prove(app, code_for(wechat, other))


async def test_a_flow_calls_wechat_once_at_most(flow, app, wechat):
    wechat.fail(EXCHANGES[flow.kind], close="after")
    with pytest.raises(Problem):
        await flow.prove(app, code_for(wechat, app.app))
    assert len(wechat.calls()) == 1


def test_a_flow_is_given_no_store_and_so_holds_no_transaction(flow):
    parameters = inspect.signature(type(flow).__init__).parameters
    assert "store" not in parameters


async def test_every_login_leaves_one_event(stack):
    await stack.signed_in()
    await stack.login("unknown" * 4)
    await stack.running.server.rooms.sign_in._history.drain()
    assert sorted(event.result for event in await stack.store.logins.recent(10)) == [
        "code_invalid",
        "signed_in",
    ]


@pytest.mark.parametrize("kind", ["official_account", "website"])
async def test_a_flow_of_a_browser_keeps_what_the_consent_gave_and_shows_none_of_it(wechat, kind):
    info = next(app for app in wechat.apps if app.kind == kind)
    held = HeldApp(
        App(appid=info.appid, slug=info.slug, kind=kind, name="", open_platform=None, created_at=0),
        Secret(info.secret),
    )
    async with WeChatClient(WeChatSettings(base_url=wechat.url)) as client:
        proven = await flows(WeChatCalls(client))[kind].prove(held, code_for(wechat, info))
    assert proven.session_key is None
    assert proven.grant is not None
    assert proven.grant.refresh_token.reveal() not in repr(proven)


async def test_a_flow_of_a_browser_proves_nobody_on_a_snapshot_page(wechat):
    info = wechat.app("demo-oa")
    held = HeldApp(
        App(appid=info.appid, slug="oa", kind="official_account", name="", open_platform=None, created_at=0),
        Secret(info.secret),
    )
    code = wechat.oauth_code("xiaoming", "demo-oa", "snsapi_userinfo", snapshot=True)
    async with WeChatClient(WeChatSettings(base_url=wechat.url)) as client:
        flow = flows(WeChatCalls(client))["official_account"]
        with pytest.raises(Problem, match="snapshot_user"):
            await flow.prove(held, code)
