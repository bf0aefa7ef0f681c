// Avatar and nickname, with the SDK's form; asked for when wanted, never before.

const auth = require("../../auth");
const { words } = require("../../words");

Page({
  data: { t: words(), nickname: "", avatar: "" },

  onLoad() {
    wx.setNavigationBarTitle({ title: this.data.t.profileTitle });
    auth.me().then(
      (profile) => this.setData({ nickname: profile.nickname || "", avatar: profile.avatar_url || "" }),
      () => undefined,
    );
  },

  done() {
    wx.navigateBack();
  },
});
