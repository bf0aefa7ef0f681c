"""Does an authorization link lead where WeChat's leads: back with a code, to a sheet, or to an error page?"""

import re

import pytest

from tests.emulator.oauth import authorize_link, returned


@pytest.fixture
def account(wechat):
    return wechat.app("demo-oa")


@pytest.fixture
def follow(wechat, ask):
    """`follow(link)`: opens it, without following the redirect."""
    return lambda link, **headers: ask(wechat.url, link, headers=headers)


def test_base_goes_back_at_once_with_code_and_state(account, follow):
    back = returned(follow(authorize_link(account.appid, state="Xyz09")))
    assert list(back) == ["code", "state"]
    assert re.fullmatch(r"[0-9A-Za-z]{32}", back["code"])
    assert back["state"] == "Xyz09"
