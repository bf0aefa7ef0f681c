// What a person gives: a nickname and an avatar, a phone number, a profile of the old kind.

import { Complain, codeOf } from "./error";
import { Auth, Requesting } from "./requesting";
import { SigningIn } from "./signing-in";

/** The person as `/v1/me` shows them. */
export interface Profile {
  id: string;
  nickname?: string | null;
  avatar_url?: string | null;
  phone?: any;
  profile_complete: boolean;
  [field: string]: any;
}

export interface PhoneNumber {
  phone_number: string;
  pure_phone_number: string;
  country_code: string;
}

/** `e.detail` of a phone button. */
export interface PhoneDetail {
  errMsg?: string;
  errno?: number;
  code?: string;
  encryptedData?: string;
  iv?: string;
}

/** What wx.getUserProfile and wx.getUserInfo give. */
export interface UserInfoResult {
  rawData: string;
  signature: string;
  encryptedData: string;
  iv: string;
}

export interface ProfileFields {
  nickname?: string;
  /** The temporary path that a chooseAvatar button gives. */
  avatar?: string;
}

export class Person {
  constructor(
    private readonly _requesting: Requesting,
    private readonly _signing: SigningIn,
    private readonly _complain: Complain,
    private readonly _baseURL: string,
    private readonly _appPath: string,
  ) {}

  me(): Promise<Profile> {
    return this._ask("GET", "/v1/me", undefined, "required").then((profile) => this._seen(profile));
  }

  /** The avatar first: it is the one that can be refused, and then nothing is half filled in. */
  async fill({ nickname, avatar }: ProfileFields): Promise<Profile> {
    if (avatar) {
      const options = { url: `${this._baseURL}/v1/me/avatar`, filePath: avatar, name: "file" };
      await this._requesting.send("uploadFile", options, "required");
    }
    return nickname === undefined
      ? this.me()
      : this._seen(await this._ask("POST", "/v1/me", { nickname }, "required"));
  }

  /** A button's code needs no session_key; the older pair does, of a login that came before the tap. */
  async phone(event: PhoneDetail | { detail: PhoneDetail }): Promise<PhoneNumber> {
    const detail = ("detail" in event ? event.detail : event) as PhoneDetail;
    const { code, encryptedData, iv } = detail;
    if (code) return this._ask("POST", `${this._appPath}/phone`, { code }, "required");
    if (encryptedData) return this._ask("POST", `${this._appPath}/phone`, { encryptedData, iv }, "held");
    throw this._complain(codeOf(detail), { errMsg: detail.errMsg, errno: detail.errno });
  }

  async legacy({ rawData, signature, encryptedData, iv }: UserInfoResult): Promise<Profile> {
    const data = { rawData, signature, encryptedData, iv };
    return this._seen(await this._ask("POST", `${this._appPath}/profile`, data, "held"));
  }

  /** Whether the server's session_key still opens what WeChat's client seals now. */
  async sessionKeyIsGood(): Promise<boolean> {
    const { valid } = await this._ask("GET", `${this._appPath}/session-key`, undefined, "held");
    return valid;
  }

  private _ask(method: string, path: string, data: object | undefined, auth: Auth): Promise<any> {
    const options = { url: this._baseURL + path, method, data };
    return this._requesting.send("request", options, auth).then((answer) => answer.data);
  }

  private _seen(profile: Profile): Profile {
    this._signing.setUser({ profile_complete: profile.profile_complete });
    return profile;
  }
}
