// createAuth: everything above, put together, as a mini program calls it.

import { Callbacks, calledBack, callsOf } from "./call";
import { complainIn } from "./error";
import { personOf, PhoneDetail, PhoneNumber, Profile, ProfileFields, UserInfoResult } from "./person";
import { Auth as AuthMode, requestingOf } from "./requesting";
import { bearer, serverOf } from "./server";
import { keepingOf, User } from "./session";
import { signingOf } from "./signing";
import { WxAnswer, WxLike, WxRequest, WxUpload } from "./wx";
import { merged } from "./merged";

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
  /** Resolves when the storage has been read: who is signed in by now, or null. Never rejects. */
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
  const keeping = keepingOf(call, `lingpai ${options.app} ${envVersion} ${baseURL}`, options.encrypt);
  const server = serverOf(call, complain, keeping, baseURL);
  const appPath = `/v1/${encodeURIComponent(options.app)}`;
  const signing = signingOf(client, call, server, keeping, complain, `${appPath}/login`);
  const restored = keeping.restore();
  /** The storage, and the login that somebody has asked for: a page that loads meanwhile is no guest. */
  let settled: Promise<unknown> = restored;
  const requesting = requestingOf(call, complain, keeping, signing, () => settled, origins);
  const person = personOf(requesting, signing, complain, baseURL, appPath);

  function login({ fresh }: LoginOptions): Promise<User> {
    const session = restored.then(() => (fresh ? signing.fresh() : signing.session()));
    settled = session.catch(() => undefined);
    return session.then(({ user }) => user);
  }

  async function logout({ everywhere }: LogoutOptions): Promise<void> {
    await restored;
    // Who wants to leave everywhere must not be told so before it is true.
    if (everywhere && signing.user()) await person.endAll();
    await signing.leave().catch(() => undefined);
  }

  async function checkSession(): Promise<boolean> {
    await restored;
    return call("checkSession").then(person.keyIsGood, () => false);
  }

  // Before base library 2.32.3 WeChat asks nobody.
  const requirePrivacy = () =>
    client.requirePrivacyAuthorize ? call<void>("requirePrivacyAuthorize", {}, READING) : Promise.resolve();

  /** A method of one argument, with callbacks after it. */
  const also = <Given, Result>(method: (given: Given) => Promise<Result>) =>
    (given: Given, asked?: Callbacks<Result>) => calledBack(method(given), asked);
  /** A method whose one argument has the callbacks in it. */
  const within = <Given extends Callbacks<any>, Result>(method: (given: Given) => Promise<Result>) =>
    (asked: Given = {} as Given) => calledBack(method(asked), asked);
  const send = (api: "request" | "uploadFile") =>
    within((asked: RequestOptions | UploadOptions) =>
      requesting.send(api, merged(asked, { complete: undefined }), asked.auth),
    );

  return (latest = {
    get ready() {
      return restored.then(signing.user);
    },
    get user() {
      return signing.user();
    },
    login: within(login),
    request: send("request"),
    upload: send("uploadFile"),
    authorization: () => requesting.before("required").then((session) => bearer(session!).Authorization),
    logout: within(logout),
    checkSession: within(checkSession),
    phone: also(person.phone),
    me: within(person.me),
    fillProfile: also(person.fill),
    legacyProfile: also(person.legacy),
    requirePrivacy: within(requirePrivacy),
    onChange: signing.onChange,
  });
}

function bare(url: string): string {
  return url.replace(/\/+$/, "");
}
