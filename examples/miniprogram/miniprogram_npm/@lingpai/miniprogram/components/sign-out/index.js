// A visible way out, which WeChat's review asks for wherever there is a way in.

const { currentAuth } = require("../../index");
const words = require("../words");

Component({
  properties: {
    /** End the user's sessions on every device. */
    everywhere: { type: Boolean, value: false },
    text: { type: String, value: "" },
  },

  data: { t: {}, busy: false, complaint: "" },

  lifetimes: {
    attached() {
      this.setData({ t: words() });
    },
  },

  methods: {
    leave() {
      if (this.data.busy) return undefined;
      this.setData({ busy: true, complaint: "" });
      return currentAuth()
        .logout({ everywhere: this.data.everywhere })
        .then(
          () => {
            this.setData({ busy: false });
            this.triggerEvent("done");
          },
          // Only leaving everywhere can fail: who left here has left.
          (error) => {
            this.setData({ busy: false, complaint: error.message });
            this.triggerEvent("fail", { code: error.code, message: error.message, hint: error.hint });
          },
        );
    },
  },
});
