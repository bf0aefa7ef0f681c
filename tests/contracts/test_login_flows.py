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
    proven = await flow.prove(app, wechat.login("xiaoming", app.app.slug))
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
    wechat.fail("/sns/jscode2session", **spoil)
    with pytest.raises(Problem) as refusal:
        await flow.prove(app, wechat.login("xiaoming", app.app.slug))
    assert refusal.value.code == code


async def test_a_flow_refuses_a_used_code(flow, app, wechat):
    code = wechat.login("xiaoming", app.app.slug)
    await flow.prove(app, code)
    with pytest.raises(Problem, match="code_used"):
        await flow.prove(app, code)


async def test_a_flow_refuses_another_apps_code(flow, app, wechat):
    wechat.add_app("wx00000000000000d4", kind=flow.kind, slug="other")
    with pytest.raises(Problem, match="code_invalid"):
        await flow.prove(app, wechat.login("xiaoming", "other"))


async def test_a_flow_calls_wechat_once_at_most(flow, app, wechat):
    wechat.fail("/sns/jscode2session", close="after")
    with pytest.raises(Problem):
        await flow.prove(app, wechat.login("xiaoming", app.app.slug))
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
