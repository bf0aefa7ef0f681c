// The public face of @lingpai/miniprogram.

export { createAuth, currentAuth } from "./auth";
export type { Auth, AuthOptions, LoginOptions, LogoutOptions, RequestOptions, UploadOptions } from "./auth";
export { LingpaiError } from "./error";
export type { Facts } from "./error";
export type { PhoneDetail, PhoneNumber, Profile, ProfileFields, UserInfoResult } from "./person";
export type { Auth as AuthMode } from "./requesting";
export type { User } from "./session";
export type { ClientCode } from "./words";
export type { WxAnswer, WxFailure, WxLike } from "./wx";
