// What is kept of a sign-in, in memory and in the phone's storage, by the server's clock.

import { Call } from "./call";
import { headerOf } from "./error";
import { WxAnswer } from "./wx";

/** The person, as the server names them. */
export interface User {
  id: string;
  openid: string;
  unionid?: string;
  /** True in the answer of the very first login only. */
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

/** What lies in the storage. */
interface Kept {
  session: Session | null;
  /** The user left on purpose, and nothing but a tap may sign in again. */
  left: boolean;
  /** The server's clock minus the phone's. */
  ahead: number;
}

export class Keeping {
  session: Session | null = null;
  left = false;
  private _ahead = 0;
  private readonly _call: Call;
  private readonly _place: { key: string; encrypt?: boolean };

  constructor(call: Call, key: string, encrypt: boolean | undefined) {
    this._call = call;
    this._place = encrypt ? { key, encrypt } : { key };
  }

  /** Read the storage. What cannot be read is a guest: signing in again is silent. */
  restore(): Promise<void> {
    return this._call<{ data: Kept }>("getStorage", this._place).then(
      ({ data }) => {
        if (!data) return;
        this._ahead = data.ahead || 0;
        this.left = !!data.left;
        this.session = data.session || null;
      },
      () => undefined,
    );
  }

  /** Now, by the server's clock. */
  now(): number {
    return Date.now() + this._ahead;
  }

  /** Phones' clocks are wrong, and are set in between: every answer of the server tells the time. */
  setClock(answer: WxAnswer): void {
    const told = Date.parse(headerOf(answer, "date") || "");
    if (told) this._ahead = told - Date.now();
  }

  /** The session of these tokens. */
  opened(tokens: Tokens, nonce?: string): Session {
    const now = this.now();
    return {
      user: tokens.user,
      access: tokens.access_token,
      accessUntil: now + tokens.expires_in * 1000,
      refresh: tokens.refresh_token,
      refreshUntil: now + tokens.refresh_expires_in * 1000,
      nonce,
    };
  }

  /** Replace what is kept. A full storage costs a silent login at the next start, and nothing else. */
  keep(session: Session | null, left = false): Promise<unknown> {
    this.session = session;
    this.left = left;
    const data: Kept = { session, left, ahead: this._ahead };
    return this._call("setStorage", Object.assign({ data }, this._place)).catch(() => undefined);
  }
}
