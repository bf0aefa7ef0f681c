"""A backend of one's own trusts lingpai's tokens, in three frameworks: as they stand in examples/."""

import httpx
import pytest

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
