// Asks how far the phone is, and goes where the answer says.
const EVERY = 700; // milliseconds
const PATIENCE = 5; // failures in a row
const login = document.getElementById("login");
let failures = 0;

function show(status) {
  if (login.dataset.status === status) return;
  login.dataset.status = status;
  for (const part of login.querySelectorAll("[data-when]")) {
    part.hidden = !part.dataset.when.split(" ").includes(status);
  }
}

async function ask() {
  let told = null;
  try {
    const answer = await fetch(`/connect/l/qrconnect?ticket=${login.dataset.ticket}`);
    told = await answer.json();
    failures = 0;
  } catch {
    failures += 1;
    if (failures >= PATIENCE) show("lost");
  }
  if (told) show(told.status);
  if (told?.location) location.replace(told.location);
  else if (!told || told.status === "waiting" || told.status === "scanned") setTimeout(ask, EVERY);
}

document.getElementById("again").href = location.href.split("#")[0];
ask();
