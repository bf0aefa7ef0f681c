// A client of `/wx/getLoginCertificate` and `/wx/wxLogin` as their tutorial has it.
import { called, given, phone, say } from './wx.mjs'

const { wx } = phone(given)
const { server, by_hand: byHand = false, encoded = 0, stringified = false } = given

const certificate = async () => {
  const { code } = await called(wx.login)
  return (await called(wx.request, { url: `${server}/wx/getLoginCertificate`, data: { code } })).data
}

// The data first, then wx.login: the key may be another one by then.
async function wxLogin() {
  const told = await called(wx.getUserProfile, { deny: given.deny }).catch(() => ({}))
  const { code } = await called(wx.login)
  const { rawData, encryptedData, iv, signature } = told
  const data = { code, rawData, encryptedData, iv, signature }
  for (const name of Object.keys(data)) {
    if (stringified && data[name]) data[name] = JSON.stringify(data[name])
    for (let times = 0; times < encoded; times += 1) data[name] = encodeURIComponent(data[name])
  }
  if (byHand) {
    // Only what breaks the address is encoded: every `+` becomes a blank on the way.
    const query = Object.entries(data).map(([name, value]) => `${name}=${encodeURI(value).replace(/[#&]/g, encodeURIComponent)}`)
    return called(wx.request, { url: `${server}/wx/wxLogin?${query.join('&')}` })
  }
  return called(wx.request, { url: `${server}/wx/wxLogin`, data })
}

const before = given.at_once ? await Promise.all([certificate(), certificate()]) : [await certificate()]
const row = await wxLogin()
say({ before, row: row.data, status: row.statusCode, after: await certificate() })
