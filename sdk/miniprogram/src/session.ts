// What is kept of a sign-in, in memory and in the phone's storage, by the server's clock.

import { Call } from "./call";
import { headerOf } from "./error";
import { WxAnswer } from "./wx";
import { merged } from "./merged";

/** The person, as the server names them. */
export interface User {
  id: string;
  openid: string;
  unionid?: string;
  /** True from the very first login until the mini program is started again. */
  is_new: boolean;
  profile_complete: boolean;
}

/** The server's answer to a login or a refresh; lifetimes in seconds. */
export interface Tokens {
  access_token: string;
  expires_in: number;
  refresh_token: string;
  refresh_expires_in: number;
  user: User;
}

/** Times are milliseconds of the server's clock. */
export interface Session {
  user: User;
  access: string;
  accessUntil: number;
  refresh: string;
  refreshUntil: number;
  /** Goes along with every refresh: after a kill in the middle, a retry is still the same client. */
  nonce?: string;
}

export interface Keeping {
  session: Session | null;
  /** The user left on purpose, and nothing but a tap may sign in again. */
  left: boolean;
  restore(): Promise<void>;
  now(): number;
  setClock(answer: WxAnswer): void;
  opened(tokens: Tokens, nonce?: string): Session;
  keep(session: Session | null, left?: boolean): void;
}

export function keepingOf(call: Call, key: string, encrypt: boolean | undefined): Keeping {
  const place = encrypt ? { key, encrypt } : { key };
  /** The server's clock minus the phone's. */
  let ahead = 0;
  let written: Promise<unknown> = Promise.resolve();

  const keeping: Keeping = {
    session: null,
    left: false,

    // What cannot be read is a guest: signing in again is silent.
    restore: () =>
      call<{ data: { session: Session | null; left: boolean; ahead: number } }>("getStorage", place).then(
        ({ data }) => {
          ahead = data.ahead || 0;
          keeping.left = data.left;
          keeping.session = data.session || null;
          if (data.session) data.session.user.is_new = false;
        },
      ).catch(() => undefined),

    now: () => Date.now() + ahead,

    // Phones' clocks are wrong, and are set in between: every answer of the server tells the time.
    setClock(answer) {
      const told = Date.parse(headerOf(answer, "date") || "");
      if (told) ahead = told - Date.now();
    },

    opened(tokens, nonce) {
      const now = keeping.now();
      return {
        user: tokens.user,
        access: tokens.access_token,
        accessUntil: now + tokens.expires_in * 1000,
        refresh: tokens.refresh_token,
        refreshUntil: now + tokens.refresh_expires_in * 1000,
        nonce,
      };
    },

    // One write after the other: two at once may land in any order. One that fails, in a full
    // storage, costs a silent login at the next start, and nothing else.
    keep(session, left = false) {
      keeping.session = session;
      keeping.left = left;
      const data = { session, left, ahead };
      const write = () => call("setStorage", merged(place, { data })).catch(() => undefined);
      written = written.then(write);
    },
  };
  return keeping;
}
