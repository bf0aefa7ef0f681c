// Every word on the page, in English and Chinese, and which of the two is spoken.

const TEXTS = {
  strap: ["A phone with WeChat inside, made for tests", "装着微信的手机，专供开发测试"],
  "lang.other": ["中文", "EN"],
  "lang.label": ["切换到中文", "Switch to English"],
  "phone.label": ["Phone", "手机"],
  "story.title": ["What happens", "发生了什么"],
  "story.lead": [
    "Every message between phone, server and WeChat, as it was sent. Secrets are masked.",
    "手机、服务器、微信之间的每一条消息，均为真实数据；密钥和令牌已打码。",
  ],
  "story.empty": [
    "Log in on the phone, and the messages appear here.",
    "在手机上登录，消息会出现在这里。",
  ],
  "story.clear": ["Clear", "清空"],
  "party.phone": ["Phone", "手机"],
  "party.server": ["Server", "服务器"],
  "party.wechat": ["WeChat", "微信"],

  "people.title": ["Who holds this phone?", "谁在用这部手机？"],
  "people.lead": ["Each has a WeChat account of their own.", "每个人都有自己的微信号。"],
  "holder.none": ["Nobody holds the phone", "手机还没有主人"],
  "holder.now": ["Phone of", "当前用户"],
  "holder.switch": ["Switch person", "换人"],
  "people.none": ["Nobody yet. Add people with the emulator’s controls.", "还没有人，请用模拟器的控制接口添加。"],
  "home.none": ["This WeChat has no mini program", "这个微信里没有小程序"],
  "home.open": ["Tap to open the mini program", "点图标打开小程序"],
  "app.name": ["lingpai demo", "令牌演示"],
  "app.menu": ["About", "关于"],
  "app.close": ["Close the mini program", "关闭小程序"],
  "about.title": ["About this mini program", "关于这个小程序"],
  "about.appid": ["AppID", "AppID"],
  "about.server": ["Server", "服务器"],
  "about.none": ["your own", "自己的后端"],
  "about.close": ["Close", "关闭"],

  "hello.title": ["Hello!", "你好！"],
  "hello.lead": [
    "This mini program does not know you yet.\nOne tap, no password.",
    "小程序还不认识你。\n点一下就能登录，不用密码。",
  ],
  "hello.login": ["Log in", "登录"],
  "hello.busy": ["Logging in…", "正在登录…"],
  "in.title": ["Signed in", "已登录"],
  "in.new": ["Welcome! Your account is brand new.", "欢迎！账号刚刚创建。"],
  "in.known": ["Welcome back. The server knows you.", "欢迎回来，服务器认得你。"],
  "in.user": ["User ID", "用户 ID"],
  "in.left": ["Access token", "访问令牌"],
  "in.minutes": ["{minutes} min left", "还剩 {minutes} 分钟"],
  "in.over": ["over; the next request renews it", "已过期，下次请求时自动续期"],
  "in.check": ["Check session", "检查登录状态"],
  "in.refresh": ["Refresh", "刷新令牌"],
  "in.out": ["Sign out", "退出登录"],
  "in.everywhere": ["Sign out everywhere", "退出所有设备"],
  "said.active": ["The server says: signed in.", "服务器确认：登录有效。"],
  "said.refreshed": ["New tokens; the old one is spent.", "已换新令牌，旧的 refresh token 作废。"],
  "said.out": ["You are signed out.", "已退出登录。"],
  "said.everywhere": ["You are signed out on every device.", "已在所有设备上退出登录。"],
  "error.request": ["Request", "请求编号"],
  "error.network": ["The server cannot be reached", "无法连接服务器"],
  "error.network.hint": ["Is it running? Try again.", "服务器是否在运行？请重试。"],
  "error.domain": ["This address is not on the list of server domains", "该地址不在服务器域名列表中"],
  "error.domain.hint": [
    "This phone only talks to programs on this machine: 127.0.0.1 or localhost.",
    "这部手机只访问本机程序：127.0.0.1 或 localhost。",
  ],
  "error.phone": ["The phone has no connection to WeChat", "手机连不上微信"],
  "error.phone.hint": ["Start the emulator again, then reload this page.", "请重新启动模拟器，然后刷新页面。"],
  "error.refused": ["The server answered {status}", "服务器返回 {status}"],

  "own.title": ["Try your own backend", "试试自己的后端"],
  "own.lead": [
    "No lingpai server is set, so the phone sends {code} to the login URL of your own backend on this machine.",
    "没有配置 lingpai 服务器：手机会把 {code} 发给你本机后端的登录接口。",
  ],
  "own.url": ["Login URL", "登录接口地址"],
  "own.answer": ["Your backend answered {status}", "后端返回 {status}"],
  "own.leak": [
    "It sent the session_key to the phone. Keep it on the server: whoever has it can forge user data.",
    "后端把 session_key 发给了手机。请只留在服务器上：拿到它的人可以伪造用户数据。",
  ],
  "own.unasked": [
    "Your backend did not ask this WeChat about the code. Point it at the emulator instead of api.weixin.qq.com.",
    "后端没有向这个微信查询 code。请把它的 api.weixin.qq.com 换成模拟器地址。",
  ],

  "try.title": ["Try", "试一试"],
  "try.again": ["Last code again", "再发一次 code"],
  "try.nonce": ["Same code and nonce", "同 code 同 nonce"],
  "try.wait": ["Six minutes late", "晚 6 分钟"],
  "try.fake": ["Made-up code", "编一个 code"],
  "try.busy": ["WeChat is busy", "微信繁忙"],
  "try.need": ["Log in first", "请先登录"],
  "try.same": ["same session", "同一个会话"],

  "act.login": ["Log in", "登录"],
  "act.check": ["Check session", "检查登录状态"],
  "act.refresh": ["Refresh", "刷新令牌"],
  "act.out": ["Sign out", "退出登录"],
  "act.everywhere": ["Sign out everywhere", "退出所有设备"],

  "why.login": [
    "WeChat gives the phone a code. It lives five minutes and works once.",
    "微信给手机一个 code，五分钟内有效，只能用一次。",
  ],
  "why.request.login": [
    "The mini program sends the code to the server. The nonce makes a retry safe.",
    "小程序把 code 发给服务器；带上 nonce，重试也安全。",
  ],
  "why.request.bare": ["The mini program sends the code, without a nonce.", "小程序把 code 发给服务器，没有带 nonce。"],
  "why.request.session": ["The access token says who is asking.", "访问令牌说明是谁在请求。"],
  "why.request.refresh": [
    "A refresh token works once, then a new one takes its place.",
    "refresh token 只能用一次，用后换新。",
  ],
  "why.request.own": ["The mini program sends the code to your backend.", "小程序把 code 发给你的后端。"],
  "why.request.other": ["The mini program asks its server.", "小程序请求自己的服务器。"],
  "why.request.profile": ["The mini program sends or reads the profile.", "小程序提交或读取用户资料。"],
  "why.request.phone": [
    "The code of the phone button goes to the server, which asks WeChat for the number.",
    "手机号按钮给出的 code 发给服务器，由服务器向微信换取手机号。",
  ],
  "why.request.key": ["The mini program asks whether the session_key is still good.", "小程序询问 session_key 是否仍然有效。"],
  "why.wx": ["WeChat answers the mini program on the phone itself.", "微信在手机上直接回答小程序。"],
  "why.call.other": ["The server asks WeChat; the phone has no part in it.", "服务器向微信请求，与手机无关。"],
  "why.call": [
    "Only the server knows the AppSecret, and the session_key stays with it.",
    "AppSecret 只有服务器知道，session_key 也只留在服务器。",
  ],
  "why.call.bad": ["WeChat refuses: {why}", "微信拒绝：{why}"],
  "why.answer.login": [
    "The phone gets tokens of the server’s own. Nothing in them opens WeChat.",
    "手机拿到的是服务器自己签发的令牌，与微信的密钥无关。",
  ],
  "why.answer.session": ["The session runs.", "会话有效。"],
  "why.answer.end": ["The session has ended.", "会话已结束。"],
  "why.answer.own": ["What your backend told the phone.", "后端返回给手机的内容。"],
  "why.answer.other": ["What the server told the phone.", "服务器返回给手机的内容。"],
  "why.wait": ["Six minutes pass in WeChat’s world.", "微信世界里过去了 6 分钟。"],
  "why.busy": [
    "WeChat will answer the next exchange of a code with -1, once.",
    "下一次用 code 换取会话时，微信会返回 -1，仅此一次。",
  ],
  "step.answer": ["answer", "返回"],
  "step.clock": ["clock + {minutes} min", "时钟 + {minutes} 分钟"],
};

const KEPT = "lingpai-phone-language";
let spoken = localStorage.getItem(KEPT) ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");

/** Words of another part of the page: `{key: [English, Chinese]}`. */
export function addTexts(more) {
  Object.assign(TEXTS, more);
}

/** `en` or `zh`. */
export const language = () => spoken;

/** The BCP 47 tag for `lang` and for dates. */
export const locale = () => (spoken === "zh" ? "zh-CN" : "en");

export function switchLanguage() {
  spoken = spoken === "zh" ? "en" : "zh";
  localStorage.setItem(KEPT, spoken);
}

/** The words for `key`, with `{name}` filled from `values`. */
export function t(key, values = {}) {
  const text = TEXTS[key][spoken === "zh" ? 1 : 0];
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
