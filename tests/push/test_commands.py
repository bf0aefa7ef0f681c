"""`lingpai webhooks`, `lingpai apps push` and `lingpai apps events` as an operator types them."""

import json
import re

import pytest

from tests.cli.conftest import ready, run  # noqa: F401 - fixtures

APPID, SECRET = "wx00000000000000e5", "0123456789abcdef" * 2


def told(process):
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)


@pytest.mark.timeout(300)  # eight processes, one after the other
def test_keys_and_secrets_are_shown_once_and_listed_by_their_ends(ready):  # noqa: F811
    ready("apps", "add", APPID, "--slug", "shop", input=SECRET)
    env = {"LINGPAI_PUBLIC_URL": "https://id.example.com", "LINGPAI_WEBHOOK_NETWORKS": "127.0.0.0/8"}
    made = told(ready("apps", "push", "shop", "--json", env=env))
    assert made["url"] == "https://id.example.com/wechat/shop/push"
    assert re.fullmatch(r"[A-Za-z0-9]{32}", made["token"])
    assert re.fullmatch(r"[A-Za-z0-9]{43}", made["encoding_aes_key"])
    hook = told(
        ready("webhooks", "add", "http://127.0.0.1:9/x", "--events", "user.erased,*", "--json", env=env)
    )
    assert hook["secret"].startswith("whsec_")
    listed = ready("webhooks", "list", "--json", env=env)
    assert told(listed)[0]["secrets"] == [hook["secret"][-4:]]
    assert hook["secret"] not in listed.stdout
    refused = ready("webhooks", "add", "https://127.0.0.1/x", "--events", "*")
    assert refused.returncode == 2
    assert "not public" in refused.stderr
