// Who is here: a guest with a way in, or a person with their profile, phone number and a way out.

const auth = require("../../auth");
const { words } = require("../../words");

Page({
  data: { t: words(), user: null, profile: null, phone: "", busy: false, complaint: null },

  onLoad() {
    this.stopListening = auth.onChange((user) => this.shown(user));
    auth.ready.then((user) => this.shown(user));
  },

  // Back from the form, a nickname may be new while who is here is not.
  onShow() {
    if (this.data.user) this.load();
  },

  onUnload() {
    this.stopListening();
  },

  async signIn() {
    this.setData({ busy: true, complaint: null });
    try {
      await auth.login();
    } catch (error) {
      this.setData({ complaint: { message: error.message, hint: error.hint } });
    }
    this.setData({ busy: false });
  },

  shown(user) {
    const known = this.data.user && user && this.data.user.id === user.id;
    this.setData(known ? { user } : { user, profile: null, phone: "", complaint: null });
    if (user) this.load();
  },

  load() {
    auth.me().then(
      // It may come after the person has left: then it is nobody's.
      (profile) => auth.user && this.setData({ profile, phone: numberOf(profile) || this.data.phone }),
      (error) => error.code !== "signed_out" && this.setData({ complaint: { message: error.message, hint: error.hint } }),
    );
  },

  gotPhone(event) {
    this.setData({ phone: event.detail.phone_number });
  },
});

function numberOf({ phone }) {
  return phone && (phone.phone_number || phone);
}
