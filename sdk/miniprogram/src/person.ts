// What a person gives: a nickname and an avatar, a phone number, a profile of the old kind.

import { codeOf, Complain } from "./error";
import { Auth, Requesting } from "./requesting";
import { Signing } from "./signing";

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

export interface Person {
  me(): Promise<Profile>;
  fill(fields: ProfileFields): Promise<Profile>;
  phone(event: PhoneDetail | { detail: PhoneDetail }): Promise<PhoneNumber>;
  legacy(result: UserInfoResult): Promise<Profile>;
  /** Whether the server's session_key still opens what WeChat's client seals now. */
  keyIsGood(): Promise<boolean>;
  /** End all sessions of this user at the server. */
  endAll(): Promise<void>;
}

export function personOf(
  requesting: Requesting,
  signing: Signing,
  complain: Complain,
  baseURL: string,
  appPath: string,
): Person {
  const ask = (method: string, path: string, auth: Auth, data?: object): Promise<any> =>
    requesting.send("request", { url: baseURL + path, method, data }, auth).then((answer) => answer.data);

  function seen(profile: Profile): Profile {
    signing.setUser({ profile_complete: profile.profile_complete });
    return profile;
  }

  const me = () => ask("GET", "/v1/me", "required").then(seen);

  return {
    me,

    // The avatar first: it is the one that can be refused, and then nothing is half filled in.
    // wx.request knows no PATCH, so the same goes by POST.
    async fill({ nickname, avatar }) {
      if (avatar) {
        const options = { url: `${baseURL}/v1/me/avatar`, filePath: avatar, name: "file" };
        await requesting.send("uploadFile", options, "required");
      }
      return nickname === undefined ? me() : ask("POST", "/v1/me", "required", { nickname }).then(seen);
    },

    // A button's code needs no session_key; the older pair does, of a login that came before the tap.
    async phone(event) {
      const detail = (event as { detail: PhoneDetail }).detail || event;
      const { code, encryptedData, iv } = detail;
      if (code) return ask("POST", `${appPath}/phone`, "required", { code });
      if (encryptedData) return ask("POST", `${appPath}/phone`, "held", { encryptedData, iv });
      throw complain(codeOf(detail), { errMsg: detail.errMsg, errno: detail.errno });
    },

    legacy: ({ rawData, signature, encryptedData, iv }) =>
      ask("POST", `${appPath}/profile`, "held", { rawData, signature, encryptedData, iv }).then(seen),

    keyIsGood: () =>
      ask("GET", `${appPath}/session-key`, "held").then(
        ({ valid }) => valid,
        (error) => {
          if (error.code !== "login_first") throw error;
          return false;
        },
      ),

    endAll: () => ask("DELETE", "/v1/session?everywhere=true", "held"),
  };
}
