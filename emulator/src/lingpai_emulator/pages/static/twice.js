// Requests the callback in the background and, without waiting, in the page: two requests with one code.
const callback = document.getElementById("callback").href;
// "manual" keeps to the one request: what the callback redirects to is not asked for twice. The answer
// cannot be read from another origin, and need not be.
fetch(callback, { credentials: "include", redirect: "manual", keepalive: true }).catch(() => {});
location.replace(callback);
