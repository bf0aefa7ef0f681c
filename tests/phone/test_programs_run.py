"""Does a mini program run on the phone as it does in WeChat?"""

import pytest
from playwright.async_api import expect

from tests.phone.programs import one_page, write

COUNTER = """
Page({
  data: { n: 0, list: ["a", "b"], nested: { deep: [1] } },
  tap() { this.setData({ n: this.data.n + 1, "nested.deep[0]": this.data.n + 10, list: [...this.data.list, "c"] }, () => console.log("drawn")); },
})
"""


async def test_a_tap_changes_what_is_bound(runs):
    phone = await runs(
        one_page(
            """
            <view data-testid="n" bindtap="tap">{{n}} of {{nested.deep[0]}}</view>
            <view wx:if="{{n > 0}}" data-testid="some">some</view><view wx:else data-testid="none">none</view>
            <view data-testid="list"><text wx:for="{{list}}" wx:key="*this">{{index}}{{item}} </text></view>
            """,
            COUNTER,
        )
    )
    await phone.shows("n", "0 of 1")
    await expect(phone.at("none")).to_be_visible()
    await phone.tap("n")
    await phone.shows("n", "1 of 10")
    await expect(phone.at("some")).to_be_visible()
    await expect(phone.at("list")).to_have_text("0a 1b 2c ")
    await phone.console("drawn")


async def test_app_and_pages_live_in_the_order_of_a_phone(runs):
    say = "const say = (what) => console.log(what);"
    methods = "onLoad(q) { say(`${NAME} load ${q.id || ''}`) }, onShow() { say(`${NAME} show`) }, onReady() { say(`${NAME} ready`) }, onHide() { say(`${NAME} hide`) }, onUnload() { say(`${NAME} unload`) },"
    phone = await runs(
        {
            "app.js": f"{say} App({{ shared: 1, onLaunch({{ path }}) {{ say(`launch ${{path}}`) }}, onShow() {{ say('app show') }} }})",
            "pages/a/a.wxml": '<view data-testid="go" bindtap="go">go</view>',
            "pages/a/a.js": f"{say} const NAME = 'a'; Page({{ {methods} go() {{ wx.navigateTo({{ url: '/pages/b/b?id=7' }}) }} }})",
            "pages/b/b.wxml": '<view data-testid="back" bindtap="back">{{shared}}</view>',
            "pages/b/b.js": f"{say} const NAME = 'b'; Page({{ {methods} data: {{ shared: getApp().shared }}, back() {{ wx.navigateBack({{ success: () => setTimeout(() => say('done')) }}) }} }})",
        }
    )
    await phone.tap("go")
    await phone.shows("back", "1")
    await phone.tap("back")
    assert [line.strip() for line in await phone.said()] == [
        "launch pages/a/a",
        "app show",
        "a load",
        "a show",
        "a ready",
        "a hide",
        "b load 7",
        "b show",
        "b ready",
        "b unload",
        "a show",
    ]


async def test_templates_and_wxs_reach_across_files(runs):
    phone = await runs(
        {
            **one_page(
                """
                <import src="../../parts/row.wxml"/><wxs module="m" src="../../parts/m.wxs"/>
                <template is="row" data="{{...one}}"/><include src="/parts/foot.wxml"/>
                <view data-testid="wxs">{{m.kind([])}} {{m.kind(one)}} {{m.digits("a1b2")}}</view>
                """,
                "Page({ data: { one: { title: 'first', n: 1 } } })",
            ),
            "parts/row.wxml": '<template name="row"><view data-testid="row">{{title}} {{n + 1}}</view></template>',
            "parts/foot.wxml": '<view data-testid="foot">{{one.title}}!</view>',
            "parts/m.wxs": """
                var other = require("./other.wxs");
                module.exports = {
                  kind: function (x) { return x.constructor === "Array" ? other.word : x.constructor },
                  digits: function (s) { return s.replace(getRegExp("[a-z]", "g"), "") },
                };""",
            "parts/other.wxs": 'module.exports.word = "array"',
        }
    )
    await phone.shows("row", "first 2")
    await phone.shows("foot", "first!")
    await phone.shows("wxs", "array Object 12")


COMPONENT = {
    "parts/box/box.json": {"component": True},
    "parts/box/box.wxml": '<view class="frame"><slot name="head"/><text data-testid="said">{{label}}:{{twice}}</text><view data-testid="press" bindtap="press">press</view><slot/></view>',
    "parts/box/box.wxss": ".frame { color: rgb(1, 2, 3) } :host { display: block; padding: 75rpx }",
    "parts/box/box.js": """
const shared = Behavior({ properties: { n: { type: Number, value: 1 } }, methods: { add() { this.setData({ n: this.data.n + 1 }) } } });
Component({
  behaviors: [shared],
  options: { multipleSlots: true },
  externalClasses: ["my-class"],
  properties: { label: String },
  data: { twice: 0 },
  observers: { n(n) { this.setData({ twice: n * 2 }) } },
  lifetimes: { attached() { console.log("attached"); this.setData({ twice: this.data.n * 2 }) }, ready() { console.log("ready") }, detached() { console.log("detached") } },
  pageLifetimes: { show() { console.log("page shown") } },
  methods: { press() { this.add(); this.triggerEvent("pressed", { n: this.data.n }) } },
})""",
}


async def test_a_custom_component_has_properties_slots_events_behaviors_and_styles_of_its_own(runs):
    phone = await runs(
        {
            **one_page(
                """
                <view class="frame" data-testid="outside">outside</view>
                <box wx:if="{{on}}" label="L" n="{{3}}" bindpressed="pressed" id="b" data-testid="box">
                  <text slot="head">head</text><text>body</text>
                </box>
                <view data-testid="heard" bindtap="off">{{heard}}</view>
                """,
                """Page({ data: { heard: 0, on: true }, pressed(e) { this.setData({ heard: e.detail.n }) },
                   off() { this.selectComponent("#b").add(); this.setData({ on: false }); console.log("done") } })""",
                ".frame { color: rgb(9, 9, 9) }",
                more={"pages/a/a.json": {"usingComponents": {"box": "/parts/box/box"}}},
            ),
            **COMPONENT,
        }
    )
    await phone.shows("said", "L:6")
    await expect(phone.at("box")).to_contain_text("head")
    await expect(phone.at("box")).to_contain_text("body")
    await phone.tap("press")
    await phone.shows("heard", "4")
    await expect(phone.at("said")).to_have_css("color", "rgb(1, 2, 3)")
    await expect(phone.at("outside")).to_have_css("color", "rgb(9, 9, 9)")
    await expect(phone.at("box")).to_have_css("padding-left", "35px")
    await phone.tap("heard")
    await expect(phone.at("box")).to_have_count(0)
    lines = await phone.said()
    assert sorted(lines) == ["attached", "detached", "page shown", "ready"]
    assert lines.index("attached") < lines.index("ready") < lines.index("detached")


async def test_typescript_modules_and_npm_packages_need_no_build(runs):
    phone = await runs(
        {
            "package.json": {"dependencies": {"left-over": "1.0.0"}},
            "node_modules/left-over/package.json": {"name": "left-over", "main": "lib/index.js"},
            "node_modules/left-over/lib/index.js": "exports.pad = require('./pad').default",
            "node_modules/left-over/lib/pad.js": "export default (text: string) => `<${text}>`".replace(
                ": string", ""
            ),
            "tsconfig.json": "{ /* comments are allowed */ }",
            "lib/words.ts": "export const word: string = 'typed'; export default interface Nothing { a: number }",
            "data.json": '{ "n": 5 }',
            "pages/a/a.wxml": '<view data-testid="said">{{said}}</view>',
            "pages/a/a.ts": """
                import { pad } from "left-over";
                import { word } from "../../lib/words";
                import data = require("../../data.json");
                Page({ data: { said: "" as string }, onLoad() { this.setData({ said: `${pad(word)} ${data.n}` }) } });
            """,
        }
    )
    await phone.shows("said", "<typed> 5")


async def test_packages_that_no_text_asks_for_are_left_where_they_are(runs):
    files = {
        "project.config.json": {"miniprogramRoot": "dist/", "appid": "wx00000000000000a1"},
        "package.json": {"dependencies": {"asked-for": "1", "@scope/part": "1", "toolchain": "1"}},
        "node_modules/asked-for/package.json": {"dependencies": {"deeper": "1", "unasked": "1"}},
        "node_modules/asked-for/index.js": 'import{more}from"deeper";export const told = "told " + more;',
        "node_modules/deeper/index.js": "exports.more = 'more'",
        "node_modules/@scope/part/miniprogram_dist/part/part.js": "Component({})",
        "node_modules/@scope/part/miniprogram_dist/part/part.json": {"component": True},
        "node_modules/@scope/part/miniprogram_dist/part/part.wxml": "<view data-testid='part'>a part</view>",
        "node_modules/unasked/index.js": "no JavaScript at all",
        "dist/app.json": {"pages": ["pages/a/a"], "usingComponents": {"a-part": "@scope/part/part/part"}},
        "dist/pages/a/a.wxml": '<view data-testid="said">{{said}}</view><a-part/>',
        "dist/pages/a/a.js": 'const { told } = require("asked-for"); Page({ data: { said: told + " by no \'toolchain\'" } })',
    }
    files |= {
        f"node_modules/toolchain/lib/{n}.js": "/* as long as toolchains are */" * 130_000 for n in range(18)
    }
    phone = await runs(files)
    await phone.shows("said", "told more by no 'toolchain'")
    await expect(phone.screen.get_by_test_id("part")).to_have_text("a part")
    write(
        phone.folder,
        {
            "node_modules/late/index.js": "exports.late = 'late'",
            "package.json": {"dependencies": {"late": "1"}},
            "dist/pages/a/a.js": "const { late } = require('late'); Page({ data: { said: late } })",
        },
    )
    await phone.shows("said", "late")


async def test_styles_know_rpx_tags_imports_and_the_page(runs):
    phone = await runs(
        {
            **one_page(
                '<view class="wide" data-testid="wide" style="margin-left: 75rpx">a</view><text data-testid="text">b</text><view id="one" data-testid="one">c</view>',
                wxss='@import "../../more.wxss"; #one { color: rgb(3, 3, 3) } page { background-color: rgb(1, 1, 1) } view.wide:not(.none) { width: 375rpx } @media (min-width: 1rpx) { text { color: rgb(2, 2, 2) } }',
            ),
            "more.wxss": ".wide { height: 10vh; --gap: 4rpx } /* } */",
            "app.wxss": "text { font-weight: 700 }",
        }
    )
    wide = phone.at("wide")
    await expect(wide).to_have_css("width", "175px")
    await expect(wide).to_have_css("margin-left", "35px")
    await expect(phone.at("text")).to_have_css("color", "rgb(2, 2, 2)")
    await expect(phone.at("text")).to_have_css("font-weight", "700")
    await expect(phone.at("one")).to_have_css("color", "rgb(3, 3, 3)")
    await expect(phone.screen.locator("wx-page")).to_have_css("background-color", "rgb(1, 1, 1)")
    view = await phone.screen.locator(".page-view").bounding_box()
    box = await wide.bounding_box()
    assert view is not None
    assert box is not None
    assert box["height"] == pytest.approx(view["height"] / 10, abs=1)


TABS = {
    "pages": ["pages/a/a", "pages/b/b", "pages/c/c"],
    "tabBar": {
        "list": [{"pagePath": "pages/a/a", "text": "First"}, {"pagePath": "pages/b/b", "text": "Second"}]
    },
}


async def test_tabs_and_pages_are_opened_in_every_way(runs):
    page = "Page({ onLoad() { console.log('load ' + this.route) }, go(e) { const { api, url } = e.currentTarget.dataset; wx[api]({ url, fail: (error) => console.error(error) }) } })"
    go = '<view data-testid="{0}" bindtap="go" data-api="{1}" data-url="{2}">{0}</view>'
    phone = await runs(
        {
            "app.json": TABS,
            "pages/a/a.wxml": go.format("to-c", "navigateTo", "../c/c")
            + go.format("wrong", "navigateTo", "/pages/b/b")
            + go.format("missing", "navigateTo", "/pages/none/none")
            + '<navigator url="/pages/b/b" open-type="switchTab" data-testid="link">link</navigator>',
            "pages/a/a.js": page,
            "pages/b/b.wxml": '<view data-testid="b">b</view>'
            + go.format("relaunch", "reLaunch", "/pages/c/c"),
            "pages/b/b.js": page,
            "pages/c/c.wxml": '<view data-testid="c">c</view>'
            + go.format("redirect", "redirectTo", "/pages/c/c?x=1"),
            "pages/c/c.js": page,
            "pages/c/c.json": {"navigationBarTitleText": "Third"},
        }
    )
    await phone.tap("wrong", "missing", "to-c")
    await expect(phone.screen.get_by_role("heading", name="Third")).to_be_visible()
    await phone.tap("redirect")
    await phone.screen.get_by_role("button", name="Back").click()
    await phone.tap("link")
    await expect(phone.at("b")).to_be_visible()
    await phone.screen.locator(".tab-bar").get_by_role("button", name="First").click()
    await phone.screen.locator(".tab-bar").get_by_role("button", name="Second").click()
    await phone.tap("relaunch")
    await expect(phone.at("c")).to_be_visible()
    await phone.console("can not navigateTo a tabbar page")
    await phone.console('page "pages/none/none" is not found')
    await phone.console("load pages/b/b")  # once: a tab page stays
    await phone.console("load pages/c/c", 2)  # the first two in a row are counted on one line
    await phone.console("× 2")


async def test_two_pages_talk_over_a_channel(runs):
    phone = await runs(
        {
            "pages/a/a.wxml": '<view data-testid="go" bindtap="go">{{got}}</view>',
            "pages/a/a.js": "Page({ data: { got: '-' }, go() { wx.navigateTo({ url: '/pages/b/b', events: { back: ({ n }) => this.setData({ got: n }) } }).then(({ eventChannel }) => eventChannel.emit('hello', { n: 1 })) } })",
            "pages/b/b.wxml": '<view data-testid="b" bindtap="back">{{n}}</view>',
            "pages/b/b.js": "Page({ data: { n: 0 }, onLoad() { this.getOpenerEventChannel().on('hello', ({ n }) => this.setData({ n })) }, back() { this.getOpenerEventChannel().emit('back', { n: 2 }); wx.navigateBack() } })",
        }
    )
    await phone.tap("go")
    await phone.shows("b", "1")
    await phone.tap("b")
    await phone.shows("go", "2")


async def test_a_query_says_where_things_are_after_what_was_set(runs):
    phone = await runs(
        one_page(
            '<view class="box" id="x" data-k="v" style="width: 100px; height: {{h}}px; margin-top: 5px"></view><view data-testid="told">{{told}}</view>',
            """Page({ data: { h: 10, told: "" }, onReady() {
                this.setData({ h: 30 });
                wx.createSelectorQuery().select("#x").boundingClientRect().selectAll(".box").fields({ size: true, dataset: true }).selectViewport().scrollOffset().exec(([one, all, view]) =>
                  this.setData({ told: [one.top, one.height, all.length, all[0].dataset.k, view.scrollTop].join(" ") })) } })""",
        )
    )
    await phone.shows("told", "5 30 1 v 0")


async def test_set_data_takes_a_copy_and_nothing_undefined(runs):
    phone = await runs(
        one_page(
            '<view data-testid="list" bindtap="again">{{list.length}} {{kept}}</view>',
            """Page({ data: { list: [], kept: "kept" }, onLoad() { this.mine = [1]; this.setData({ list: this.mine, kept: undefined }); this.mine.push(2) },
                again() { console.log(this.data.list === this.mine, this.data.list.length); this.setData({ list: this.mine }); } })""",
        )
    )
    await phone.shows("list", "1 kept")
    await phone.tap("list")
    await phone.shows("list", "2 kept")
    await phone.console("false 1")
    await phone.console('Setting data field "kept" to undefined is invalid.')


async def test_a_changed_file_is_on_the_phone_at_once_and_keeps_the_page(runs):
    phone = await runs(
        {
            **one_page(
                '<view data-testid="go" bindtap="go">go</view>',
                "Page({ go() { wx.navigateTo({ url: '/pages/b/b?id=1' }) } })",
            ),
            "pages/b/b.wxml": '<view data-testid="b">before</view>',
            "pages/b/b.js": "Page({})",
        }
    )
    await phone.tap("go")
    await phone.shows("b", "before")
    (phone.folder / "pages/b/b.wxml").write_text('<view data-testid="b">after</view>')
    await phone.shows("b", "after")
    (phone.folder / "pages/b/b.js").write_text("Page({ onLoad( })")
    await phone.console("(in pages/b/b.js)")
    (phone.folder / "pages/b/b.js").write_text("Page({ onLoad() { console.log('mended') } })")
    await phone.console("mended")
