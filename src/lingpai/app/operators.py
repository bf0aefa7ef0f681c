"""Operators: what they sign in by, and what they and their programs do."""

from lingpai.admin.audit import AuditLog
from lingpai.admin.clients import ClientsAdmin
from lingpai.admin.keys import SigningKeysAdmin
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
from lingpai.admin.requests import RequestsAdmin
from lingpai.admin.sessions import SessionsAdmin
from lingpai.app.ground import Ground
from lingpai.app.people import People
from lingpai.sessions import Ending
from lingpai.web.rooms import OperatorRooms


def operator_rooms(ground: Ground, people: People, ending: Ending) -> OperatorRooms:
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
        clients=ClientsAdmin(store, clock),
        signing_keys=SigningKeysAdmin(store, sealer, clock),
        user_sessions=SessionsAdmin(store, ending, clock),
        requests=RequestsAdmin(store, people.exports, people.erasing, clock),
        audit=AuditLog(store, clock),
    )
