// What of `wx` the SDK uses, and nothing more: the real one fits, and so does a double of thirty lines.

/** What `fail` is given. `errno` is there since base library 2.24.0. */
export interface WxFailure {
  errMsg: string;
  errno?: number;
}

export interface WxCallbacks<Result> {
  success?: (result: Result) => void;
  fail?: (failure: WxFailure) => void;
  complete?: (outcome: any) => void;
}

/** An answer of `wx.request`, whatever its status; `wx.uploadFile` gives `data` as text and often no `header`. */
export interface WxAnswer {
  data: any;
  statusCode: number;
  header?: Record<string, any>;
  cookies?: string[];
  errMsg?: string;
}

export interface WxTask {
  abort?: () => void;
}

export interface WxRequest extends WxCallbacks<WxAnswer> {
  url: string;
  method?: "OPTIONS" | "GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "TRACE" | "CONNECT";
  data?: any;
  header?: Record<string, any>;
  timeout?: number;
  dataType?: any;
  responseType?: any;
}

export interface WxUpload extends WxCallbacks<WxAnswer> {
  url: string;
  filePath: string;
  name: string;
  formData?: Record<string, any>;
  header?: Record<string, any>;
  timeout?: number;
}

/** The part of `wx` that is used. What is marked optional came with a later base library. */
export interface WxLike {
  login(options: WxCallbacks<{ code: string }> & { timeout?: number }): unknown;
  request(options: WxRequest): unknown;
  uploadFile(options: WxUpload): unknown;
  checkSession(options: WxCallbacks<any>): unknown;
  getStorage(options: WxCallbacks<{ data: any }> & { key: string; encrypt?: boolean }): unknown;
  setStorage(options: WxCallbacks<any> & { key: string; data: any; encrypt?: boolean }): unknown;
  getAccountInfoSync(): { miniProgram: { appId: string; envVersion?: string } };
  getRandomValues?(options: WxCallbacks<{ randomValues: ArrayBuffer }> & { length: number }): unknown;
  requirePrivacyAuthorize?(options: WxCallbacks<any>): unknown;
  getAppBaseInfo?(): { language?: string };
  getSystemInfoSync?(): { language?: string };
}
