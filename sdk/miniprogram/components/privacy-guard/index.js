// WeChat asks before the first use of anything private; this sheet is the question, on the page that has it.

const words = require("../words");

/** Calls of WeChat that wait for the user's word. */
let waiting = [];
/** The sheets on the page stack, the top one last. */
const sheets = [];

function listen() {
  if (!wx.onNeedPrivacyAuthorization) return;
  wx.onNeedPrivacyAuthorization((resolve) => {
    waiting.push(resolve);
    if (sheets.length) sheets[sheets.length - 1].setData({ open: true });
    else answer({ event: "disagree" });
  });
}

function answer(word) {
  const now = waiting;
  waiting = [];
  now.forEach((resolve) => resolve(word));
}

Component({
  data: { t: {}, open: false },

  lifetimes: {
    attached() {
      this.setData({ t: words() });
      sheets.push(this);
      listen();
    },
    detached() {
      sheets.splice(sheets.indexOf(this), 1);
      if (this.data.open) answer({ event: "disagree" });
    },
  },

  pageLifetimes: {
    // Tab pages stay alive beside one another: the one on show answers.
    show() {
      sheets.splice(sheets.indexOf(this), 1);
      sheets.push(this);
    },
  },

  methods: {
    read() {
      wx.openPrivacyContract({ fail: ({ errMsg }) => this.triggerEvent("fail", { code: "wx_failed", message: errMsg }) });
    },

    agree() {
      this.setData({ open: false });
      answer({ event: "agree", buttonId: "lingpai-agree" });
      this.triggerEvent("agree");
    },

    disagree() {
      this.setData({ open: false });
      answer({ event: "disagree" });
      this.triggerEvent("disagree");
    },
  },
});
