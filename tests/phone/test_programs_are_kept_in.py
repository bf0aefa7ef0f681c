"""What can the code of a program do besides being a program? Nothing to the page, the server, or WeChat's controls."""

import json

import pytest
from playwright.async_api import expect

from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.phone.app import build_phone
from lingpai_emulator.serving import EmulatorOptions, running
from tests.phone.conftest import phone_at
from tests.phone.programs import one_page, write

# How a program reaches the real global object, past what the loader hides.
REAL = "const real = Function('return this')(); const tell = (...all) => console.log(all.join(' '));"


async def test_the_frame_has_no_origin_and_reaches_nothing_around_it(runs):
    attempts = f"""{REAL}
      const attempt = (name, work) => {{ try {{ const got = work(); tell(name, 'worked', String(got).slice(0, 40)); }} catch (error) {{ tell(name, 'refused', error.name); }} }};
      attempt('document', () => real.parent.document.title);
      attempt('top', () => {{ real.top.location = 'about:blank'; return 'moved'; }});
      attempt('storage', () => real.localStorage.length);
      attempt('session', () => real.sessionStorage.length);
      attempt('cookie', () => real.document.cookie);
      attempt('open', () => real.open('about:blank') === null ? (() => {{ throw new Error() }})() : 'opened');
      tell('origin', real.origin);
      Page({{}})"""
    phone = await runs(one_page("<view/>", attempts), quiet=False)
    for name, error in (
        ("document", "SecurityError"),
        ("storage", "SecurityError"),
        ("session", "SecurityError"),
        ("cookie", "SecurityError"),
        ("top", "SecurityError"),
        ("open", "Error"),
    ):
        await phone.console(f"{name} refused {error}")
    await phone.console("origin null")
    assert "lingpai" in await phone.page.title()


async def test_the_frame_has_no_network_but_wx(runs, wechat):
    steal = f"""{REAL}
      const own = real.location.origin;
      for (const url of ['/phone/api/start', own + '/phone/api/start', '{wechat.url}/__emulator__/apps'])
        real.fetch(url).then((r) => r.text()).then((t) => tell('fetch worked', t), () => tell('fetch refused'));
      const x = new real.XMLHttpRequest(); x.onerror = () => tell('xhr refused'); x.onload = () => tell('xhr worked');
      x.open('GET', '/phone/api/start'); x.send();
      Page({{ onLoad() {{ wx.request({{ url: '{wechat.url}/__emulator__/apps', fail: (e) => tell('wx', e.errno) }}) }} }})"""
    phone = await runs(one_page("<view/>", steal), quiet=False)
    await phone.console("fetch refused")
    await phone.console("× 3")
    await phone.console("xhr refused")
    await phone.console("wx 600002")


async def test_the_page_answers_the_frame_for_its_own_person_and_app_only(runs, wechat):
    """The port is not the program's, but it can find the way; what it says of a person is not heard."""
    forge = f"""{REAL}
      Page({{ onLoad() {{ wx.login({{ appid: 'wx00000000000000b2', person: 'sam', success: ({{ code }}) => tell('code', code) }}) }} }})"""
    phone = await runs(one_page("<view/>", forge))
    await phone.console("code ")
    (code,) = wechat.state()["codes"]
    assert (code["appid"], code["person"]) == ("wx00000000000000a1", "xiaoming")


async def test_the_frames_files_are_open_and_nothing_else_is(http, tied_phone):
    for path in ("/frame/", "/frame/main.js", "/frame/vendor/glass-easel.js", "/frame/vendor/wxml.wasm"):
        answer = await http.get(tied_phone + path, headers={"origin": "null"})
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("sandbox allow-scripts;")
        assert "connect-src 'none'" in policy
        assert "frame-ancestors 'self'" in policy
    for path in (
        "/frame/../phone.html",
        "/frame/vendor/../../app.py",
        "/frame/nothing.js",
        "/frame/%2e%2e/static/main.js",
    ):
        assert (await http.get(tied_phone + path)).status_code == 404
    rebound = await http.get(tied_phone + "/frame/", headers={"host": "rebound.example"})
    assert rebound.status_code == 403
    for path in ("/phone/api/program", "/phone/api/wechat/state", "/phone/api/start"):
        assert (await http.get(tied_phone + path, headers={"origin": "null"})).status_code == 403


async def test_only_the_programs_own_files_are_read(http, wechat, tmp_path):
    folder = write(
        tmp_path / "program",
        one_page("<view/>") | {"a.png": b"\x89PNG", ".env": "SECRET=fake", ".git/config": "fake"},
    )
    (tmp_path / "outside.png").write_bytes(b"outside")
    (folder / "link.png").symlink_to(tmp_path / "outside.png")
    (folder / "page.html").write_text("<script>alert(1)</script>")
    async with phone_at(wechat.url, None, folder) as phone:
        told = (await http.get(f"{phone}/phone/api/program")).json()
        assert ".env" not in told["files"]
        assert told["assets"] == ["a.png", "page.html"]
        assert "fake" not in json.dumps(told)
        for name in ("link.png", "../outside.png", "/etc/passwd", ".env", ".git/config", ""):
            answer = await http.get(f"{phone}/phone/api/program/asset", params={"name": name})
            assert answer.status_code == 404, name
        page = await http.get(f"{phone}/phone/api/program/asset", params={"name": "page.html"})
        assert page.headers["content-type"] == "application/octet-stream"
        picture = await http.get(f"{phone}/phone/api/program/asset", params={"name": "a.png"})
        assert picture.headers["content-type"] == "image/png"


async def test_the_page_steers_what_it_shows_and_nothing_else(http, tied_phone):
    allowed = await http.post(f"{tied_phone}/phone/api/wechat/steer/clock", json={"advance": 1})
    assert allowed.status_code == 200
    for control in ("apps", "wx/login", "ledger", "switches", "tokens/rogue"):
        refused = await http.post(f"{tied_phone}/phone/api/wechat/steer/{control}", json={})
        assert refused.status_code == 404
    bad = await http.post(f"{tied_phone}/phone/api/wechat/steer/clock", json={"advance": -1})
    assert bad.status_code == 400
    assert "error" in bad.json()


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"readme.txt": "nothing"}, "no app.json"),
        ({"app.json": "{}", "project.config.json": '{"miniprogramRoot": "../elsewhere"}'}, "lies outside"),
    ],
)
def test_a_folder_without_a_program_is_a_mistake(tmp_path, files, sentence):
    folder = tmp_path / "program"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    with pytest.raises(MistakeError, match=sentence):
        build_phone("http://127.0.0.1:8001", None, folder)


async def test_a_program_of_an_unknown_appid_runs_only_when_one_insists(tmp_path, opened):
    files = one_page(
        '<view data-testid="who">{{appid}}</view>',
        "Page({ data: { appid: wx.getAccountInfoSync().miniProgram.appId } })",
    )
    folder = write(tmp_path, files | {"project.config.json": {"appid": "wxfa4efa4efa4efa4e"}})
    options = EmulatorOptions(port=0, phone_port=0, miniprogram=folder)
    with pytest.raises(MistakeError, match="--any-appid"):
        async with running(options):
            pass
    async with running(EmulatorOptions(port=0, phone_port=0, miniprogram=folder, any_appid=True)) as emulator:
        page = await opened(emulator.phone_url)
        await page.get_by_test_id("person-sam").click()
        await page.get_by_test_id("open-demo").click()
        await expect(page.frame_locator("iframe.program").get_by_test_id("who")).to_have_text(
            "wx00000000000000a1"
        )
        await page.close()
