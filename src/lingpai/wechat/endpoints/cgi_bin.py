"""What does WeChat give an app to call it with? (``/cgi-bin/*``)"""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from lingpai.wechat._endpoint import Endpoint, Wire

# WeChat asks to reserve 512 characters; what is longer or not visible ASCII would break URLs and columns.
Credential = Annotated[str, Meta(pattern=r"\A[\x21-\x7e]{1,2048}\Z")]
Seconds = Annotated[int, Meta(gt=0)]


class TokenRequest(Wire, frozen=True):
    """Each call makes a new access_token; the former one works for five more minutes."""

    hidden: ClassVar[frozenset[str]] = frozenset({"secret"})

    appid: str
    secret: str
    grant_type: str = "client_credential"


class StableTokenRequest(Wire, frozen=True):
    """``force_refresh`` ends the present token at once: 20 times a day, 30 s apart, or nothing happens."""

    hidden: ClassVar[frozenset[str]] = frozenset({"secret"})

    appid: str
    secret: str
    grant_type: str = "client_credential"
    force_refresh: bool = False


class AccessToken(Wire, frozen=True):
    """``expires_in``: seconds, at most 7200; WeChat may choose less."""

    hidden: ClassVar[frozenset[str]] = frozenset({"access_token"})

    access_token: Credential
    expires_in: Seconds


class TicketRequest(Wire, frozen=True):
    """``type``: ``jsapi`` for the JS-SDK's signature, ``wx_card`` for cards and coupons."""

    hidden: ClassVar[frozenset[str]] = frozenset({"access_token"})

    access_token: str
    type: Literal["jsapi", "wx_card"] = "jsapi"


class Ticket(Wire, frozen=True):
    """``expires_in``: seconds."""

    hidden: ClassVar[frozenset[str]] = frozenset({"ticket"})

    ticket: Credential
    expires_in: Seconds


class ApiDomainIpRequest(Wire, frozen=True):
    """Asks nothing but whether the token is good, when all else is equal."""

    hidden: ClassVar[frozenset[str]] = frozenset({"access_token"})

    access_token: str


class ApiDomainIp(Wire, frozen=True):
    """``ip_list``: addresses of WeChat's API hosts, some of them as networks."""

    ip_list: list[str]


# https://developers.weixin.qq.com/doc/service/api/base/api_getaccesstoken
# Refusals to expect: 40125, 40013, 40243 (credentials), 40164, 61004, 8950x (address), 45009, 45011
# (quota), 50002, 50004, 50007 (account), -1. The answer to a success has no errcode.
CGI_BIN_TOKEN = Endpoint(
    method="GET",
    path="/cgi-bin/token",
    request=TokenRequest,
    answer=AccessToken,
)

# https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
# Without force_refresh it may be called again and again: it gives the same token until its last five minutes.
CGI_BIN_STABLE_TOKEN = Endpoint(
    method="POST",
    path="/cgi-bin/stable_token",
    request=StableTokenRequest,
    answer=AccessToken,
)

# https://developers.weixin.qq.com/doc/service/guide/h5/jssdk
CGI_BIN_TICKET_GETTICKET = Endpoint(
    method="GET",
    path="/cgi-bin/ticket/getticket",
    request=TicketRequest,
    answer=Ticket,
)

# https://developers.weixin.qq.com/doc/service/api/base/api_getapidomainip
CGI_BIN_GET_API_DOMAIN_IP = Endpoint(
    method="GET",
    path="/cgi-bin/get_api_domain_ip",
    request=ApiDomainIpRequest,
    answer=ApiDomainIp,
)
