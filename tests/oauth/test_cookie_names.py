"""On https the cookies are bound to this very host; only this machine's http goes without."""

import pytest

from lingpai.web.cookies import set_prelogin, set_session


@pytest.mark.parametrize("write", [lambda url: set_session("v", 60, url), lambda url: set_prelogin("v", url)])
def test_a_cookie_on_https_can_be_set_by_no_other_host_and_over_no_other_way(write):
    name, value = write("https://login.example.com")
    assert name == b"set-cookie"
    assert value.startswith(b"__Host-lingpai_")
    # What browsers want of a __Host- cookie (RFC 6265bis, section 4.1.3.2).
    assert {b"Secure", b"Path=/", b"HttpOnly", b"SameSite=Lax"} <= set(value.split(b"; "))
    assert b"Domain" not in value


@pytest.mark.parametrize("write", [lambda url: set_session("v", 60, url), lambda url: set_prelogin("v", url)])
def test_on_this_machines_http_the_name_is_plain(write):
    _, value = write("http://localhost:8000")
    assert value.startswith(b"lingpai_")
    assert b"Secure" not in value
