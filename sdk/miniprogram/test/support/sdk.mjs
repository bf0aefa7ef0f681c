// The SDK as it is published: the tests know nothing of the sources.

import { createRequire } from "node:module";

export const { createAuth, currentAuth, LingpaiError } = createRequire(import.meta.url)("../../miniprogram_dist/index.js");

/** An auth on this phone. */
export const authOn = (phone, options = {}) =>
  createAuth({ baseURL: phone.stack.server, app: "demo-mp", wx: phone.wx, ...options });

/** The error a promise is refused with. */
export async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("It was not refused.");
}
