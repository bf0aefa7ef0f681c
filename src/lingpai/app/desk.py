"""What operators work with, for the console."""

import msgspec

from lingpai.admin.audit import AuditLog
from lingpai.admin.audit_checking import AuditChecking
from lingpai.admin.budgets import BudgetsAdmin
from lingpai.admin.clients import ClientsAdmin
from lingpai.admin.consents import ConsentsAdmin
from lingpai.admin.figures import Figures
from lingpai.admin.held_tokens import HeldTokensAdmin
from lingpai.admin.keys import SigningKeysAdmin
from lingpai.admin.merging import Merging
from lingpai.admin.phone_numbers import PhoneNumbersAdmin
from lingpai.admin.requests import RequestsAdmin
from lingpai.admin.sessions import SessionsAdmin
from lingpai.app.ground import Ground
from lingpai.app.people import People
from lingpai.config import in_force
from lingpai.sessions import Ending
from lingpai.web.rooms import Desk, ShownSetting


def make_desk(ground: Ground, people: People, ending: Ending) -> Desk:
    """Everything on one table."""
    store, clock = ground.store, ground.clock
    audit = AuditLog(store, clock)
    return Desk(
        held_tokens=HeldTokensAdmin(store),
        clients=ClientsAdmin(store, clock),
        signing_keys=SigningKeysAdmin(store, ground.sealer, clock),
        requests=RequestsAdmin(store, people.exports, people.erasing, clock),
        sessions=SessionsAdmin(store, ending, clock),
        merging=Merging(store),
        phone_numbers=PhoneNumbersAdmin(store, people.phones, clock),
        budgets=BudgetsAdmin(store, people.phones.budgets),
        consents=ConsentsAdmin(store),
        figures=Figures(store, clock),
        audit=audit,
        audit_checking=AuditChecking(store, audit, clock),
        settings=tuple(
            ShownSetting(**msgspec.structs.asdict(setting)) for setting in in_force(ground.config)
        ),
    )
