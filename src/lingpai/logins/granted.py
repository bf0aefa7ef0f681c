"""The code of a browser's authorization → who that is, and the tokens the consent gave."""

from lingpai.errors import Problem
from lingpai.errors.catalogue_browser import SNAPSHOT_USER
from lingpai.keeper import HeldApp, WeChatCalls
from lingpai.model import Grant, ProvenIdentity
from lingpai.secret import Secret
from lingpai.wechat.endpoints.sns import SNS_OAUTH2_ACCESS_TOKEN, OAuth2AccessTokenRequest


async def granted(calls: WeChatCalls, app: HeldApp, code: str) -> ProvenIdentity:
    """Exchange the code, once. Raises Problem as `Flow.prove` does, and snapshot_user.

    On a snapshot page openid and unionid are invented for the page; nothing of them may be kept.
    """
    appid = app.app.appid
    request = OAuth2AccessTokenRequest(appid=appid, secret=app.secret.reveal(), code=code)
    answer = await calls.call(SNS_OAUTH2_ACCESS_TOKEN, request, appid)
    if answer.is_snapshotuser:
        raise Problem(SNAPSHOT_USER)
    return ProvenIdentity(
        openid=answer.openid,
        unionid=answer.unionid,
        session_key=None,
        grant=Grant(
            access_token=Secret(answer.access_token),
            refresh_token=Secret(answer.refresh_token),
            expires_in=answer.expires_in,
            scope=answer.scope,
        ),
    )
