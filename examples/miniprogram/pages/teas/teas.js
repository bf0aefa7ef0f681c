// The shop: open to guests. A heart is the first thing that needs a name, and the tap on it signs in.

const auth = require("../../auth");
const { language, words } = require("../../words");
const TEAS = require("../../teas");

Page({
  data: { t: words(), teas: [], complaint: null },

  onLoad() {
    const lang = language();
    this.setData({ teas: TEAS.map((tea) => ({ id: tea.id, colour: tea.colour, name: tea[lang], note: tea[`${lang}Note`], kept: false })) });
    this.stopListening = auth.onChange((user) => (user ? this.load() : this.mark([])));
    auth.ready.then((user) => user && this.load());
  },

  onUnload() {
    this.stopListening();
  },

  // What this page wants to know anyway may fail in silence; a tap may not.
  load() {
    auth.request({ url: "/favourites" }).then(({ data }) => this.mark(data.favourites), () => undefined);
  },

  async toggle(event) {
    const tea = this.data.teas.find(({ id }) => id === event.currentTarget.dataset.id);
    try {
      const { data } = await auth.request({
        url: `/favourites/${tea.id}`,
        method: tea.kept ? "DELETE" : "PUT",
        auth: auth.user ? "auto" : "required",
      });
      this.mark(data.favourites);
    } catch (error) {
      if (error.code === "signed_out") return wx.switchTab({ url: "/pages/me/me" });
      const missing = error.code === "network" || error.code === "timeout";
      this.setData({ complaint: missing ? { message: this.data.t.backendMissing } : { message: error.message, hint: error.hint } });
    }
    return undefined;
  },

  // An answer may come after the person has left: then it is nobody's.
  mark(favourites) {
    if (!auth.user) favourites = [];
    this.setData({
      teas: this.data.teas.map((tea) => Object.assign({}, tea, { kept: favourites.includes(tea.id) })),
      complaint: null,
    });
  },
});
