"""What the fields of browser logins mean, in both languages, with an example each."""

from typing import Any, Final

from lingpai.errors import Words

_CHALLENGE: Final = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

BROWSER_FIELDS: Final[dict[str, tuple[Words, Any]]] = {
    "return_to": (
        Words("the page; its origin is on the app's list", "页面地址，其 `origin` 须在应用的名单中"),
        "https://shop.example.com/orders#/5",
    ),
    "challenge": (
        Words(
            "`base64url(SHA-256(verifier))`; then only who knows the `verifier` can use the ticket",
            "`base64url(SHA-256(verifier))`；设置后，只有知道 `verifier` 的一方能使用票据",
        ),
        _CHALLENGE,
    ),
    "ticket": (Words("works once, for one page", "票据，只能用一次，只对一个页面有效"), "lpt_fake-ticket"),
    "verifier": (
        Words("what the `challenge` was made from", "生成 `challenge` 所用的原文"),
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    ),
    "TicketAnswer.expires_in": (Words("seconds it can be used", "票据的有效秒数"), 60),
    "TicketAnswer.url": (
        Words(
            "the address to open: signs the browser in and goes on to the page; with a `challenge`, the page itself",
            "要打开的地址：登录后跳到页面；带 `challenge` 时就是页面本身",
        ),
        "https://login.example.com/v1/demo-mp/oauth/enter?ticket=lpt_fake-ticket",
    ),
    "appId": (Words("for `wx.config`", "用于 `wx.config`"), "wx00000000000000b2"),
    "timestamp": (Words("for `wx.config`", "用于 `wx.config`"), 1_414_587_457),
    "nonceStr": (Words("for `wx.config`", "用于 `wx.config`"), "Wm3WZYTPz0wzccnW"),
    "JsSdkAnswer.signature": (
        Words("for `wx.config`", "用于 `wx.config`"),
        "f4d90daf4b3bca3078ab155816175ba34c443a7b",
    ),
}
"""By `Struct.field`, or by the field's name alone."""
