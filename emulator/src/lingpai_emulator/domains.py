"""Which of WeChat's hosts answers which paths: what a program sees that calls WeChat by its own names."""

from typing import Final

API_HOST: Final = "api.weixin.qq.com"
PAGES_HOST: Final = "open.weixin.qq.com"
PICTURES_HOST: Final = "thirdwx.qlogo.cn"
API_HOSTS: Final = (
    API_HOST,
    "api2.weixin.qq.com",
    "sh.api.weixin.qq.com",
    "sz.api.weixin.qq.com",
    "hk.api.weixin.qq.com",
)
HOSTS: Final = (*API_HOSTS, PAGES_HOST, "mp.weixin.qq.com", PICTURES_HOST)

# What the other hosts have of what is imitated here; on mp.weixin.qq.com that is nothing.
_PAGES: Final = "/connect/"
_PICTURES: Final = "/mmopen/"


def right_host(path: str) -> str:
    """Where WeChat answers a path."""
    if path.startswith(_PAGES):
        return PAGES_HOST
    return PICTURES_HOST if path.startswith(_PICTURES) else API_HOST


def answers(host: str, path: str) -> bool:
    """Whether a host has this path, in lower case and without a port. All API hosts have the same."""
    right = right_host(path)
    return host in API_HOSTS if right == API_HOST else host == right
