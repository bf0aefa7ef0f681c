"""How often something may be done: by an address, a person, an app, a backend.

What a stranger asks counts by address, what a person asks by openid, what a backend asks by key. These limits are
arithmetic in this process; nodes exchange what they used behind everybody's back (`sharing`), and go on alone when they
cannot: they fail open. How often one may guess is counted elsewhere (`admin/operators/lockout.py`), and fails closed.
"""

from lingpai.limits.bucket import Limit, Policy
from lingpai.limits.gate import Gate, LimitSettings
from lingpai.limits.refusals import Refusals
from lingpai.limits.sharing import Sharing

__all__ = [
    "Gate",
    "Limit",
    "LimitSettings",
    "Policy",
    "Refusals",
    "Sharing",
]
