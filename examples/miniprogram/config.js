// Where the servers are. `ext` is what a host hands to the mini program (wx.getExtConfigSync):
// `lingpai dev` tells its ports that way, and in production it is empty.

const ext = wx.getExtConfigSync ? wx.getExtConfigSync() : {};

module.exports = {
  /** lingpai: who somebody is. */
  server: ext.server || "http://127.0.0.1:8000",
  app: ext.app || "demo-mp",
  /** Your own backend, which trusts lingpai's tokens: examples/backend-fastapi. */
  backend: ext.backend || "http://127.0.0.1:8010",
};
