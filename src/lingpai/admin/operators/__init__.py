"""Operators: who they are, how they prove it, how long they stay signed in, and keys for their programs.

`registry` is what `lingpai operators` and the console's page do; `set_up` and `entering` lead in, `account` is what
operators do about themselves, `sessions` and `keys` say who asks. `passwords`, `totp`, `recovery`, `passkeys` each know
one proof; `lockout` counts failures. No HTTP here.
"""

from lingpai.admin.operators.account import Account, NewPassword, ShownAccount, ShownPasskey, ShownSession
from lingpai.admin.operators.entering import Entered, Entering
from lingpai.admin.operators.keys import KeyHolder, OperatorKeys, ShownOperatorKey
from lingpai.admin.operators.lockout import Lockout
from lingpai.admin.operators.passkeys import Ceremony, Passkeys, RelyingParty
from lingpai.admin.operators.passwords import Passwords
from lingpai.admin.operators.registry import OperatorInvalidError, OperatorsAdmin, ShownOperator
from lingpai.admin.operators.sessions import Client, ConsoleSessions, SignedInOperator
from lingpai.admin.operators.set_up import Offer, SettingUp
from lingpai.admin.operators.steps import Steps

__all__ = [
    "Account",
    "Ceremony",
    "Client",
    "ConsoleSessions",
    "Entered",
    "Entering",
    "KeyHolder",
    "Lockout",
    "NewPassword",
    "Offer",
    "OperatorInvalidError",
    "OperatorKeys",
    "OperatorsAdmin",
    "Passkeys",
    "Passwords",
    "RelyingParty",
    "SettingUp",
    "ShownAccount",
    "ShownOperator",
    "ShownOperatorKey",
    "ShownPasskey",
    "ShownSession",
    "SignedInOperator",
    "Steps",
]
