"""Every endpoint in the room keeps the rules that let people find it by its URL."""

import importlib
import json
import pickle
import pkgutil
from typing import ClassVar

import pytest

import lingpai.wechat
from lingpai.wechat import (
    Endpoint,
    Errcode,
    WeChatAnswerInvalid,
    WeChatAnswerLost,
    WeChatError,
    WeChatOverloaded,
    WeChatRefused,
    WeChatUnreachable,
    Wire,
    endpoints,
)

FILES = [module.name for module in pkgutil.iter_modules(endpoints.__path__)]
ENDPOINTS = [
    (file, name, value)
    for file in FILES
    for name, value in vars(importlib.import_module(f"lingpai.wechat.endpoints.{file}")).items()
    if isinstance(value, Endpoint)
]
NAMES = [name for _, name, _ in ENDPOINTS]
SENSITIVE = ("secret", "code", "token", "ticket", "session_key", "signature", "phone")
APP = "wx00000000000000a1"


def test_the_walk_finds_the_endpoints():
    assert "SNS_JSCODE2SESSION" in NAMES
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize(("file", "name", "endpoint"), ENDPOINTS, ids=NAMES)
def test_an_endpoint_is_named_after_its_url(file, name, endpoint):
    first, *rest = endpoint.path.removeprefix("/").split("/")
    assert file == first.replace("-", "_")
    assert name == endpoint.name == "_".join([first, *rest]).replace("-", "_").upper()


@pytest.mark.parametrize(("file", "name", "endpoint"), ENDPOINTS, ids=NAMES)
def test_an_endpoint_hides_what_sounds_secret(file, name, endpoint):
    for struct in (endpoint.request, endpoint.answer):
        fields = set(struct.__struct_fields__)
        assert struct.hidden <= fields
        assert {field for field in fields if any(word in field for word in SENSITIVE)} <= struct.hidden


@pytest.mark.parametrize(("file", "name", "endpoint"), ENDPOINTS, ids=NAMES)
def test_an_endpoint_sends_only_query_fields_it_has(file, name, endpoint):
    assert (endpoint.query or frozenset()) <= set(endpoint.request.__struct_fields__)


class Ask(Wire, frozen=True, rename={"kind": "type"}):
    """Shaped like the token-bearing POST endpoints of wxa and cgi-bin."""

    hidden: ClassVar[frozenset[str]] = frozenset({"access_token"})
    access_token: str
    kind: str
    openid: str | None = None
    force: bool = False


class Told(Wire, frozen=True):
    value: int


async def test_a_post_carries_its_token_in_the_query_and_the_rest_as_json(host, connect):
    host.answers(b'{"errcode":0,"errmsg":"ok","value":7}')
    endpoint = Endpoint(method="POST", path="/wxa/business/try-it", request=Ask, answer=Told)
    told = await connect(host.url).call(endpoint, Ask(access_token="98_a+b", kind="喵"), app=APP)
    head, _, body = host.requests[0].partition(b"\r\n\r\n")
    assert told.value == 7
    assert endpoint.name == "WXA_BUSINESS_TRY_IT"
    assert head.startswith(b"POST /wxa/business/try-it?access_token=98_a%2Bb HTTP/1.1\r\n")
    assert b"\r\nContent-Type: application/json\r\n" in head + b"\r\n"
    assert body == '{"type":"喵","force":false}'.encode()


async def test_a_post_may_have_no_query_at_all(host, connect):
    host.answers(b'{"value":7}')
    endpoint = Endpoint(
        method="POST", path="/cgi-bin/stable_token", request=Ask, answer=Told, query=frozenset()
    )
    await connect(host.url).call(endpoint, Ask(access_token="t", kind="k", openid="o"), app=APP)
    head, _, body = host.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /cgi-bin/stable_token HTTP/1.1\r\n")
    assert json.loads(body) == {"access_token": "t", "type": "k", "openid": "o", "force": False}


def test_the_public_face_is_exactly_this():
    assert sorted(lingpai.wechat.__all__) == [
        "CallRecord",
        "Endpoint",
        "Errcode",
        "NotReached",
        "RawReply",
        "RawRequest",
        "Reached",
        "WeChatAnswerInvalid",
        "WeChatAnswerLost",
        "WeChatClient",
        "WeChatError",
        "WeChatOverloaded",
        "WeChatRefused",
        "WeChatSettings",
        "WeChatUnreachable",
        "Wire",
        "reach",
    ]


def test_every_error_has_a_word_of_its_own_for_logs():
    errors = WeChatError.__subclasses__()
    assert len(errors) == 5
    assert {e.outcome for e in errors} == {
        "refused",
        "overloaded",
        "unreachable",
        "answer_lost",
        "answer_invalid",
    }


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (WeChatRefused(40029, "invalid code"), "errcode 40029: invalid code"),
        (WeChatRefused(-1, "system error", "a-b-c"), "errcode -1: system error (rid a-b-c)"),
        (WeChatOverloaded(0.25, "breaker"), "not sent (breaker), retry after 0.2 s"),
        (WeChatUnreachable(), "nothing was sent (connect)"),
        (WeChatAnswerLost("timeout"), "sent, but the answer was lost (timeout)"),
        (WeChatAnswerInvalid("status", 502), "not an answer of WeChat (status 502)"),
        (WeChatAnswerInvalid(), "not an answer of WeChat (shape)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_error_says_what_happened_in_one_line(error, text):
    assert str(error) == text
    assert str(pickle.loads(pickle.dumps(error))) == text


def test_an_errcode_compares_as_its_number_and_explains_itself():
    refused = WeChatRefused(40029, "invalid code")
    assert refused.errcode == Errcode.INVALID_CODE
    assert Errcode.find(40163) is Errcode.CODE_USED
    assert Errcode.find(7) is None
    assert Errcode.CODE_USED.errmsg == "code been used"


def test_every_errcode_has_a_meaning_and_a_number_of_its_own():
    assert len(Errcode.__members__) == len(set(Errcode)) > 60
    assert all(code.meaning for code in Errcode)
