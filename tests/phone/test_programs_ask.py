"""Does `wx` do what it does on a phone, and does it say so where it does not?"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from playwright.async_api import expect

from tests.phone.programs import one_page

APPID = "wx00000000000000a1"
TOLD = '<view data-testid="told">{{told}}</view>'
TELL = "tell(told) { this.setData({ told: typeof told === 'string' ? told : JSON.stringify(told) }) },"


async def test_forms_hand_over_what_was_typed_and_chosen(runs):
    phone = await runs(
        one_page(
            """
            <form bindsubmit="submit" bindreset="reset">
              <input name="name" model:value="{{name}}" data-testid="name" placeholder="name"/>
              <textarea name="text" data-testid="text"></textarea>
              <label><checkbox-group name="fruit" bindchange="chosen"><label data-testid="pear"><checkbox value="pear"/>pear</label><checkbox value="fig" checked="{{true}}"/></checkbox-group></label>
              <radio-group name="one"><radio value="a" data-testid="a"/><radio value="b" checked="{{true}}" data-testid="b"/></radio-group>
              <switch name="on" data-testid="on"/>
              <slider name="much" value="30"/>
              <picker name="which" range="{{['x', 'y', 'z']}}" data-testid="which"><view>{{name}}!</view></picker>
              <mine name="own"/>
              <button form-type="submit" data-testid="send">send</button><button form-type="reset" data-testid="reset">reset</button>
            </form>"""
            + TOLD,
            f"Page({{ data: {{ name: 'first', told: '' }}, {TELL} submit(e) {{ this.tell(e.detail.value) }}, reset() {{ this.tell('reset') }} }})",
            more={"pages/a/a.json": {"usingComponents": {"mine": "/mine/mine"}}},
        )
        | {
            "mine/mine.json": {"component": True},
            "mine/mine.wxml": "<text>mine</text>",
            "mine/mine.js": "Component({ behaviors: ['wx://form-field'], lifetimes: { attached() { this.setData({ value: 'of my own' }) } } })",
        }
    )
    await phone.at("name").locator("input").fill("second")
    await expect(phone.at("which")).to_have_text("second!")
    await phone.at("text").locator("textarea").fill("long\ntext")
    await phone.tap("pear", "a", "on", "which")
    await phone.page.get_by_test_id("sheet-picker").locator("select").select_option("2")
    await phone.choose("picker", "yes")
    await phone.tap("send")
    await expect(phone.at("told")).to_contain_text('"own":"of my own"')
    told = await phone.at("told").inner_text()
    for part in (
        '"name":"second"',
        '"text":"long\\ntext"',
        '"fruit":["pear","fig"]',
        '"one":"a"',
        '"on":true',
        '"much":30',
        '"which":2',
    ):
        assert part in told
    await phone.tap("reset")
    await phone.shows("told", "reset")
    await phone.tap("send")
    await expect(phone.at("told")).to_contain_text('"name":""')
    assert '"on":false' in await phone.at("told").inner_text()


async def test_what_is_stored_stays_with_the_person_until_it_is_forgotten(runs):
    phone = await runs(
        one_page(
            TOLD + '<button bindtap="keep" data-testid="keep">keep</button>',
            f"Page({{ data: {{ told: '' }}, {TELL} onLoad() {{ this.tell(wx.getStorageSync('k')) }}, keep() {{ wx.setStorage({{ key: 'k', data: {{ n: [1] }}, success: () => wx.getStorage({{ key: 'k' }}).then(({{ data }}) => this.tell(data)) }}) }} }})",
        )
    )
    await phone.shows("told", "")
    await phone.tap("keep")
    await phone.shows("told", '{"n":[1]}')
    await phone.hold("xiaohong")
    await phone.shows("told", "")
    await phone.hold("xiaoming")
    await phone.shows("told", '{"n":[1]}')
    await phone.page.get_by_test_id("app-menu").click()
    await phone.page.get_by_test_id("menu-forget").click()
    await phone.shows("told", "")


@contextlib.asynccontextmanager
async def echo(head: str = "") -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that keeps what it hears and answers `{"ok": true}`."""
    heard: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            request = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (
                    int(line.split(b":")[1])
                    for line in request.split(b"\r\n")
                    if line.lower().startswith(b"content-length")
                ),
                0,
            )
            heard.append(request + await reader.readexactly(length))
            body = b'{"ok":true}'
            writer.write(
                f"HTTP/1.1 200 OK\r\n{head}Connection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heard


ASK = f"Page({{ data: {{ told: '' }}, {TELL} go() {{ const [api, options] = this.options_(); wx[api]({{ ...options, success: (r) => this.tell(r), fail: (e) => this.tell(e) }}) }}, options_() {{ return CALL }} }})"


def asking(call: str) -> dict:
    return one_page(TOLD + '<button bindtap="go" data-testid="go">go</button>', ASK.replace("CALL", call))


async def test_a_request_carries_its_data_and_its_answer_headers_and_cookies(runs):
    async with echo(
        "Set-Cookie: a=1\r\nSet-Cookie: b=2; Path=/\r\nX-Own: yes\r\nContent-Type: application/json\r\n"
    ) as (url, heard):
        calls = [
            f"{{ url: '{url}/get', data: {{ q: 'a b', n: 1 }} }}",
            f"{{ url: '{url}/json', method: 'POST', data: {{ q: '茶' }}, header: {{ 'X-Mine': 7, Referer: 'http://evil.example' }} }}",
            f"{{ url: '{url}/form', method: 'POST', data: {{ q: 'a b' }}, header: {{ 'content-type': 'application/x-www-form-urlencoded' }} }}",
        ]
        phone = await runs(
            asking(f"this.n = (this.n ?? -1) + 1, ['request', [{', '.join(calls)}][this.n]]".join("()"))
        )
        for _ in calls:
            await phone.tap("go")
            await expect(phone.at("told")).to_contain_text("request:ok")
        told = await phone.at("told").inner_text()
    first, second, third = heard
    assert first.startswith(b"GET /get?q=a%20b&n=1 ")
    assert second.endswith('{"q":"茶"}'.encode())
    assert b"x-mine: 7" in second.lower()
    assert b"evil" not in second
    assert f"https://servicewechat.com/{APPID}/0/page-frame.html".encode() in second
    assert third.endswith(b"\r\n\r\nq=a%20b")
    assert '"cookies":["a=1","b=2; Path=/"]' in told
    assert '"X-Own":"yes"' in told
    assert '"Set-Cookie":"a=1,b=2; Path=/"' in told
    assert '"data":{"ok":true}' in told


async def test_header_names_and_referer_follow_the_platform(runs):
    async with echo("X-Own: yes\r\n") as (url, heard):
        phone = await runs(asking(f"['request', {{ url: '{url}/' }}]"))
        await phone.tap("go")
        await expect(phone.at("told")).to_contain_text('"X-Own":"yes"')
        await phone.look("wechat")
        await phone.page.get_by_test_id("platform").select_option("devtools")
        await phone.tap("go")
        await expect(phone.at("told")).to_contain_text('"x-own":"yes"')
    assert f"{APPID}/devtools/page-frame.html".encode() in heard[-1]
    assert b"wechatdevtools" in heard[-1]


async def test_the_list_of_request_domains_can_be_checked_strictly(runs, server):
    async with echo() as (url, heard):
        phone = await runs(asking(f"['request', {{ url: '{url}/' }}]"))
        await phone.look("wechat")
        await phone.page.get_by_test_id("reach").select_option("list")
        await phone.tap("go")
        await expect(phone.at("told")).to_contain_text("url not in domain list")
        await expect(phone.at("told")).to_contain_text("600002")
        assert heard == []
        await phone.page.get_by_test_id("reach").select_option("any")
        await phone.tap("go")
        await expect(phone.at("told")).to_contain_text("request:ok")


async def test_files_go_up_and_come_down(runs):
    async with echo("Content-Type: image/png\r\n") as (url, heard):
        phone = await runs(
            one_page(
                TOLD
                + '<button open-type="chooseAvatar" bindchooseavatar="up" data-testid="up">up</button><image src="{{src}}" data-testid="image"/><button bindtap="down" data-testid="down">down</button>',
                f"""Page({{ data: {{ told: '', src: '' }}, {TELL}
                  up(e) {{ this.setData({{ src: e.detail.avatarUrl }}); wx.uploadFile({{ url: '{url}/up', filePath: e.detail.avatarUrl, name: 'file', formData: {{ who: 'me' }}, success: (r) => this.tell(r), fail: (e) => this.tell(e) }}) }},
                  down() {{ wx.downloadFile({{ url: '{url}/x.png' }}).then(({{ tempFilePath }}) => wx.getFileSystemManager().readFile({{ filePath: tempFilePath, encoding: 'utf8', success: ({{ data }}) => this.tell(tempFilePath.slice(-4) + data) }})) }} }})""",
            )
        )
        await phone.tap("up")
        await phone.choose("avatar", "own")
        await expect(phone.at("told")).to_contain_text('"data":"{\\"ok\\":true}"')
        await expect(phone.at("image").locator("img")).to_have_js_property("naturalWidth", 132)
        await phone.tap("down")
        await expect(phone.at("told")).to_have_text('.png{"ok":true}')
    up = heard[0]
    assert b'content-disposition: form-data; name="who"\r\n\r\nme\r\n' in up.lower()
    assert b'name="file"; filename="tmp_' in up
    assert b"Content-Type: image/png\r\n\r\n\x89PNG" in up


async def test_a_redirect_is_followed_and_leaves_credentials_behind(http, lone_phone):
    async with echo() as (there, heard), echo_redirect(there) as here:
        body = {
            "appid": APPID,
            "url": f"{here}/old",
            "header": {"Authorization": "Bearer fake", "X-Own": "kept"},
        }
        answer = (await http.post(f"{lone_phone}/phone/api/wx/request", json=body)).json()["result"]
        manual = (
            await http.post(f"{lone_phone}/phone/api/wx/request", json=body | {"redirect": "manual"})
        ).json()["result"]
    assert answer["data"] == {"ok": True}
    assert manual["statusCode"] == 302
    assert b"GET /new " in heard[0]
    assert b"Bearer" not in heard[0]
    assert b"x-own: kept" in heard[0].lower()


@contextlib.asynccontextmanager
async def echo_redirect(there: str) -> AsyncIterator[str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(
            f"HTTP/1.1 302 Found\r\nLocation: {there}/new\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode()
        )
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_what_the_phone_cannot_do_is_said_and_never_silent(runs):
    phone = await runs(
        one_page(
            '<map data-testid="map" style="width: 90px; height: 60px"/><button open-type="contact" data-testid="contact">x</button><button bindtap="go" data-testid="go">go</button>'
            + TOLD,
            f"Page({{ data: {{ told: '' }}, {TELL} go() {{ wx.scanCode({{ fail: (e) => this.tell(e.errMsg + ' ' + typeof wx.noSuchName + ' ' + wx.canIUse('scanCode') + ' ' + wx.canIUse('login')) }}) }} }})",
        )
    )
    await expect(phone.at("map")).to_have_attribute("a-grey", "map")
    await phone.tap("go", "contact")
    await phone.shows("told", "scanCode:fail not supported by this phone undefined false true")
    await phone.console("wx.scanCode is not supported by this phone.")
    await phone.console("<map> is not drawn by this phone")
    await phone.console('<button open-type="contact"> is not supported')


async def test_mistakes_are_named_with_their_place(runs):
    phone = await runs(
        one_page(
            '<view bindtap="boom" data-testid="boom" class="a" class="b">boom</view><wrong/>',
            "Page({\n boom() {\n  null.x;\n }, later() {} })",
            more={
                "app.js": "App({ onError(e) { console.log('heard', e.slice(0, 9)) }, onLaunch() { Promise.reject(new Error('lost')) } })",
                "pages/a/a.json": {"usingComponents": {"wrong": "./wrong"}},
            },
        )
    )
    await phone.tap("boom")
    await phone.console("pages/a/a.wxml:1:")
    await phone.console("The component <wrong> is not found: ./wrong")
    await phone.console("pages/a/a.js:3")
    await phone.console("heard TypeError")
    await phone.console("Error: lost")
    await expect(phone.page.get_by_test_id("console-errors")).to_have_text("3")


async def test_a_program_that_cannot_start_says_why_on_its_screen(runs, opened, wechat, tmp_path):
    phone = await runs(
        {"pages/a/a.wxml": "<view data-testid='a'>a</view>", "app.json": {"pages": ["pages/a/a"]}}
    )
    (phone.folder / "app.json").write_text('{ "pages": [] }')
    await expect(phone.screen.get_by_text("app.json lists no pages.")).to_be_visible()
    (phone.folder / "app.json").write_text('{ "pages": ["pages/a/a"] }')
    await expect(phone.at("a")).to_be_visible()


async def test_dialogs_are_answered_by_the_person(runs):
    call = "[['showModal', { title: 'T', content: 'C', editable: true }], ['showActionSheet', { itemList: ['one', 'two'] }], ['showModal', { title: 'T', showCancel: false }], ['showActionSheet', { itemList: ['one'] }]][this.n = (this.n ?? -1) + 1]"
    phone = await runs(asking(call))
    await phone.tap("go")
    await phone.page.get_by_test_id("modal-input").fill("typed")
    await phone.choose("modal", "yes")
    await expect(phone.at("told")).to_contain_text('"confirm":true,"cancel":false,"content":"typed"')
    await phone.tap("go")
    await phone.choose("actions", "1")
    await expect(phone.at("told")).to_contain_text('"tapIndex":1')
    await phone.tap("go")
    await phone.choose("modal", "yes")
    await expect(phone.at("told")).to_contain_text('"confirm":true')
    await phone.tap("go")
    await expect(phone.page.get_by_test_id("choose-0")).to_be_focused()
    await phone.page.keyboard.press("Escape")
    await expect(phone.at("told")).to_contain_text("showActionSheet:fail cancel")


async def test_a_toast_comes_and_goes(runs):
    phone = await runs(
        asking(
            "[['showLoading', { title: 'wait', mask: true }], ['hideLoading', {}]][this.n = (this.n ?? -1) + 1]"
        )
    )
    await phone.tap("go")
    await expect(phone.page.get_by_test_id("toast")).to_have_text("wait")
    await phone.at("go").dispatch_event("click")
    await expect(phone.page.get_by_test_id("toast")).to_have_count(0)
