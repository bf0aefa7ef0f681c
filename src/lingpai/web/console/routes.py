"""Every page of the console: the list that the server serves, and that the test of roles goes through."""

from lingpai.web.console.app import AppPages
from lingpai.web.console.apps import Apps
from lingpai.web.console.audit import AuditPages
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute
from lingpai.web.console.joining import JoiningPages
from lingpai.web.console.logins import Logins
from lingpai.web.console.people import People
from lingpai.web.console.person import PersonPages
from lingpai.web.console.service_keys import ServiceKeyPages
from lingpai.web.console.settings import SettingsPage
from lingpai.web.console.signing_keys import SigningKeyPages
from lingpai.web.console.today import Today
from lingpai.web.console.webhooks import Webhooks
from lingpai.web.rooms import Rooms


def console_routes(frame: Frame, rooms: Rooms) -> list[ConsoleRoute]:
    """The pages. A class that has several of them lists them itself."""
    rooms_of_the_console = (
        Today,
        Logins,
        People,
        PersonPages,
        JoiningPages,
        Apps,
        AppPages,
        ServiceKeyPages,
        SigningKeyPages,
        Webhooks,
        AuditPages,
        SettingsPage,
    )
    return [route for page in rooms_of_the_console for route in page(frame, rooms).routes()]
