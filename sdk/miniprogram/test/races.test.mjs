// Anything at any time: logins, sign-outs, requests and refreshes at once, on a network that loses answers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { authOn } from "./support/sdk.mjs";
import { Phone } from "./support/phone.mjs";
import { startStack } from "./support/stack.mjs";

const stack = await startStack();
const SEEDS = 40;
const STEPS = 30;
/** What may be refused with, when others sign out and answers are lost. */
const EXPECTED = /^(network|signed_out|login_first|session_invalid|restart_login|code_used)$/;

/** mulberry32: the same numbers for the same seed. */
function chance(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Watch the exchanges of codes: how many are under way, at most, since somebody last left. */
function watchExchanges(phone) {
  const seen = { now: 0, most: 0 };
  const { request } = phone.wx;
  phone.wx.request = (options) => {
    if (!options.url.endsWith("/login")) return request(options);
    const since = seen;
    since.most = Math.max(since.most, ++since.now);
    const landed = (call) => (outcome) => {
      since.now--;
      call(outcome);
    };
    return request({ ...options, success: landed(options.success), fail: landed(options.fail) });
  };
  return seen;
}

const ACTIONS = {
  login: (auth) => auth.login(),
  fresh: (auth) => auth.login({ fresh: true }),
  logout: (auth) => auth.logout(),
  request: (auth) => auth.request({ url: "/v1/session" }),
  required: (auth) => auth.request({ url: "/v1/session", auth: "required" }),
  held: (auth) => auth.request({ url: "/v1/session", auth: "held" }),
  me: (auth) => auth.me(),
};

for (let seed = 1; seed <= SEEDS; seed++) {
  test(`whatever comes together ends, and leaves one truth (seed ${seed})`, async () => {
    const next = chance(seed);
    const pick = (list) => list[Math.floor(next() * list.length)];
    const { id: person } = await stack.control("people", { nickname: `somebody ${seed}` });
    const phone = new Phone(stack, { person });
    const exchanges = watchExchanges(phone);
    const auth = authOn(phone);
    // Without sign-outs in every other run: then there is never more than one exchange.
    const names = Object.keys(ACTIONS).filter((name) => seed % 2 || name !== "logout");
    const asked = [];
    for (let step = 0; step < STEPS; step++) {
      if (next() < 0.15) phone.order("request", { url: pick(["/login", "/refresh", "/session"]), lose: true });
      // Somebody else ends the session, or the token is over: the SDK has to find out.
      if (next() < 0.1 && phone.kept?.session) {
        await fetch(`${stack.server}/v1/session`, {
          method: "DELETE",
          headers: { authorization: `Bearer ${phone.kept.session.access}` },
        });
      }
      const name = pick(names);
      asked.push(ACTIONS[name](auth).then(() => null, (error) => `${name}: ${error.code ?? error.stack}`));
      for (let turn = next() * 6; turn > 1; turn--) await new Promise(setImmediate);
    }
    const refused = (await Promise.all(asked)).filter(Boolean);
    assert.deepEqual(refused.filter((text) => !EXPECTED.test(text.split(": ")[1])), []);
    if (seed % 2 === 0) assert.ok(exchanges.most <= 1, `${exchanges.most} exchanges at once`);
    for (const { options } of phone.calls) assert.doesNotMatch(options.url ?? "", /eyJ|lpr_/);

    phone.orders = [];
    await auth.logout();
    await phone.idle();
    assert.deepEqual([auth.user, phone.kept.session, phone.kept.left], [null, null, true]);
    const user = await auth.login();
    await phone.idle();
    assert.equal(phone.kept.session.user.id, user.id);
    assert.equal((await authOn(phone).request({ url: "/v1/session" })).data.user.id, user.id);
  });
}
