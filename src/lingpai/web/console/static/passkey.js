"use strict";
// Passkeys: a button asks this server for a question, the browser's authenticator for the answer, and brings it back.
(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

  function creation(options) {
    return {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: named(options.excludeCredentials),
    };
  }

  function request(options) {
    return { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) };
  }

  function answer(credential) {
    const given = credential.response;
    const response = { clientDataJSON: text(given.clientDataJSON) };
    if (given.attestationObject) {
      response.attestationObject = text(given.attestationObject);
    } else {
      response.authenticatorData = text(given.authenticatorData);
      response.signature = text(given.signature);
      if (given.userHandle) response.userHandle = text(given.userHandle);
    }
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    };
  }

  async function send(path, fields) {
    const got = await fetch(path, {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams(fields),
      credentials: "same-origin",
    });
    const said = await got.json();
    if (!got.ok) throw new Error([said.detail, said.hint].filter(Boolean).join(" "));
    return said;
  }

  async function run(form) {
    const { begin, finish, kind } = form.dataset;
    const fields = Object.fromEntries(new FormData(form));
    const asked = await send(begin, fields);
    const credential = kind === "create"
      ? await navigator.credentials.create({ publicKey: creation(asked.options) })
      : await navigator.credentials.get({ publicKey: request(asked.options) });
    const done = await send(finish, {
      ...fields,
      ceremony: asked.ceremony,
      credential: JSON.stringify(answer(credential)),
    });
    location.assign(done.to);
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("button");
    const trouble = form.querySelector("[role=alert]");
    const say = (words) => { trouble.textContent = words; trouble.hidden = !words; };
    if (!window.PublicKeyCredential) {
      button.disabled = true;
      say(form.dataset.missing);
    }
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      say("");
      button.disabled = true;
      try {
        await run(form);
      } catch (error) {
        // What the browser itself says is in its own language, and of no use to people.
        say(error.name === "Error" ? error.message : form.dataset.stopped);
        button.disabled = false;
      }
    });
  }

  // The token of a set-up link stands behind #, which browsers send to nobody; it leaves the address line at once.
  const link = document.querySelector("form[data-link]");
  if (link) {
    link.elements.link.value = location.hash.slice(1);
    history.replaceState(null, "", location.pathname + location.search);
    const there = link.elements.link.value !== "";
    link.querySelector("button").disabled = !there;
    link.querySelector("[data-no-link]").hidden = there;
  }
})();
