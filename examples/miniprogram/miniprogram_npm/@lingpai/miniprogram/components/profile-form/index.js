// Avatar and nickname, as WeChat wants them asked for: a chooseAvatar button and a nickname input.

const { currentAuth } = require("../../index");
const words = require("../words");

Component({
  properties: {
    nickname: { type: String, value: "" },
    avatar: { type: String, value: "" },
  },

  data: { t: {}, chosen: "", busy: false, complaint: "" },

  lifetimes: {
    attached() {
      this.setData({ t: words() });
    },
  },

  methods: {
    choose(event) {
      this.setData({ chosen: event.detail.avatarUrl, complaint: "" });
    },

    // Read from the submitted form: WeChat's check of a nickname may empty the input after its last event.
    save(event) {
      const nickname = String(event.detail.value.nickname || "").trim();
      if (this.data.busy) return undefined;
      if (!nickname) {
        this.setData({ complaint: this.data.t.nicknameMissing });
        return undefined;
      }
      this.setData({ busy: true, complaint: "" });
      return currentAuth()
        .fillProfile({ nickname, avatar: this.data.chosen || undefined })
        .then(
          (profile) => {
            this.setData({ busy: false, chosen: "" });
            this.triggerEvent("done", profile);
          },
          (error) => {
            this.setData({ busy: false, complaint: error.message });
            this.triggerEvent("fail", { code: error.code, message: error.message, hint: error.hint });
          },
        );
    },
  },
});
