// The one auth of this app; every page requires it from here.

const { createAuth } = require("@lingpai/miniprogram");
const config = require("./config");

module.exports = createAuth({ baseURL: config.server, app: config.app, api: config.backend });
