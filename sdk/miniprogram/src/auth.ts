// createAuth: everything above, put together, as a mini program calls it.

import { Callbacks, calledBack, callsOf } from "./call";
import { complainIn } from "./error";
import { Person, PhoneDetail, PhoneNumber, Profile, ProfileFields, UserInfoResult } from "./person";
import { Auth as AuthMode, Requesting } from "./requesting";
import { Server } from "./server";
import { Keeping, User } from "./session";
import { SigningIn } from "./signing-in";
import { WxAnswer, WxLike, WxRequest, WxUpload } from "./wx";

declare const wx: WxLike | undefined;

export interface AuthOptions {
  /** The public URL of lingpai. */
  baseURL: string;
  /** The app's slug or AppID. */
  app: string;
  /** The client to call; the global `wx` by default. */
  wx?: WxLike;
  /** Where request("/path") leads: your own backend. baseURL by default. */
  api?: string;
  /** Further origins that may see the token. */
  trusted?: string[];
  /** Milliseconds for each call of `wx`; 10 s by default. */
  timeout?: number;
  /** Let WeChat encrypt what is kept (base library 2.21.3). */
  encrypt?: boolean;
}

export interface LoginOptions extends Callbacks<User> {
  /** Call wx.login even when a session is there: for data that needs a new session_key. */
  fresh?: boolean;
}

export interface LogoutOptions extends Callbacks<void> {
  /** End the user's sessions on every device. */
  everywhere?: boolean;
}

export interface RequestOptions extends WxRequest {
  auth?: AuthMode;
}

export interface UploadOptions extends WxUpload {
  auth?: AuthMode;
}

/** One app's login. Every method returns a promise and takes success, fail and complete as well. */
export interface Auth {
  /** Resolves when the storage has been read: who is signed in, or null. Never rejects. */
  readonly ready: Promise<User | null>;
  /** Who is signed in; null for a guest, and before `ready`. */
  readonly user: User | null;
  /** Sign in, silently; at once when the session still runs. */
  login(options?: LoginOptions): Promise<User>;
  /** wx.request with the user's token. Unlike there, an answer of 400 and more is a failure. */
  request(options: RequestOptions): Promise<WxAnswer>;
  /** wx.uploadFile with the user's token. */
  upload(options: UploadOptions): Promise<WxAnswer>;
  /** `Bearer …` for the header of another call of `wx`, which must not be to somebody else. */
  authorization(): Promise<string>;
  /** Sign out here. It holds whether the server can be reached or not. */
  logout(options?: LogoutOptions): Promise<void>;
  /** Whether the server can open what WeChat seals now. If not: login({fresh: true}), before the tap. */
  checkSession(options?: Callbacks<boolean>): Promise<boolean>;
  /** Send what a phone button gave. */
  phone(event: PhoneDetail | { detail: PhoneDetail }, options?: Callbacks<PhoneNumber>): Promise<PhoneNumber>;
  /** The user's profile. */
  me(options?: Callbacks<Profile>): Promise<Profile>;
  /** Store what the user filled in. */
  fillProfile(fields: ProfileFields, options?: Callbacks<Profile>): Promise<Profile>;
  /** Verify and store what wx.getUserProfile or wx.getUserInfo gave. */
  legacyProfile(result: UserInfoResult, options?: Callbacks<Profile>): Promise<Profile>;
  /** Resolves when the user has agreed to the privacy terms, asking if need be. */
  requirePrivacy(options?: Callbacks<void>): Promise<void>;
  /** Be told who is signed in, whenever that changes. Returns what ends it. */
  onChange(listener: (user: User | null) => void): () => void;
}

/** A person reads a dialogue in their own time, but not for ever. */
const READING = 300_000;

let latest: Auth | undefined;

/** The auth that was created last: the one the components use. */
export function currentAuth(): Auth {
  if (!latest) throw complainIn(undefined)("bad_options");
  return latest;
}

/** One app's login. Throws LingpaiError `bad_options`. */
export function createAuth(options: AuthOptions): Auth {
  const client = options.wx || (typeof wx === "undefined" ? undefined : wx);
  const complain = complainIn(client);
  if (!client || !options.app || !/^https?:\/\/[^/]/.test(options.baseURL)) throw complain("bad_options");
  const baseURL = bare(options.baseURL);
  const origins = [bare(options.api || baseURL), baseURL].concat((options.trusted || []).map(bare));

  const call = callsOf(client, complain, options.timeout || 10_000);
  const { envVersion } = client.getAccountInfoSync().miniProgram;
  const keeping = new Keeping(call, `lingpai ${options.app} ${envVersion} ${baseURL}`, options.encrypt);
  const server = new Server(call, complain, keeping, baseURL);
  const appPath = `/v1/${encodeURIComponent(options.app)}`;
  const signing = new SigningIn(client, call, server, keeping, complain, `${appPath}/login`);
  const ready = keeping.restore().then(() => signing.user);
  const requesting = new Requesting(call, complain, keeping, signing, ready, origins);
  const person = new Person(requesting, signing, complain, baseURL, appPath);

  async function logout(everywhere?: boolean): Promise<void> {
    await ready;
    // A token that is over ends nothing; refreshing it first needs the session we are about to forget.
    const session = await signing.alive().catch(() => keeping.session);
    signing.leave();
    if (session) await server.end(session, everywhere).catch(() => undefined);
  }

  async function checkSession(): Promise<boolean> {
    await ready;
    const here = await call("checkSession").then(() => true, () => false);
    return here && keeping.session !== null && person.sessionKeyIsGood();
  }

  const send = (api: "request" | "uploadFile", asked: RequestOptions | UploadOptions) => {
    const { auth } = asked;
    return calledBack(requesting.send(api, Object.assign({}, asked, { auth: undefined, complete: undefined }), auth), asked);
  };

  latest = {
    ready,
    get user() {
      return signing.user;
    },
    login: (asked) =>
      calledBack(
        ready.then(() => (asked && asked.fresh ? signing.fresh() : signing.session())).then((session) => session.user),
        asked,
      ),
    request: (asked) => send("request", asked),
    upload: (asked) => send("uploadFile", asked),
    authorization: () => ready.then(() => requesting.before("required")).then((session) => `Bearer ${session!.access}`),
    logout: (asked) => calledBack(logout(asked && asked.everywhere), asked),
    checkSession: (asked) => calledBack(checkSession(), asked),
    phone: (event, asked) => calledBack(person.phone(event), asked),
    me: (asked) => calledBack(person.me(), asked),
    fillProfile: (fields, asked) => calledBack(person.fill(fields), asked),
    legacyProfile: (result, asked) => calledBack(person.legacy(result), asked),
    requirePrivacy: (asked) =>
      calledBack(
        // Before base library 2.32.3 WeChat asks nobody.
        client.requirePrivacyAuthorize
          ? call("requirePrivacyAuthorize", {}, READING).then(() => undefined)
          : Promise.resolve(),
        asked,
      ),
    onChange: (listener) => signing.onChange(listener),
  };
  return latest;
}

function bare(url: string): string {
  return url.replace(/\/+$/, "");
}
