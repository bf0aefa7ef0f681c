"""Every page of the console: the list that the server serves, and that the test of roles goes through."""

from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute
from lingpai.web.console.today import Today
from lingpai.web.rooms import Rooms


def console_routes(frame: Frame, rooms: Rooms) -> list[ConsoleRoute]:
    """The pages. A class that has several of them lists them itself."""
    return [*Today(frame, rooms).routes()]
