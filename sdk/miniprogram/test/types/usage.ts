// What has to compile, and what must not: the shipped types beside WeChat's own.

import { Auth, createAuth, currentAuth, LingpaiError, Profile, User, WxLike } from "@lingpai/miniprogram";

/** The real `wx` fits. */
const client: WxLike = wx;

const auth: Auth = createAuth({ baseURL: "https://login.example.com", app: "shop", wx: client });
createAuth({ baseURL: "https://login.example.com", app: "shop", api: "https://api.example.com", trusted: [], timeout: 5000, encrypt: true });
// @ts-expect-error app is missing
createAuth({ baseURL: "https://login.example.com" });
// @ts-expect-error an AppSecret is nobody's business here
createAuth({ baseURL: "https://login.example.com", app: "shop", secret: "x" });

export async function promises(): Promise<void> {
  const user: User = await auth.login();
  const { id, openid, unionid }: { id: string; openid: string; unionid?: string } = user;
  await auth.login({ fresh: true });
  const { data, statusCode, header } = await auth.request({ url: "/teas", method: "PUT", data: { id, openid, unionid }, auth: "required" });
  statusCode.toFixed();
  data.anything;
  header?.["Date"];
  await auth.upload({ url: "/pictures", filePath: "wxfile://tmp_1", name: "file", formData: { a: 1 } });
  const profile: Profile = await auth.fillProfile({ nickname: "小满", avatar: "wxfile://tmp_2" });
  profile.profile_complete;
  const { phone_number } = await auth.phone({ code: "x" });
  phone_number.length;
  const good: boolean = await auth.checkSession();
  good;
  const bearer: string = await auth.authorization();
  bearer;
  await auth.logout({ everywhere: true });
  const nobody: User | null = await auth.ready;
  nobody;
  currentAuth().me();
}

export function callbacks(): void {
  auth.login({ success: (user) => user.id, fail: (error) => error, complete: () => undefined });
  auth.request({ url: "/teas", success: ({ statusCode }) => statusCode });
  auth.phone({ code: "x" }, { success: ({ pure_phone_number }) => pure_phone_number });
  const stop: () => void = auth.onChange((user) => user && user.id);
  stop();
}

/** Events and results as WeChat's own types have them. */
export function events(
  tap: WechatMiniprogram.ButtonGetPhoneNumber,
  told: WechatMiniprogram.GetUserProfileSuccessCallbackResult,
): void {
  auth.phone(tap);
  auth.legacyProfile(told);
}

export function errors(error: unknown): string {
  if (!(error instanceof LingpaiError)) return "";
  const { code, hint, message, status, requestId, retryAfter, wechat, errno, errMsg } = error;
  return [code, hint, message, status, requestId, retryAfter, wechat && wechat.errcode, errno, errMsg].join();
}

// @ts-expect-error wx.request knows no PATCH
auth.request({ url: "/teas", method: "PATCH" });
// @ts-expect-error there is no such way to send a token
auth.request({ url: "/teas", auth: "sometimes" });
// @ts-expect-error an openid is no proof
auth.login({ openid: "o" });
// @ts-expect-error who is signed in is not for others to say
auth.user = null;
