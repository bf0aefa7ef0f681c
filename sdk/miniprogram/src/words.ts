// The sentences of what goes wrong on this side of the network: what happened, and what to do next.

const AGAIN_EN = "Let the user try again.";
const AGAIN_ZH = "请让用户重试。";

/** `[what, hint, 什么, 怎么办]` by code. They travel in every mini program: short, or not at all. */
export const WORDS = {
  bad_options: [
    "createAuth needs baseURL, app and wx.",
    "baseURL is an http(s) URL; app is a slug or an AppID.",
    "createAuth 缺少 baseURL、app 或 wx。",
    "baseURL 是 http(s) 地址，app 是 slug 或 AppID。",
  ],
  network: ["No answer came.", AGAIN_EN, "网络没有响应。", AGAIN_ZH],
  timeout: ["No answer came in time.", AGAIN_EN, "等待超时。", AGAIN_ZH],
  no_code: ["wx.login gave no code.", AGAIN_EN, "wx.login 没有返回 code。", AGAIN_ZH],
  domain_not_listed: [
    "This host is not in the mini program's domain list.",
    "List it for request and uploadFile in WeChat's console.",
    "该域名不在小程序的合法域名列表中。",
    "请在微信后台加入 request 和 uploadFile 合法域名。",
  ],
  bad_answer: ["What answered is not lingpai.", "Check baseURL and proxies.", "应答方不是 lingpai。", "请检查 baseURL 和代理。"],
  signed_out: ["The user has signed out.", "Offer a button that calls login().", "用户已退出登录。", "请提供调用 login() 的按钮。"],
  login_first: [
    "This data needs a login before it.",
    "Call login(), then let the user tap again.",
    "此数据须在登录之后取得。",
    "请先调用 login()，再让用户点一次。",
  ],
  other_origin: [
    "The token does not go to this origin.",
    'List it in createAuth({trusted}), or send with auth: "none".',
    "令牌不会发往这个域名。",
    '请列入 createAuth({trusted})，或用 auth: "none" 发送。',
  ],
  token_in_url: ["A token does not belong there.", "request() sends it in a header.", "令牌不该放在这里。", "request() 会放进请求头。"],
  denied: ["The user said no.", "Go on without it.", "用户拒绝了。", "请在没有它的情况下继续。"],
  phone_quota: [
    "The quota of phone numbers is used up.",
    "Buy more in WeChat's console (付费管理); until then let the user type the number.",
    "手机号额度已用完。",
    "请在微信后台“付费管理”购买；在此之前可手动填写。",
  ],
  phone_not_allowed: [
    "This account may not ask for phone numbers.",
    "It has to be verified, and not personal.",
    "该账号无权获取手机号。",
    "须为已认证的非个人主体。",
  ],
  privacy_refused: [
    "The user has not agreed to the privacy terms.",
    "Ask again after ten seconds, not before.",
    "用户尚未同意隐私协议。",
    "请至少十秒后再询问。",
  ],
  privacy_not_declared: [
    "The privacy terms do not declare this use.",
    "Declare it in WeChat's console (用户隐私保护指引).",
    "隐私保护指引没有声明此用途。",
    "请在微信后台“用户隐私保护指引”中声明。",
  ],
  wx_failed: ["WeChat's client refused.", "See errMsg.", "微信客户端拒绝了。", "见 errMsg。"],
  http_error: ["The server refused.", "See status and data.", "服务器拒绝了。", "见 status 和 data。"],
};

/** A code of the SDK's own; every other code is one of the server's problems. */
export type ClientCode = keyof typeof WORDS;
