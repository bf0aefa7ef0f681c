// The components' words, in the phone's language.

const WORDS = {
  zh: {
    avatar: "点击选择头像",
    nickname: "昵称",
    nicknameHint: "请输入昵称",
    save: "保存",
    saving: "正在保存…",
    nicknameMissing: "请先填写昵称。",
    phone: "使用手机号",
    phoneBusy: "正在获取…",
    privacyTitle: "用户隐私保护提示",
    privacyText: "在你使用本功能之前，请阅读",
    privacyContract: "《用户隐私保护指引》",
    privacyAfter: "。点击“同意”表示你已阅读并同意。",
    agree: "同意",
    disagree: "拒绝",
    signOut: "退出登录",
    signingOut: "正在退出…",
  },
  en: {
    avatar: "Tap to choose an avatar",
    nickname: "Nickname",
    nicknameHint: "How shall we call you?",
    save: "Save",
    saving: "Saving…",
    nicknameMissing: "Please fill in a nickname first.",
    phone: "Use my phone number",
    phoneBusy: "One moment…",
    privacyTitle: "Your privacy",
    privacyText: "Before you use this, please read the ",
    privacyContract: "privacy terms",
    privacyAfter: ". Tapping Agree says that you have read them and agree.",
    agree: "Agree",
    disagree: "Not now",
    signOut: "Sign out",
    signingOut: "Signing out…",
  },
};

/** The words of the phone's language; Chinese where it cannot be asked. */
module.exports = function words() {
  const info = wx.getAppBaseInfo ? wx.getAppBaseInfo() : wx.getSystemInfoSync();
  return /^zh/.test(info.language || "zh") ? WORDS.zh : WORDS.en;
};
