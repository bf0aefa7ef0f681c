// A page inside WeChat that knows its visitor. The session is a cookie of the sign-in server, which no script can read.
const { content: server, dataset: { app } } = document.querySelector('meta[name=lingpai]')
const show = (id, shown) => { document.getElementById(id).hidden = !shown }

const ask = (method) => fetch(`${server}/v1/session`, { method, credentials: 'include' })

// Leaves for WeChat and comes back to this very page, with its #fragment.
function signIn(scope) {
  const query = new URLSearchParams({ scope, return_to: location.href })
  location.replace(`${server}/v1/${app}/oauth/start?${query}`)
}

async function main() {
  const answer = await ask('GET')
  if (answer.status === 401) {
    if (sessionStorage.getItem('signed-out')) return left()
    return signIn('base') // silent: the visitor sees nothing of it
  }
  const { user } = await answer.json()
  document.getElementById('who').textContent = `你好，${user.id}`
  show('profile', !user.profile_complete) // asked for after a tap, never on opening
  show('out', true)
}

function left() {
  document.getElementById('who').textContent = '你已退出。Signed out.'
  show('profile', false)
  show('out', false)
  show('in', true)
}

document.getElementById('profile').onclick = () => signIn('userinfo')
document.getElementById('in').onclick = () => { sessionStorage.removeItem('signed-out'); signIn('base') }
document.getElementById('out').onclick = async () => {
  await ask('DELETE')
  sessionStorage.setItem('signed-out', '1')
  left()
}
main()
