// Requests the callback in the background and, without waiting, in the page: two requests with one code.
const callback = document.getElementById("callback").href;
// "no-cors": the answer of another origin cannot be read, and need not be. "keepalive": leaving does not stop it.
fetch(callback, { mode: "no-cors", credentials: "include", keepalive: true }).catch(() => {});
location.replace(callback);
