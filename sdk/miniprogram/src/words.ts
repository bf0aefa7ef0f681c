// The sentences of what goes wrong on this side of the network. They travel in every mini program: short.

const AGAIN_EN = "Try again.";
const AGAIN_ZH = "请重试。";

/** `[what, hint, 什么, 怎么办]` by code; no hint where `errMsg`, or `status` and `data`, say more. */
export const WORDS = {
  bad_options: ["createAuth needs wx, app, baseURL.", "", "createAuth 需要 wx、app、baseURL。", ""],
  network: ["No answer.", AGAIN_EN, "网络没有响应。", AGAIN_ZH],
  timeout: ["No answer in time.", AGAIN_EN, "等待超时。", AGAIN_ZH],
  domain_not_listed: [
    "The host is not in the domain list.",
    "List it in WeChat's console.",
    "域名不在合法域名列表中。",
    "请在微信后台添加。",
  ],
  bad_answer: ["This is not lingpai.", "Check baseURL.", "对方不是 lingpai。", "请检查 baseURL。"],
  signed_out: ["Signed out.", "Call login() on a tap.", "已退出登录。", "请在用户点按时调用 login()。"],
  login_first: ["This needs a login before it.", "Call login(), then ask again.", "须先登录。", "请调用 login() 后再次获取。"],
  other_origin: ["No token goes to this origin.", "List it in `trusted`.", "令牌不发往此域名。", "请列入 trusted。"],
  token_in_url: ["A token is in the URL.", "", "URL 中有令牌。", ""],
  denied: ["The user said no.", "Go on without it.", "用户拒绝了。", "请在没有它的情况下继续。"],
  phone_quota: [
    "The phone-number quota is used up.",
    "Buy more in WeChat's console (付费管理); let the user type the number.",
    "手机号额度已用完。",
    "请在微信后台“付费管理”购买，或手动填写。",
  ],
  phone_not_allowed: [
    "This account may ask for no phone number.",
    "It must be verified, and not personal.",
    "该账号无权获取手机号。",
    "须为已认证的非个人主体。",
  ],
  privacy_refused: ["The privacy terms are not agreed to.", "Ask again after 10 s.", "用户未同意隐私协议。", "请十秒后再问。"],
  privacy_not_declared: [
    "The privacy terms do not declare this.",
    "Declare it in WeChat's console.",
    "隐私保护指引未声明此用途。",
    "请在微信后台声明。",
  ],
  wx_failed: ["WeChat refused.", "", "微信拒绝了。", ""],
  http_error: ["The server refused.", "", "服务器拒绝了。", ""],
};

/** A code of the SDK's own; every other code is one of the server's problems. */
export type ClientCode = keyof typeof WORDS;
