// The phone-number button: it sends the button's own code, which is not the one of wx.login.

const { currentAuth } = require("../../index");
const words = require("../words");

Component({
  properties: {
    /** The button's text; its own by default. */
    text: { type: String, value: "" },
  },

  data: { t: {}, busy: false, complaint: "", hint: "" },

  lifetimes: {
    attached() {
      this.setData({ t: words() });
    },
  },

  methods: {
    got(event) {
      this.setData({ busy: true, complaint: "", hint: "" });
      return currentAuth()
        .phone(event)
        .then(
          (number) => {
            this.setData({ busy: false });
            this.triggerEvent("done", number);
          },
          (error) => {
            // Whoever says no is not to be told that they did.
            const told = error.code === "denied" ? { message: "", hint: "" } : error;
            this.setData({ busy: false, complaint: told.message, hint: told.hint });
            this.triggerEvent("fail", { code: error.code, message: error.message, hint: error.hint });
          },
        );
    },
  },
});
