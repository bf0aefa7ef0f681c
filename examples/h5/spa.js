// A single-page app with a hash route that holds its own tokens. They never stand in an address: what comes back in
// the query is a ticket, good once, for a minute, for this origin, and only together with `verifier`.
const { content: server, dataset: { app } } = document.querySelector('meta[name=lingpai]')
const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

async function leave() {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)))
  sessionStorage.setItem('verifier', verifier)
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  const challenge = base64url(new Uint8Array(digest))
  const query = new URLSearchParams({ deliver: 'ticket', challenge, return_to: location.href })
  location.replace(`${server}/v1/${app}/oauth/start?${query}`)
}

async function comeBack(ticket) {
  const here = new URL(location)
  here.searchParams.delete('ticket')
  history.replaceState(null, '', here) // nobody shares, bookmarks or logs it
  const answer = await fetch(`${server}/v1/${app}/tickets/exchange`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ticket, verifier: sessionStorage.getItem('verifier') }),
  })
  sessionStorage.removeItem('verifier')
  if (!answer.ok) throw new Error((await answer.json()).hint)
  return answer.json()
}

document.getElementById('route').textContent = location.hash
const ticket = new URLSearchParams(location.search).get('ticket')
if (ticket) {
  try {
    const { user } = await comeBack(ticket) // keep access_token and refresh_token in memory
    document.getElementById('who').textContent = `你好，${user.id}`
  } catch (error) {
    document.getElementById('who').textContent = error.message
  }
} else {
  await leave()
}
