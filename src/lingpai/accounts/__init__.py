"""Who people are to us: what they told, what WeChat vouched for, and that it goes when they want it to."""

from lingpai.accounts.avatars import AVATARS, Avatars
from lingpai.accounts.erasing import Erasing, Receipt
from lingpai.accounts.export import Exports, PersonExport
from lingpai.accounts.ledger import Ledger
from lingpai.accounts.naming import Naming
from lingpai.accounts.phone_budgets import PhoneBudgets, PhoneLimits
from lingpai.accounts.phones import Phones
from lingpai.accounts.picture import LARGEST
from lingpai.accounts.portraits import Portrait, Portraits, gone
from lingpai.accounts.profiles import Profiles, from_user_info
from lingpai.accounts.studio import Studio

__all__ = [
    "AVATARS",
    "LARGEST",
    "Avatars",
    "Erasing",
    "Exports",
    "Ledger",
    "Naming",
    "PersonExport",
    "PhoneBudgets",
    "PhoneLimits",
    "Phones",
    "Portrait",
    "Portraits",
    "Profiles",
    "Receipt",
    "Studio",
    "from_user_info",
    "gone",
]
