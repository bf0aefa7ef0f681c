"""Is every visit of a page answered with a page or a way back, whatever somebody sends, and no secret shown?"""

from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from lingpai_emulator.browser import Browser
from lingpai_emulator.calls import Call
from lingpai_emulator.routes import ROUTES, answer
from lingpai_emulator.seed import Seed
from lingpai_emulator.world import World

WORLD = World(Seed(seed=1))
SECRETS = [app.secret for app in WORLD.apps.all()]
PATHS = sorted(path for path in ROUTES if path.startswith("/connect/"))

_PIECES = st.sampled_from(
    [
        *("appid", "redirect_uri", "response_type", "scope", "state", "ticket", "person", "answer", "lang"),
        *("component_appid", "forceSnapShot", "connect_redirect"),
    ]
)
_TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            *("wx00000000000000a1", "wx00000000000000b2", "wx00000000000000c3", SECRETS[0]),
            *(
                "http://127.0.0.1:9/cb",
                "http://[::1",
                "code",
                "snsapi_base",
                "snsapi_userinfo",
                "snsapi_login",
            ),
            *("allow", "deny", "sam", "true", "cn", "x" * 200),
        ]
    ),
)
_HEADERS = st.dictionaries(
    st.sampled_from([b"host", b"origin", b"cookie", b"accept-language", b"user-agent"]),
    st.one_of(
        st.binary(max_size=30),
        st.sampled_from(
            [b"http://127.0.0.1:1", b"http://[::1", b"h" * 9000, b"emulator_person=0.sam", b"zh;q=2"]
        ),
    ),
)
_RIGHT = {
    "appid": "wx00000000000000b2",
    "redirect_uri": "http://127.0.0.1:9/cb",
    "response_type": "code",
    "scope": "snsapi_userinfo",
    "state": "s",
}


@st.composite
def _visits(draw):
    changed = draw(st.dictionaries(_PIECES, _TEXTS, max_size=4))
    fields = (_RIGHT if draw(st.booleans()) else {}) | changed
    encoded = urlencode({name: text.encode("utf-8", "replace") for name, text in fields.items()}).encode()
    form = "application/x-www-form-urlencoded"
    posted = draw(st.booleans())
    return Call(
        method="POST" if posted else "GET",
        path=draw(st.sampled_from(PATHS)),
        query=b"" if posted else encoded,
        body=encoded if posted else draw(st.binary(max_size=20)),
        content_type=form if posted else "",
        headers=tuple(draw(_HEADERS).items()),
    )


@settings(max_examples=600, deadline=None)
@given(
    _visits(),
    st.builds(Browser, consent=st.sampled_from(["ask", "allow", "deny"]), double_callback=st.booleans()),
)
def test_every_visit_is_answered(visit, browser):
    WORLD.browser = browser
    told = answer(WORLD, visit)
    headers = dict(told.headers)
    assert told.status in (200, 302)
    assert (told.status == 302) == (b"location" in headers)
    assert told.why.isprintable()
    assert all(0x20 <= byte < 0x7F for value in headers.values() for byte in value)
    if told.content_type.startswith("text/html") and told.body:
        assert b"</html>" in told.body
        assert headers[b"x-frame-options"] == b"DENY"
    # Only what the visitor brought may come back.
    brought = visit.query + visit.body
    assert not [
        secret for secret in SECRETS if secret.encode() in told.body and secret.encode() not in brought
    ]
