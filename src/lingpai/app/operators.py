"""Operators: what they and their programs sign in by."""

from lingpai.admin.operators import (
    Account,
    ConsoleSessions,
    Entering,
    OperatorKeys,
    OperatorsAdmin,
    Passkeys,
    Passwords,
    RelyingParty,
    SettingUp,
    Steps,
)
from lingpai.app.ground import Ground
from lingpai.web.rooms import OperatorRooms


def operator_rooms(ground: Ground) -> OperatorRooms:
    """Everything about operators, over one database."""
    store, sealer, clock, url = ground.store, ground.sealer, ground.clock, ground.config.public_url
    passwords = Passwords()
    passkeys = Passkeys(store, Steps(store, clock), RelyingParty.of(url), clock)
    sessions = ConsoleSessions(store, clock)
    return OperatorRooms(
        registry=OperatorsAdmin(store, clock, public_url=url),
        entering=Entering(store, sealer, clock, passwords=passwords, passkeys=passkeys, sessions=sessions),
        setting_up=SettingUp(store, sealer, clock, passwords=passwords, passkeys=passkeys),
        account=Account(store, sealer, clock, passwords=passwords, passkeys=passkeys, sessions=sessions),
        sessions=sessions,
        keys=OperatorKeys(store, clock),
    )
