// A client of `/external/code_2_wx_openid` and `/onLogin` as their tutorial has it: asked at launch, by every page.
import { called, given, phone, say } from './wx.mjs'

const { wx } = phone(given)
const { server, path = '/onLogin', in_path: inPath = false, times = 1 } = given

const wxRequest = (url, data) => called(wx.request, { url, data, dataType: 'json', responseType: 'text', timeout: 5000 })

const { code } = given.code ? given : await called(wx.login)
const ask = () => (inPath ? wxRequest(`${server}${path}/${code}`) : wxRequest(`${server}${path}`, { code }))
const answers = await Promise.all(Array.from({ length: times }, ask))
const { openId, token } = answers[0].data
const after = await called(wx.request, { url: `${server}/v1/session`, header: { Authorization: `Bearer ${token}` } })
say({ answers: answers.map((res) => ({ status: res.statusCode, body: res.data })), openId, after: after.data, code })
