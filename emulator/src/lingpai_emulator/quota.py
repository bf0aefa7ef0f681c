"""How often a person may log in to an app within a minute (errcode 45011)."""


class MinuteQuota:
    """Counts per (app, person) and calendar minute of the emulator's clock."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], tuple[int, int]] = {}

    def used_up(self, appid: str, person: str, now: float, limit: int) -> bool:
        """Counts this call; true when it is one too many. Source: page api_code2session."""
        minute = int(now // 60)
        counted_in, count = self._counts.get((appid, person), (minute, 0))
        count = count + 1 if counted_in == minute else 1
        self._counts[appid, person] = (minute, count)
        return count > limit
