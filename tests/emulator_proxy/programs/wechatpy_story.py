"""A backend that uses wechatpy as its documentation says, and knows of no emulator.

Arguments: AppID, secret and code of a mini program, then AppID, secret and code of an official account, and an openid.
"""

import json
import sys

from wechatpy import WeChatClient  # type: ignore[import-untyped]
from wechatpy.exceptions import WeChatClientException, WeChatOAuthException  # type: ignore[import-untyped]
from wechatpy.oauth import WeChatOAuth  # type: ignore[import-untyped]

mp_appid, mp_secret, js_code, oa_appid, oa_secret, code, follower = sys.argv[1:]
told = {}

mini = WeChatClient(mp_appid, mp_secret)
told["token"] = mini.fetch_access_token()
told["session"] = mini.wxa.code_to_session(js_code)
try:
    mini.wxa.code_to_session(js_code)
except WeChatClientException as refused:
    told["again"] = [refused.errcode, refused.errmsg]

account = WeChatClient(oa_appid, oa_secret)
told["follower"] = account.user.get(follower)
told["ticket"] = account.jsapi.get_ticket()
told["callback_ip"] = account.misc.get_wechat_ips()

oauth = WeChatOAuth(oa_appid, oa_secret, "http://127.0.0.1/callback", scope="snsapi_userinfo", state="s1")
told["link"] = oauth.authorize_url
told["oauth"] = oauth.fetch_access_token(code)
told["person"] = oauth.get_user_info()
told["valid"] = oauth.check_access_token()
told["renewed"] = oauth.refresh_access_token(oauth.refresh_token)
try:
    oauth.fetch_access_token(code)
except WeChatOAuthException as refused:
    told["oauth_again"] = refused.errcode

json.dump(told, sys.stdout)
