"""What the tests of web authorization share: links as an app writes them, and what comes back."""

import re
from urllib.parse import parse_qsl, quote, urlsplit

CALLBACK = "http://127.0.0.1:9/callback"


def authorize_link(appid, *, redirect_uri=CALLBACK, scope="snsapi_base", state="abc123", **more):
    """The path and query of an authorize link, in WeChat's order; None leaves a parameter out."""
    given = {
        "appid": appid,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": scope,
        "state": state,
        **more,
    }
    pairs = [f"{name}={quote(value, safe='')}" for name, value in given.items() if value is not None]
    return "/connect/oauth2/authorize?" + "&".join(pairs)


def qrconnect_link(appid, **changed):
    link = authorize_link(appid, **{"scope": "snsapi_login", **changed})
    return link.replace("/connect/oauth2/authorize", "/connect/qrconnect")


def returned(reply):
    """The query the browser is sent back with."""
    assert reply.status == 302, reply.body
    return dict(parse_qsl(urlsplit(reply.headers["location"]).query, keep_blank_values=True))


def number(reply):
    """The 100xx on an error page; None on any other answer."""
    found = re.search(rb'id="errcode">(\d+)<', reply.body)
    return int(found[1]) if found else None


def ticket(page):
    """What names the question a page asks."""
    (found,) = re.findall(rb'(?:name="ticket" value|data-ticket)="([^"]+)"', page.body)
    return found.decode()
