"""A website signs people in by WeChat's QR page."""

from tests.conftest import Stack
from tests.oauth.conftest import PAGE, WEB, Surfer, counted


async def test_a_visitor_who_scans_is_signed_in_with_profile_and_unionid(surfer: Surfer, stack: Stack):
    stack.wechat.browser(person="xiaohong", consent="allow")
    at_wechat = await surfer.to_wechat(WEB)
    assert "/connect/qrconnect?appid=wx00000000000000c3&redirect_uri=" in at_wechat
    assert "&response_type=code&scope=snsapi_login&state=" in at_wechat
    home = await surfer.get(await surfer.asked(at_wechat))
    assert home.headers["location"] == PAGE
    user = (await surfer.session())["user"]
    assert user["unionid"]
    assert user["profile_complete"]


async def test_a_fresh_profile_is_not_read_again(surfer: Surfer, stack: Stack):
    stack.wechat.browser(consent="allow")
    await surfer.signed_in(WEB)
    await surfer.signed_in(WEB)
    assert counted(stack, "/sns/userinfo") == 1


async def test_a_visitor_who_refuses_on_the_phone_is_told_so(surfer: Surfer, stack: Stack):
    stack.wechat.browser(consent="deny")
    refused = await surfer.signed_in(WEB)
    assert refused.status_code == 403
    assert "/oauth/qr?return_to=" in refused.text
    assert "proceed" not in refused.text
