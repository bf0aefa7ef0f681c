// What a mini program sees of its phone: `wx.*` as WeChat documents it, with an emulator behind it.
//
// `wx.request` speaks HTTP itself, so that header names travel as they do on phones: a Referer that cannot be set,
// success for every status, and response headers in the case of the platform.
import http from 'node:http'

const FORM = 'application/x-www-form-urlencoded'

export function phone({ emulator, appid, person, platform = 'android', agent = 'MicroMessenger/8.0.50', era }) {
  const storage = new Map()
  const sent = []

  async function control(name, fields = {}) {
    const answer = await fetch(`${emulator}/__emulator__/wx/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ appid, person, ...fields }),
    })
    if (!answer.ok) throw new Error(await answer.text())
    return answer.json()
  }

  function settle(promise, { success, fail, complete } = {}) {
    promise
      .then((told) => (/:fail/.test(told.errMsg ?? '') ? fail?.(told) : success?.(told)), (error) => fail?.({ errMsg: String(error) }))
      .finally(() => complete?.())
  }

  const wx = {
    login: (given) => settle(control('login'), given),
    checkSession: (given) => settle(control('checkSession'), given),
    getUserInfo: (given) => settle(control('getUserInfo', { era, deny: given.deny }), given),
    getUserProfile: (given) => settle(control('getUserProfile', { era, deny: given.deny }), given),
    setStorageSync: (name, value) => storage.set(name, value),
    getStorageSync: (name) => storage.get(name) ?? '',
    request: (given) => settle(exchange(given), given),
  }

  function exchange({ url, method = 'GET', data, header = {}, dataType = 'json' }) {
    const headers = { 'content-type': 'application/json' }
    for (const [name, value] of Object.entries(header)) {
      if (/^content-type$/i.test(name)) headers['content-type'] = value
      else if (!/^referer$/i.test(name)) headers[name] = String(value)
    }
    const pairs = Object.entries(data ?? {}).map((pair) => pair.map(encodeURIComponent).join('='))
    const address = new URL(url)
    let body
    if (method === 'GET') {
      for (const pair of pairs) address.search += (address.search ? '&' : '?') + pair
    } else if (data !== undefined) {
      body = headers['content-type'].startsWith(FORM) ? pairs.join('&') : JSON.stringify(data)
    }
    headers.Referer = `https://servicewechat.com/${appid}/12/page-frame.html`
    headers['User-Agent'] = agent
    sent.push(address.href)
    return new Promise((resolve, reject) => {
      const request = http.request(address, { method, headers, agent: false }, (answer) => {
        const parts = []
        answer.on('data', (part) => parts.push(part))
        answer.on('end', () => resolve({ ...told(answer, Buffer.concat(parts).toString(), dataType), errMsg: 'request:ok' }))
      })
      request.on('error', reject)
      request.end(body)
    })
  }

  function told(answer, text, dataType) {
    const header = {}
    for (let at = 0; at < answer.rawHeaders.length; at += 2) {
      const [name, value] = answer.rawHeaders.slice(at, at + 2)
      const known = platform === 'ios' ? name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()) : name
      header[known] = known in header ? `${header[known]},${value}` : value
    }
    let data = text
    if (dataType === 'json') {
      try {
        data = JSON.parse(text)
      } catch {
        // WeChat hands over what is no JSON as it is.
      }
    }
    return { data, statusCode: answer.statusCode, header, cookies: answer.headers['set-cookie'] ?? [] }
  }

  return { wx, sent, storage }
}

// What a client was started with, and how it says what came of it.
export const given = JSON.parse(process.argv[2])
export const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`)
export const called = (method, options = {}) =>
  new Promise((success, fail) => method({ ...options, success, fail }))
