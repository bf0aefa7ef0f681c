"""From when a change counts that an app's owner made in WeChat's console."""

import msgspec

from lingpai_emulator.apps import App


class Settling:
    """Remembers what a field was before its last change, until the change has sunk in."""

    def __init__(self) -> None:
        self._before: dict[tuple[str, str], tuple[object, float]] = {}

    def note(self, before: App | None, after: App, now: float) -> None:
        """Write down what changed. A new app is what it is from the start."""
        if before is None:
            return
        for name in App.__struct_fields__:
            if getattr(before, name) != getattr(after, name):
                self._before[after.appid, name] = (getattr(before, name), now)

    def effective(self, app: App, name: str, now: float, delay: float) -> App:
        """The app as WeChat acts on it: with the former value while the change is younger than `delay`."""
        former, changed_at = self._before.get((app.appid, name), (None, None))
        if changed_at is None or now - changed_at >= delay:
            return app
        return msgspec.structs.replace(app, **{name: former})
