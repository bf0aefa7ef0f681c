"""Who people are to us: what they told, what WeChat vouched for, and that it goes when they want it to."""

from lingpai.accounts.phone_budgets import PhoneBudgets, PhoneLimits
from lingpai.accounts.phones import Phones
from lingpai.accounts.profiles import Profiles, from_user_info

__all__ = ["PhoneBudgets", "PhoneLimits", "Phones", "Profiles", "from_user_info"]
