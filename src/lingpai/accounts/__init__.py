"""Who people are to us: what they told, what WeChat vouched for, and that it goes when they want it to."""

from lingpai.accounts.profiles import Profiles

__all__ = ["Profiles"]
