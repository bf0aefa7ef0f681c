"""A page inside WeChat learns who its visitor is, without a tap."""

from tests.oauth.conftest import OA, PAGE, Surfer


async def test_a_visitor_is_signed_in_and_back_on_the_page(surfer: Surfer):
    home = await surfer.signed_in()
    assert home.status_code == 303, home.text
    assert home.headers["location"] == PAGE
    session = await surfer.session()
    assert session["user"]["openid"].startswith("o")
    assert "unionid" not in session["user"]
