"""From when a change counts that an app's owner made in WeChat's console."""

import msgspec

from lingpai_emulator.apps import App


class Settling:
    """Remembers each value a field had, and from when."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], list[tuple[float, object]]] = {}

    def note(self, before: App | None, after: App, now: float) -> None:
        """Write down what changed. A new app is what it is from the start."""
        if before is None:
            return
        for name in App.__struct_fields__:
            former, value = getattr(before, name), getattr(after, name)
            if former != value:
                values = self._values.setdefault((after.appid, name), [(float("-inf"), former)])
                values.append((now, value))

    def effective(self, app: App, name: str, now: float, delay: float) -> App:
        """The app as WeChat acts on it: with the value the field had `delay` seconds ago."""
        values = self._values.get((app.appid, name))
        if values is None:
            return app
        value = next(value for since, value in reversed(values) if now - since >= delay)
        return msgspec.structs.replace(app, **{name: value})
