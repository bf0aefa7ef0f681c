"""When the next attempt is made after one that failed, as the present token nears its end."""

import pytest

from lingpai.keeper import schedule
from lingpai.model import TokenRow, TokenTrouble

NOW = 1_767_225_600_000
ALMOST = 0.999


def wait(kind, left):
    row = TokenRow(appid="wx00000000000000a1", kind=kind, generation=1, expires_at=NOW + left, failures=60)
    return schedule.after_failure(row, TokenTrouble("unreachable"), NOW, ALMOST).retry_in


@pytest.mark.parametrize("kind", ["stable", "legacy"])
def test_an_attempt_is_never_planned_for_long_after_the_end_of_the_token(kind):
    for left in range(-60_000, 60_000, 100):
        assert 0 < wait(kind, left) <= max(left, 0) + 5_000


@pytest.mark.parametrize("kind", ["stable", "legacy"])
def test_while_a_token_has_long_to_live_wechat_is_left_alone_for_fifteen_seconds(kind):
    assert wait(kind, 60_000) > 14_000
