"""A lost call for a legacy token may arrive late: when the token that came after it is renewed."""

from typing import Any

import pytest

from lingpai.model import Brought, Claim, Setback, TokenTrouble
from lingpai.storage import leasing

NAME: dict[str, Any] = {"appid": "wx00000000000000a1", "kind": "legacy"}
LIFE, HALF, LATE, LEASE = 7_200_000, 3_600_000, 180_000, 20_000


def claimed(row, now, owner="one"):
    generation = row.generation if row else 0
    claim = Claim(
        **NAME, generation=generation, owner=owner, lease=LEASE, secret_version=1, urgent=True, breaking=True
    )
    return leasing.claimed(row, claim, now)


def kept(row, now):
    return leasing.kept(
        row,
        Brought(**NAME, fence=row.fence, sealed=b"token", asked_ago=0, expires_in=LIFE, renew_in=HALF),
        now,
    )


def failed(row, now, *, unsent):
    trouble = TokenTrouble("unreachable" if unsent else "answer_lost")
    setback = Setback(**NAME, fence=row.fence, state="retrying", trouble=trouble, retry_in=0, unsent=unsent)
    return leasing.set_back(row, setback, now)


def test_a_token_that_nothing_can_overtake_is_renewed_at_half_its_life():
    assert kept(claimed(None, 1_000), 1_100).next_attempt_at == 1_000 + HALF


@pytest.mark.parametrize("unsent", [False, True])
def test_a_token_after_a_lost_call_is_renewed_soon_and_after_one_that_was_never_sent_is_not(unsent):
    lost = failed(claimed(None, 1_000), 5_000, unsent=unsent)
    token = kept(claimed(lost, 6_000), 6_100)
    assert token.next_attempt_at == 6_000 + (HALF if unsent else LATE)


def test_a_token_after_a_claim_that_ran_out_is_renewed_soon():
    killed = claimed(None, 1_000)
    token = kept(claimed(killed, 1_000 + LEASE, "another"), 22_000)
    assert token.next_attempt_at == 1_000 + LEASE + LATE


def test_the_repair_is_made_once():
    lost = failed(claimed(None, 1_000), 5_000, unsent=False)
    token = kept(claimed(lost, 6_000), 6_100)
    repaired = kept(claimed(token, token.next_attempt_at), token.next_attempt_at + 100)
    assert repaired.next_attempt_at == token.next_attempt_at + HALF


def test_what_was_lost_and_then_not_sent_stays_in_doubt():
    lost = failed(claimed(None, 1_000), 5_000, unsent=False)
    unsent = failed(claimed(lost, 6_000), 6_100, unsent=True)
    token = kept(claimed(unsent, 7_000), 7_100)
    assert token.next_attempt_at == 7_000 + LATE
