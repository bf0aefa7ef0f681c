"""A backend of one's own trusts lingpai's tokens, in three frameworks: as they stand in examples/."""

import json
import time

import httpx
import pytest

from lingpai.verify import Verifier
from lingpai.webhooks import WebhookSecrets, new_secret, signed_headers
from tests.conftest import bearer
from tests.examples.conftest import EXAMPLES

NAMES = ["fastapi", "flask", "django"]
SMALL = ["flask", "django"]
OPEN = {"fastapi": "/favourites", "flask": "/whoami", "django": "/whoami"}


@pytest.mark.parametrize("name", NAMES)
def test_a_token_of_lingpai_is_trusted(backend, token, name):
    answer = backend(name).get(OPEN[name], headers=bearer(token()))
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer x.y.z", "Basic eA==", "Bearer " + "a" * 5000, "Bearer \u00e9"],
)
def test_anything_else_is_refused_as_rfc_6750_says(backend, name, authorization):
    headers = {} if authorization is None else {"authorization": authorization.encode("latin-1")}
    answer = backend(name).get(OPEN[name], headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("name", NAMES)
def test_a_token_for_another_app_is_refused(backend, token, name):
    answer = backend(name, LINGPAI_APPID="wx00000000000000ff").get(OPEN[name], headers=bearer(token()))
    assert answer.status_code == 401


@pytest.mark.parametrize("name", NAMES)
def test_while_the_keys_cannot_be_fetched_nobody_is_refused_for_good(backend, token, name):
    answer = backend(name, LINGPAI_URL="http://127.0.0.1:9").get(OPEN[name], headers=bearer(token()))
    assert answer.status_code == 503
    assert answer.headers["retry-after"]


@pytest.mark.parametrize("name", SMALL)
def test_the_user_is_the_one_lingpai_knows(backend, token, dev, name):
    access_token = token("sam")
    known = httpx.get(f"{dev.told['server']}/v1/session", headers=bearer(access_token)).json()["user"]["id"]
    assert backend(name).get("/whoami", headers=bearer(access_token)).json() == {"user": known}


@pytest.mark.parametrize("name", SMALL)
def test_a_small_one_is_at_most_30_lines(name):
    assert len((EXAMPLES / f"backend-{name}" / "app.py").read_text().splitlines()) <= 30


def test_each_person_keeps_teas_of_their_own(backend, token):
    shop = backend("fastapi")
    xiaoming, sam = bearer(token("xiaoming")), bearer(token("sam"))
    assert shop.put("/favourites/puer", headers=xiaoming).json() == {"favourites": ["puer"]}
    assert shop.put("/favourites/puer", headers=xiaoming).json() == {"favourites": ["puer"]}
    assert shop.put("/favourites/longjing", headers=sam).json() == {"favourites": ["longjing"]}
    assert shop.get("/favourites", headers=xiaoming).json() == {"favourites": ["puer"]}
    assert shop.delete("/favourites/longjing", headers=xiaoming).json() == {"favourites": ["puer"]}
    assert shop.get("/favourites", headers=sam).json() == {"favourites": ["longjing"]}
    assert shop.delete("/favourites/puer", headers=xiaoming).json() == {"favourites": []}


def test_what_is_no_tea_is_refused(backend, token):
    shop = backend("fastapi")
    for tea in ("PUER", "a" * 33, "a%27%20OR%201", "1"):
        assert shop.put(f"/favourites/{tea}", headers=bearer(token())).status_code == 422, tea


def test_the_fastapi_backend_acts_on_what_it_is_told_once_and_on_no_forgery(backend, token, dev):
    secret = new_secret()
    shop = backend("fastapi", LINGPAI_WEBHOOK_SECRET=secret)
    person = {"authorization": f"Bearer {token()}"}
    user = Verifier(dev.told["server"], audience="wx00000000000000a1").verify(person["authorization"][7:]).sub

    def tell(kind, message_id="msg_1", at=None, key=secret, **data):
        body = json.dumps({"type": kind, "data": data}).encode()
        stamp = round(time.time()) if at is None else at
        return shop.post(
            "/hooks/lingpai",
            content=body,
            headers=signed_headers(WebhookSecrets(key), message_id, stamp, body),
        ).status_code

    assert shop.put("/favourites/oolong", headers=person).status_code == 200
    assert tell("user.erased", key=new_secret(), user_id=user) == 401
    assert tell("user.erased", at=round(time.time()) - 3600, user_id=user) == 401
    assert shop.post("/hooks/lingpai", content=b"{}").status_code == 401
    assert shop.get("/favourites", headers=person).json() == {"favourites": ["oolong"]}
    assert tell("user.erased", user_id=user) == 204
    assert shop.get("/favourites", headers=person).json() == {"favourites": []}
    shop.put("/favourites/puer", headers=person)
    assert tell("user.erased", user_id=user) == 204  # the same message again
    assert shop.get("/favourites", headers=person).json() == {"favourites": ["puer"]}
    assert tell("user.merged", "msg_2", user_id=user, merged_user_id="usr_other") == 204
