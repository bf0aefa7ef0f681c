// Which address has to be signed for the JS-SDK? iOS goes by the one the app was entered by, Android by the present one.
const entered = location.href
const onIOS = /iPhone|iPad|iPod/.test(navigator.userAgent)

export async function configure(server, app, jsApiList) {
  const url = (onIOS ? entered : location.href).split('#')[0]
  const answer = await fetch(`${server}/v1/${app}/js-sdk?${new URLSearchParams({ url })}`)
  if (!answer.ok) throw new Error((await answer.json()).hint)
  const { appId, timestamp, nonceStr, signature } = await answer.json()
  return new Promise((resolve, reject) => {
    wx.ready(resolve)
    wx.error(reject)
    wx.config({ appId, timestamp, nonceStr, signature, jsApiList })
  })
}
// Import this file before your router starts, so that `entered` is the address of entry; call `configure` after each
// change of route.
