"""The rules: what each finding means, and what to do about it."""

from typing import Final

from lingpai.errors import Words
from lingpai.scan.findings import Rule

APPSECRET_IN_CLIENT: Final = Rule(
    id="appsecret_in_client",
    where="client",
    title=Words("An AppSecret in client code", "客户端代码中有 AppSecret"),
    risk=Words(
        "Anybody can unpack a mini program or read a page. With the AppSecret they call WeChat as your app: read "
        "users' data, send messages, use up your quotas.",
        "小程序可以被解包，网页谁都能看。拿到 AppSecret 就能以你的应用身份调用微信接口：读取用户数据、发消息、耗尽配额。",
    ),
    fix=Words(
        "Reset the AppSecret in WeChat's console: it has to count as known. Keep the new one on the server and let "
        "the client send its code to POST /v1/{app}/login.",
        "先到微信后台重置 AppSecret，旧的必须视为已泄露。新的只放在服务器上，客户端改为把 code 发给 POST /v1/{app}/login。",
    ),
)
APPSECRET_IN_SOURCE: Final = Rule(
    id="appsecret_in_source",
    where="anywhere",
    title=Words("An AppSecret in source code or settings", "源代码或配置文件中有 AppSecret"),
    risk=Words(
        "Everybody who can read the repository, a backup or a build has it, and it stays in the history.",
        "凡是能看到代码仓库、备份或构建产物的人都能拿到它，而且会一直留在提交历史里。",
    ),
    fix=Words(
        "Reset it in WeChat's console and read the new one from the environment or a secret store. In lingpai: "
        "lingpai apps rotate-secret.",
        "到微信后台重置，新的从环境变量或密钥管理服务读取。使用 lingpai 时执行 lingpai apps rotate-secret。",
    ),
)
SESSION_KEY_IN_CLIENT: Final = Rule(
    id="session_key_in_client",
    where="client",
    title=Words("A session_key in client code", "客户端代码使用了 session_key"),
    risk=Words(
        "The session_key signs and decrypts what WeChat says about a user. Who has it can make up a phone number "
        "or a profile that the backend believes.",
        "session_key 用来验证签名和解密用户数据。谁拿到它，谁就能伪造后端会相信的手机号或资料。",
    ),
    fix=Words(
        "Let the server keep it. Send the encrypted data, or the code of the button, to the server and have it "
        "decrypted there.",
        "只保存在服务器上。把加密数据或按钮返回的 code 发给服务器，由服务器解密。",
    ),
)
SESSION_KEY_SENT: Final = Rule(
    id="session_key_sent",
    where="backend",
    title=Words("A session_key in an answer to the client", "后端把 session_key 返回给了客户端"),
    risk=Words(
        "With it a client can make up a phone number or a profile, sign it, and send it back as WeChat's word.",
        "客户端拿到它就能伪造手机号或用户资料并签名，再当作微信的数据发回来。",
    ),
    fix=Words(
        "Answer with a session token of yours and name the fields you send; do not hand on what jscode2session "
        "answered. Reset keys that were given away (resetusersessionkey).",
        "只返回自己的会话令牌，并逐个列出返回的字段，不要原样转发 jscode2session 的响应。已经泄露的用 resetusersessionkey 重置。",
    ),
)
WECHAT_API_IN_CLIENT: Final = Rule(
    id="wechat_api_in_client",
    where="client",
    title=Words("A call of api.weixin.qq.com from client code", "客户端直接调用 api.weixin.qq.com"),
    risk=Words(
        "WeChat does not let a mini program call this host, and each of its interfaces needs the AppSecret or an "
        "access_token, which then is in the client's hands.",
        "微信不允许小程序访问该域名，而且它的每个接口都需要 AppSecret 或 access_token，也就意味着这些凭证到了客户端手里。",
    ),
    fix=Words(
        "Call it from the server. For a login the client sends the code alone.",
        "改由服务器调用。登录时客户端只发送 code。",
    ),
)
ACCESS_TOKEN_IN_CLIENT: Final = Rule(
    id="access_token_in_client",
    where="client",
    title=Words("An access_token in a URL of the client", "客户端 URL 中带有 access_token"),
    risk=Words(
        "URLs end up in logs, histories and Referer headers; WeChat's own access_token moreover acts for the whole "
        "account, not for one user.",
        "URL 会留在日志、浏览记录和 Referer 里；而微信的 access_token 代表整个账号，不只是某个用户。",
    ),
    fix=Words(
        "Keep WeChat's access_token on the server. Send a token of yours in the Authorization header.",
        "微信的 access_token 只留在服务器上；自己的令牌放在 Authorization 请求头里。",
    ),
)
OPENID_FROM_REQUEST: Final = Rule(
    id="openid_from_request",
    where="backend",
    title=Words("An openid from the request decides who the caller is", "用请求里的 openid 判断用户身份"),
    risk=Words(
        "An openid is no secret: it stands in URLs, exports and payment notices. Who sends somebody else's is "
        "signed in as them.",
        "openid 不是秘密，URL、导出文件、支付通知里都有。发送别人的 openid 就能以别人的身份登录。",
    ),
    fix=Words(
        "Take the code of wx.login and ask WeChat whose it is, or take the user from the session of the request.",
        "改为接收 wx.login 的 code，由服务器向微信查询是谁；已登录的请求从会话中取用户。",
    ),
)
STATE_CONSTANT: Final = Rule(
    id="state_constant",
    where="anywhere",
    title=Words("A constant state in a WeChat authorization URL", "微信授权链接中的 state 是固定值"),
    risk=Words(
        "state ties the answer to the browser that asked. With a constant an attacker signs a victim in to the "
        "attacker's account (login CSRF).",
        "state 用来确认回调属于发起授权的浏览器。写成固定值时，攻击者可以让受害者登录到攻击者的账号（登录 CSRF）。",
    ),
    fix=Words(
        "Make a random state for each start, keep it with the browser, compare it once in the callback.",
        "每次发起授权都生成随机 state，与浏览器绑定保存，回调时比对一次即作废。",
    ),
)

RULES: Final = {
    rule.id: rule
    for rule in (
        APPSECRET_IN_CLIENT,
        APPSECRET_IN_SOURCE,
        SESSION_KEY_IN_CLIENT,
        SESSION_KEY_SENT,
        WECHAT_API_IN_CLIENT,
        ACCESS_TOKEN_IN_CLIENT,
        OPENID_FROM_REQUEST,
        STATE_CONSTANT,
    )
}
"""By id; the reference page is made from them."""
