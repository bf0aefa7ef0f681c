"""The problems of signing in by a browser; part of `catalogue.py`. Their words are read by visitors, too."""

from typing import Final

from lingpai.errors.problem import ProblemKind, Words

STATE_INVALID: Final = ProblemKind(
    code="state_invalid",
    status=400,
    title=Words("This sign-in link no longer works", "登录链接已失效"),
    detail=Words(
        "It was made for another browser, has been lying for more than ten minutes, or its session is over.",
        "这个链接属于另一个浏览器，或者已超过十分钟，或者对应的会话已经结束。",
    ),
    hint=Words(
        "Go back to the page you came from and sign in there.",
        "请回到原来的页面，重新登录。",
    ),
    why=Words(
        "Every visit to WeChat carries a one-time `state` that is bound to one browser, one app and one page. A link with "
        "`?code=` that somebody shared, an address from the history, a browser that keeps no cookies, and an attacker "
        "who plants a sign-in of his own all end here. To share a page, share its own address.",
        "每次跳转到微信都带着一次性的 `state`，它绑定了浏览器、应用和页面。别人分享的带 `?code=` 的链接、历史记录里的地址、禁用了 "
        "cookie 的浏览器，以及攻击者塞给你的登录，都会走到这里。要分享页面，请分享页面自己的地址。",
    ),
)
RETURN_TO_NOT_ALLOWED: Final = ProblemKind(
    code="return_to_not_allowed",
    status=400,
    title=Words("This page may not use the sign-in", "该页面无权使用此登录"),
    detail=Words(
        "The address to go back to is not on the app's list of origins.",
        "要返回的地址不在该应用的 origin 名单里。",
    ),
    hint=Words(
        "An operator adds the page's origin, letter by letter: `lingpai apps set APP origins=https://shop.example.com`.",
        "请管理员逐字加入页面的 origin：`lingpai apps set APP origins=https://shop.example.com`。",
    ),
    why=Words(
        "Browsers are sent back only to origins on a list that is compared exactly: scheme, host and port. There is no "
        "wildcard, and an address with unusual characters is refused instead of repaired: an open redirect at a "
        "sign-in page gives sessions away. Percent-encode what RFC 3986 does not allow.",
        "登录后只跳回名单上的 origin，协议、域名、端口逐字比较，没有通配符；含有不规范字符的地址直接拒绝而不是“修正”，"
        "因为登录页上的开放重定向等于把会话送人。RFC 3986 不允许的字符请先做百分号编码。",
    ),
)
ORIGIN_NOT_ALLOWED: Final = ProblemKind(
    code="origin_not_allowed",
    status=403,
    title=Words("A page of another origin asks", "请求来自不允许的页面"),
    detail=Words(
        "The Origin of the request is not one this is meant for.",
        "请求的 Origin 不是此操作所允许的来源。",
    ),
    hint=Words(
        "Call from a page of the app's own origins; a request that writes with a cookie needs its Origin header.",
        "请从该应用名单上的页面发起；用 cookie 写入的请求必须带 Origin 头。",
    ),
    why=Words(
        "A cookie is sent by the browser whoever asks for it. So a request with a cookie counts only from this server's "
        "own pages and from the app's origins, and one that changes something must say where it comes from. A ticket "
        "is bound to the origin it was made for, a JS-SDK signature to the app's pages.",
        "无论由谁发起，浏览器都会带上 cookie，所以带 cookie 的请求只接受本服务器自己的页面和该应用名单上的页面，写操作还必须说明来源。"
        "票据只对它指定的 origin 有效，JS-SDK 签名只给该应用的页面。",
    ),
)
TICKET_INVALID: Final = ProblemKind(
    code="ticket_invalid",
    status=401,
    title=Words("The ticket is not accepted", "票据无效"),
    detail=Words(
        "A ticket works once, within sixty seconds, for the page it was made for.",
        "票据六十秒内有效，只能用一次，并且只对指定的页面有效。",
    ),
    hint=Words(
        "Start again: /oauth/start for a page, POST /tickets from the mini program for a web-view.",
        "请重新开始：页面走 /oauth/start；web-view 由小程序重新 POST /tickets。",
    ),
    why=Words(
        "The ticket was used, is too old, belongs to another app, came without the `verifier` of its `challenge`, or the "
        "session behind it is over. It stands in for a token in a URL, which would live longer than the URL stays secret.",
        "票据已用过、已过期、属于另一个应用、没有带上与 `challenge` 对应的 `verifier`，或者其会话已结束。"
        "它代替令牌出现在 URL 里，因为令牌的寿命比 URL 保密的时间长。",
    ),
)
REDIRECT_LOOP: Final = ProblemKind(
    code="redirect_loop",
    status=409,
    title=Words("This page keeps asking to sign in", "页面在反复要求登录"),
    detail=Words(
        "It has sent you here several times within seconds; another round would change nothing.",
        "它在几秒内多次把你带到这里，再来一轮也不会有变化。",
    ),
    hint=Words(
        "Sign in once more yourself; if it comes back here, the page does not keep its session.",
        "请手动再登录一次；如果仍回到这里，说明该页面没有保存登录状态。",
    ),
    why=Words(
        "The page comes back from a successful sign-in and does not notice: it does not read the cookie (another site, "
        "no `credentials: 'include'`), does not exchange its ticket, or asks about another app. After two rounds the "
        "circle is broken, because inside WeChat nobody can.",
        "页面登录成功返回后没有察觉：读不到 cookie（跨站点、没有 `credentials: 'include'`）、没有兑换票据，或查询的是另一个应用。"
        "两轮之后由这里打断循环，因为在微信里用户自己打断不了。",
    ),
)
CONSENT_REFUSED: Final = ProblemKind(
    code="consent_refused",
    status=403,
    title=Words("You did not allow it", "你没有同意授权"),
    detail=Words("{what}", "{what}"),
    hint=Words(
        "You can try again, or close this page.",
        "可以重试，也可以直接关闭本页。",
    ),
    why=Words(
        "The visitor refused on WeChat's page. WeChat then sends the browser back with a state and no code, or leaves it "
        "where it is.",
        "访客在微信的授权页上点了拒绝。此时微信只带 state、不带 code 跳回，或者停留在原页面。",
    ),
)
SNAPSHOT_USER: Final = ProblemKind(
    code="snapshot_user",
    status=403,
    title=Words("You see a preview of this page", "你正在浏览页面快照"),
    detail=Words(
        "WeChat shows the page without telling who you are.",
        "微信展示的是页面快照，没有提供你的身份。",
    ),
    hint=Words(
        "Tap “Use full service” at the bottom right to sign in.",
        "请点击右下角的“使用完整服务”继续登录。",
    ),
    why=Words(
        "A page that asks for the profile as soon as it opens is shown as a read-only snapshot. Openid, unionid, "
        "nickname and avatar then belong to a virtual account (`is_snapshotuser: 1`); none of it is stored. Ask with "
        "`scope=base` first, and for the profile only after a tap.",
        "一打开就要求获取用户资料的网页，会被微信以只读快照展示。此时 openid、unionid、昵称、头像都属于虚拟账号"
        "（`is_snapshotuser: 1`），因此一律不保存。请先用 `scope=base`，等用户点击之后再要资料。",
    ),
)
