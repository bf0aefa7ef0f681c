"""Is every call answered, whatever somebody sends: JSON, HTTP 200, an errcode the table knows, no secret?"""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from lingpai_emulator import errcodes
from lingpai_emulator.calls import Call
from lingpai_emulator.routes import ROUTES, answer
from lingpai_emulator.seed import Seed
from lingpai_emulator.world import World

WORLD = World(Seed(seed=1))
APP = WORLD.apps.named("demo-mp")
TOKEN = WORLD.tokens.fetch_stable(APP.appid, WORLD.clock.now(), WORLD.switches).token
PATHS = sorted(path for path in ROUTES if not path.startswith("/connect/"))

_names = st.sampled_from(
    [
        *(
            "appid",
            "secret",
            "appsecret",
            "grant_type",
            "js_code",
            "code",
            "openid",
            "signature",
            "sig_method",
        ),
        *("force_refresh", "cgi_path", "rid", "type", "encrypted_msg_hash", "transaction_id", "mch_id"),
    ]
)
_texts = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            *(
                APP.appid,
                APP.secret,
                "client_credential",
                "authorization_code",
                "hmac_sha256",
                "jsapi",
                "0" * 64,
            ),
            *("/cgi-bin/token", "6aac005a-01bfdbee-79769285", WORLD.openid(APP, WORLD.people.named("sam"))),
        ]
    ),
)
_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3),
    max_leaves=6,
)
_bodies = st.one_of(
    st.binary(max_size=60), st.dictionaries(_names, _values, max_size=6).map(msgspec.json.encode)
)


@st.composite
def _calls(draw):
    query = draw(st.dictionaries(_names, _texts, max_size=6))
    if draw(st.booleans()):
        query["access_token"] = TOKEN
    from urllib.parse import urlencode

    encoded = urlencode({name: text.encode("utf-8", "replace") for name, text in query.items()}).encode()
    method = draw(st.sampled_from(["GET", "POST", "PUT", "DELETE"]))
    content_type = draw(
        st.sampled_from(["", "application/json", "application/x-www-form-urlencoded", "text/plain"])
    )
    return Call(method, draw(st.sampled_from(PATHS)), encoded, draw(_bodies), content_type, "203.0.113.7")


@settings(max_examples=600, deadline=None)
@given(_calls())
def test_every_call_is_answered_in_wechats_way(call):
    told = answer(WORLD, call)
    assert told.status == 200
    body = msgspec.json.decode(told.body, type=dict[str, object])
    assert body.get("errcode", 0) == told.errcode
    if told.errcode:
        assert list(body) == ["errcode", "errmsg"]
        assert errcodes.find(told.errcode, call.path).errmsg != "unknown error"
        assert told.rid in str(body["errmsg"])
    assert told.why
    assert "\n" not in told.why
    assert APP.secret not in told.why
    assert TOKEN not in told.why
