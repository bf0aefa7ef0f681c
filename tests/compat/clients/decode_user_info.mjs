// A client of `/index/decodeUserInfo` as its tutorial has it: `app.getUserInfo(cb)`, `that.api(…)`, the cookie by hand.
import { given, phone, say } from './wx.mjs'

const { wx, storage } = phone(given)
const { server, encoded = 0, method = 'GET', form = true, order = 'data first', twice = false, deny = false } = given

const encode = (text) => {
  for (let times = 0; times < encoded; times += 1) text = encodeURIComponent(text)
  return text
}

const app = {
  api(verb, path, data, cb) {
    const header = { cookie: wx.getStorageSync('cookie') }
    if (form) header['content-type'] = 'application/x-www-form-urlencoded'
    wx.request({ url: server + path, method: verb, data, header, success: (res) => cb(res.data, res) })
  },
  keep(res) {
    const cookie = { header: res.header['Set-Cookie'], first: res.cookies[0], array: res.cookies }[given.cookie ?? 'header']
    if (cookie) wx.setStorageSync('cookie', given.stored === 'json' ? JSON.stringify(cookie) : cookie)
  },
  // The callback comes before the openid is known, and whoever refuses is a `todo`.
  getUserInfo(cb) {
    const login = (info) =>
      wx.login({
        success: ({ code }) =>
          app.api(method, '/index/decodeUserInfo', {
            code,
            encryptedData: info && encode(info.encryptedData),
            iv: info && encode(info.iv),
            openid: 'oSomebodyElse',
            ...given.more,
          }, (body, res) => {
            app.keep(res)
            cb(body, res)
          }),
      })
    if (order === 'data first') wx.getUserInfo({ deny, success: login, fail: () => login(undefined) })
    else wx.login({ success: () => wx.getUserInfo({ deny, success: login, fail: () => login(undefined) }) })
  },
}

const onLoad = () => new Promise((done) => app.getUserInfo((body, res) => done({ body, status: res.statusCode, header: res.header })))
const loads = await Promise.all(twice ? [onLoad(), onLoad(), onLoad()] : [onLoad()])
const after = await new Promise((done) =>
  wx.request({
    url: `${server}/v1/session`,
    header: { [given.name ?? 'cookie']: wx.getStorageSync('cookie') },
    success: (res) => done({ status: res.statusCode, body: res.data }),
  }),
)
const out = !given.sign_out || await new Promise((done) =>
  wx.request({
    url: `${server}/v1/session`,
    method: 'DELETE',
    header: { cookie: wx.getStorageSync('cookie') },
    success: (res) => done(res.statusCode),
  }),
)
say({ loads, after, out, cookie: storage.get('cookie') ?? null })
