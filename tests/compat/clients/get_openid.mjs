// A client of `/getOpenid?url=` as its tutorial has it: the AppSecret in the client, and an address for the server to open.
import { called, given, phone, say } from './wx.mjs'

const { wx } = phone(given)
const { server, appid, secret, encoding = 'data', host = 'https://api.weixin.qq.com/sns/jscode2session' } = given

async function getOpenId() {
  const { code } = await called(wx.login)
  const url = `${host}?appid=${appid}&secret=${secret}&js_code=${code}&grant_type=authorization_code&code=${code}`
  if (encoding === 'glued') return called(wx.request, { url: `${server}/getOpenid?url=${url}` })
  if (encoding === 'twice') return called(wx.request, { url: `${server}/getOpenid`, data: { url: encodeURIComponent(url) } })
  return called(wx.request, { url: `${server}/getOpenid`, data: { url } })
}

const res = await getOpenId()
wx.setStorageSync('cookie', res.header['Set-Cookie'] ?? res.header['set-cookie'])
const after = await called(wx.request, { url: `${server}/v1/session`, header: { Cookie: wx.getStorageSync('cookie') } })
say({ status: res.statusCode, body: res.data, after: after.data })
