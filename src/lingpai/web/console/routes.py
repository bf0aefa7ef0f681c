"""Every page of the console: the list that the server serves, and that the test of roles goes through."""

from lingpai.web.console.account import AccountPages
from lingpai.web.console.again import AgainPages
from lingpai.web.console.app import AppPages
from lingpai.web.console.apps import Apps
from lingpai.web.console.audit import AuditPages
from lingpai.web.console.entrance_path import EntranceRoute
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute
from lingpai.web.console.joining import JoiningPages
from lingpai.web.console.logins import Logins
from lingpai.web.console.operators import OperatorPages
from lingpai.web.console.people import People
from lingpai.web.console.person import PersonPages
from lingpai.web.console.service_keys import ServiceKeyPages
from lingpai.web.console.set_up import SetUpPages
from lingpai.web.console.settings import SettingsPage
from lingpai.web.console.sign_in import SignInPages
from lingpai.web.console.signing_keys import SigningKeyPages
from lingpai.web.console.today import Today
from lingpai.web.console.webhooks import Webhooks
from lingpai.web.rooms import Rooms


def console_routes(frame: Frame, rooms: Rooms) -> list[ConsoleRoute]:
    """The pages. A class that has several of them lists them itself."""
    pages = (
        Today,
        Logins,
        People,
        PersonPages,
        JoiningPages,
        Apps,
        AppPages,
        ServiceKeyPages,
        SigningKeyPages,
        OperatorPages,
        Webhooks,
        AuditPages,
        SettingsPage,
    )
    # Who needs no sign-in has no account either.
    of_an_account = () if rooms.open_console else (AccountPages, AgainPages)
    return [route for page in (*pages, *of_an_account) for route in page(frame, rooms).routes()]


def entrance_routes(frame: Frame, rooms: Rooms) -> list[EntranceRoute]:
    """The pages in front of the guard, by which operators come in."""
    return [*SignInPages(frame, rooms).routes(), *SetUpPages(frame, rooms).routes()]
