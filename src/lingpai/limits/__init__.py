"""How often something may be done: by an address, a person, an app, a backend; and how often one may guess.

What a stranger asks counts by address, what a person asks by openid, what a backend asks by key. These limits are
arithmetic in this process; nodes exchange what they used behind everybody's back (`sharing`), and go on alone when they
cannot: they fail open. Guesses are counted in the database before they are looked at, and fail closed.
"""

from lingpai.limits.bucket import Limit, Policy
from lingpai.limits.gate import Gate, LimitSettings
from lingpai.limits.guesses import GUESSES, Guess, Guesses, GuessKind
from lingpai.limits.refusals import Refusals
from lingpai.limits.sharing import Sharing

__all__ = [
    "GUESSES",
    "Gate",
    "Guess",
    "GuessKind",
    "Guesses",
    "Limit",
    "LimitSettings",
    "Policy",
    "Refusals",
    "Sharing",
]
