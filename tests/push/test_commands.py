"""`lingpai webhooks`, `lingpai apps push` and `lingpai apps events` as an operator types them."""

import json
import re

from tests.cli.conftest import ready, run  # noqa: F401 - fixtures

APPID, SECRET = "wx00000000000000e5", "0123456789abcdef" * 2


def told(process):
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)


def test_keys_and_secrets_are_shown_once_and_listed_by_their_ends(ready):  # noqa: F811
    ready("apps", "add", APPID, "--slug", "shop", input=SECRET)
    env = {"LINGPAI_PUBLIC_URL": "https://id.example.com", "LINGPAI_WEBHOOK_NETWORKS": "127.0.0.0/8"}
    made = told(ready("apps", "push", "shop", "--json", env=env))
    assert made["url"] == "https://id.example.com/wechat/shop/push"
    assert re.fullmatch(r"[A-Za-z0-9]{32}", made["token"])
    assert re.fullmatch(r"[A-Za-z0-9]{43}", made["encoding_aes_key"])
    again = ready("apps", "push", "shop", "--json", env=env)
    assert told(again)["on"] is True
    assert made["token"] not in again.stdout
    rotated = told(ready("apps", "push", "shop", "--rotate", "--json", env=env))
    assert rotated["token"] != made["token"]
    assert told(ready("apps", "push", "shop", "--json", env=env))["former_key_too"] is True
    assert told(ready("apps", "push", "shop", "--off", "--json", env=env))["on"] is False
    assert told(ready("apps", "events", "shop", "--json")) == []
    assert ready("apps", "events", "nowhere").returncode == 5

    hook = told(
        ready("webhooks", "add", "http://127.0.0.1:9/x", "--events", "user.erased,*", "--json", env=env)
    )
    assert hook["secret"].startswith("whsec_")
    listed = ready("webhooks", "list", "--json", env=env)
    assert told(listed)[0]["secrets"] == [hook["secret"][-4:]]
    assert hook["secret"] not in listed.stdout
    message = told(ready("webhooks", "test", hook["id"], "--json", env=env))["message"]
    (row,) = told(ready("webhooks", "deliveries", hook["id"], "--json"))
    assert (row["notice_id"], row["state"]) == (message, "waiting")
    assert ready("webhooks", "redeliver", hook["id"], message).returncode == 0
    assert ready("webhooks", "remove", hook["id"]).returncode == 0
    assert ready("webhooks", "remove", hook["id"]).returncode == 5


def test_an_address_or_an_event_that_is_none_is_refused_with_the_reason(ready):  # noqa: F811
    for words, hint in (
        (["https://127.0.0.1/x", "--events", "*"], "not public"),
        (["http://example.com/x", "--events", "*"], "not https"),
        (["https://example.com/x", "--events", "user.erassed"], "there are: user.signed_up"),
    ):
        refused = ready("webhooks", "add", *words)
        assert refused.returncode == 2, refused.stderr
        assert hint in refused.stderr
