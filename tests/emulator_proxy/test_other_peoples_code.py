"""Does code that nobody changed reach the emulator by WeChat's own names?"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

PROGRAMS = Path(__file__).parent / "programs"


def test_wechatpy_fetches_tokens_exchanges_codes_and_reads_a_profile(wechat_proxy, runs):
    wechat = wechat_proxy
    mini, account = wechat.app("demo-mp"), wechat.app("demo-oa")
    identities = next(person["identities"] for person in wechat.people if person["id"] == "xiaoming")
    openids = {identity["appid"]: identity["openid"] for identity in identities}
    told = json.loads(
        runs(
            "wechatpy_story.py",
            *(mini.appid, mini.secret, wechat.login("xiaoming", "demo-mp")),
            *(account.appid, account.secret, wechat.oauth_code("xiaoming", "demo-oa", "snsapi_userinfo")),
            openids[account.appid],
        )
    )
    assert told["token"]["expires_in"] == 7200
    assert told["session"]["openid"] == openids[mini.appid]
    assert told["again"][0] == 40163
    assert told["follower"]["subscribe"] == 1
    assert told["ticket"]["errmsg"] == "ok"
    assert told["callback_ip"]
    assert told["link"].startswith("https://open.weixin.qq.com/connect/oauth2/authorize?")
    assert told["oauth"]["openid"] == told["person"]["openid"] == openids[account.appid]
    assert told["person"]["nickname"] == "小明"
    assert told["valid"] is True
    assert told["renewed"]["access_token"] == told["oauth"]["access_token"]
    assert told["oauth_again"] == 40163
    called = {call["path"] for call in wechat.calls()}
    assert {"/cgi-bin/token", "/sns/jscode2session", "/sns/oauth2/access_token", "/sns/userinfo"} <= called


def test_faults_and_the_clock_reach_through_the_proxy(wechat_proxy, runs):
    app = wechat_proxy.app("demo-mp")
    query = {"appid": app.appid, "secret": app.secret, "grant_type": "authorization_code"}
    code = wechat_proxy.login()
    url = f"https://api.weixin.qq.com/sns/jscode2session?{urlencode({**query, 'js_code': code})}"
    wechat_proxy.fail("/sns/jscode2session", errcode=-1)
    assert json.loads(runs("urllib_story.py", url))["errcode"] == -1
    wechat_proxy.advance(301)
    assert json.loads(runs("urllib_story.py", url))["errcode"] == 40029


@pytest.mark.parametrize("host", ["api", "api2", "sh.api", "sz.api", "hk.api"])
def test_curl_needs_the_environment_alone(host, environment):
    command = ["curl", "--silent", "--show-error", f"https://{host}.weixin.qq.com/cgi-bin/token"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert json.loads(done.stdout)["errcode"] == 41002, done.stderr


def test_a_picture_of_a_profile_can_be_fetched_where_wechat_keeps_it(wechat_proxy, environment, runs):
    app = wechat_proxy.app("demo-oa")
    query = {"appid": app.appid, "secret": app.secret, "grant_type": "authorization_code"}
    query["code"] = wechat_proxy.oauth_code("sam", "demo-oa", "snsapi_userinfo")
    token = json.loads(
        runs("urllib_story.py", f"https://api.weixin.qq.com/sns/oauth2/access_token?{urlencode(query)}")
    )
    person = {"access_token": token["access_token"], "openid": token["openid"]}
    profile = json.loads(
        runs("urllib_story.py", f"https://api.weixin.qq.com/sns/userinfo?{urlencode(person)}")
    )
    assert profile["headimgurl"].startswith("https://thirdwx.qlogo.cn/mmopen/")
    command = ["curl", "--silent", "--fail", profile["headimgurl"]]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert "<svg" in done.stdout, done.stderr


def test_a_program_that_does_not_trust_the_certificate_is_told_nothing(wechat_proxy, bare):
    command = [
        "curl",
        "--silent",
        "--proxy",
        wechat_proxy.proxy.url,
        "https://api.weixin.qq.com/cgi-bin/token",
    ]
    done = subprocess.run(command, env=bare, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (60, "")
    assert wechat_proxy.calls() == []


def test_another_host_is_refused_by_name_and_nothing_is_forwarded(wechat_proxy, environment):
    command = ["curl", "--silent", "--verbose", "https://example.com/"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 56
    assert "403 Not a host of WeChat" in done.stderr


@pytest.fixture(scope="session")
def backend_in_node(tmp_path_factory):
    """wechat-oauth from the npm registry, and an agent: Node.js takes no proxy from the environment before 22.21."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    npm = shutil.which("npm", path=path)
    assert npm, "npm is missing: run tools/setup-sdk, or install Node.js 20 or newer."
    folder = tmp_path_factory.mktemp("backend") / "node"
    shutil.copytree(PROGRAMS / "node", folder)
    subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=100,
        env={**os.environ, "PATH": path},
    )

    def running(environment, *arguments):
        agent = {
            "NODE_OPTIONS": "--require global-agent/bootstrap",
            "GLOBAL_AGENT_HTTPS_PROXY": environment["HTTPS_PROXY"],
        }
        done = subprocess.run(
            ["node", "oauth_story.js", *arguments],
            cwd=folder,
            env={**environment, **agent, "NODE_USE_ENV_PROXY": "0", "PATH": path},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return running


def test_wechat_oauth_for_node_signs_somebody_in(wechat_proxy, environment, backend_in_node):
    app = wechat_proxy.app("demo-oa")
    code = wechat_proxy.oauth_code("sam", "demo-oa", "snsapi_userinfo")
    told = backend_in_node(environment, app.appid, app.secret, code)
    assert told["link"].startswith("https://open.weixin.qq.com/connect/oauth2/authorize?")
    assert told["user"]["nickname"] == "Sam"
    assert told["user"]["openid"] == told["openid"]
    assert told["again"] == 40163
