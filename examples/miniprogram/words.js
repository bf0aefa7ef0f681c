// The app's words in both languages.

const WORDS = {
  zh: {
    title: "今天喝哪一盏？",
    lead: "先看看，不用登录。",
    keep: "收藏",
    kept: "已收藏",
    backendMissing: "收藏需要后端。请启动 examples/backend-fastapi，再点一次。",
    guest: "游客",
    guestLead: "登录后可以收藏喜欢的茶，换台手机也在。",
    signIn: "微信登录",
    signingIn: "正在登录…",
    signedIn: "已登录",
    welcome: "欢迎，初次见面",
    nameless: "还没有昵称",
    fillIn: "填写头像和昵称",
    change: "修改头像和昵称",
    phone: "手机号",
    noPhone: "未提供",
    userId: "用户 id",
    profileTitle: "个人资料",
    later: "以后再说",
  },
  en: {
    title: "Which cup today?",
    lead: "Look around; nobody has to sign in.",
    keep: "Keep",
    kept: "Kept",
    backendMissing: "Keeping needs the backend. Start examples/backend-fastapi and tap again.",
    guest: "Guest",
    guestLead: "Sign in to keep the teas you like, on every phone you use.",
    signIn: "Sign in with WeChat",
    signingIn: "Signing in…",
    signedIn: "Signed in",
    welcome: "Welcome, nice to meet you",
    nameless: "No nickname yet",
    fillIn: "Fill in avatar and nickname",
    change: "Change avatar and nickname",
    phone: "Phone",
    noPhone: "not given",
    userId: "User id",
    profileTitle: "Your profile",
    later: "Later",
  },
};

/** `zh` or `en`, as the phone is set. */
function language() {
  const info = wx.getAppBaseInfo ? wx.getAppBaseInfo() : wx.getSystemInfoSync();
  return /^zh/.test(info.language || "zh") ? "zh" : "en";
}

module.exports = { language, words: () => WORDS[language()] };
