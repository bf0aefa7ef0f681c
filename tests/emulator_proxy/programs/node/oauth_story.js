// A backend that uses wechat-oauth as its documentation says, and knows of no emulator. Arguments: AppID, AppSecret, code.
const OAuth = require('wechat-oauth')

const [appid, secret, code] = process.argv.slice(2)
const client = new OAuth(appid, secret)

client.getAccessToken(code, (refused, token) => {
  if (refused) throw refused
  client.getUser(token.data.openid, (unknown, user) => {
    if (unknown) throw unknown
    client.getAccessToken(code, again => {
      const link = client.getAuthorizeURL('http://127.0.0.1/callback', 's1', 'snsapi_userinfo')
      process.stdout.write(JSON.stringify({ link, openid: token.data.openid, user, again: again.code }))
      process.exit(0)
    })
  })
})
