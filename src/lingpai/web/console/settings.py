"""The settings as they are in force on this node: value, source, meaning. Secrets are shown as set."""

from typing import Final

from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute, Visitor
from lingpai.web.rooms import Rooms


class SettingsPage:
    """`/console/settings`."""

    def __init__(self, frame: Frame, rooms: Rooms) -> None:
        self._frame: Final = frame
        self._settings: Final = rooms.desk.settings

    def routes(self) -> list[ConsoleRoute]:
        return [ConsoleRoute("GET", "/console/settings", "look", self.show)]

    async def show(self, call: Call, visitor: Visitor) -> Answer:
        """`GET /console/settings`."""
        return self._frame.page(call, visitor, "settings.html", here="settings", settings=self._settings)
