"""What every storage backend must do: a test class to inherit.

    class TestMine(StorageContract):
        @pytest.fixture
        async def store(self, tmp_path):
            store = await open_store(f"mine:///{tmp_path}/x", clock=SystemClock())
            yield store
            await store.aclose()

Needs pytest and pytest-asyncio. Each test wants a store of its own, empty.
"""
# ruff: noqa: E402 - asserts are only explained in modules that pytest was told of before their import

import pytest

pytest.register_assert_rewrite(
    *(
        f"lingpai.testing.storage_contract_{part}"
        for part in (
            "audit",
            "operators",
            "browser_logins",
            "keys",
            "limits",
            "logins",
            "merges",
            "erasures",
            "flights",
            "keys",
            "logins",
            "people",
            "profiles",
            "push",
            "races",
            "rotation",
            "sessions",
            "sweep",
            "tokens",
            "webhooks",
            "vault",
            "sealed",
        )
    )
)

from lingpai.storage import Store
from lingpai.testing.storage_contract_audit import AuditContract
from lingpai.testing.storage_contract_browser_logins import BrowserLoginContract
from lingpai.testing.storage_contract_erasures import AvatarContract, ErasureContract
from lingpai.testing.storage_contract_flights import FlightContract
from lingpai.testing.storage_contract_keys import AppContract, KeyContract
from lingpai.testing.storage_contract_limits import LimitContract
from lingpai.testing.storage_contract_logins import LoginContract
from lingpai.testing.storage_contract_merges import MergeContract, SplitContract
from lingpai.testing.storage_contract_moving import ImportContract, RestoreContract
from lingpai.testing.storage_contract_operators import OperatorContract, OperatorSessionContract
from lingpai.testing.storage_contract_people import PeopleContract
from lingpai.testing.storage_contract_profiles import (
    BudgetContract,
    PhoneContract,
    ProfileContract,
    RingContract,
)
from lingpai.testing.storage_contract_push import PushContract
from lingpai.testing.storage_contract_races import LifeContract, RaceContract
from lingpai.testing.storage_contract_rotation import RotationContract
from lingpai.testing.storage_contract_sealed import AppSecretContract, SealedContract
from lingpai.testing.storage_contract_sessions import SessionContract
from lingpai.testing.storage_contract_sweep import SweepContract
from lingpai.testing.storage_contract_tokens import AccessTokenContract, KeyUseContract
from lingpai.testing.storage_contract_vault import VaultContract
from lingpai.testing.storage_contract_webhooks import WebhookContract


class StorageContract(
    LoginContract,
    RotationContract,
    SessionContract,
    PeopleContract,
    ProfileContract,
    PhoneContract,
    BudgetContract,
    RingContract,
    BrowserLoginContract,
    MergeContract,
    SplitContract,
    AvatarContract,
    ErasureContract,
    FlightContract,
    AppContract,
    KeyContract,
    AuditContract,
    OperatorContract,
    OperatorSessionContract,
    SweepContract,
    AccessTokenContract,
    KeyUseContract,
    PushContract,
    WebhookContract,
    RestoreContract,
    ImportContract,
    VaultContract,
    SealedContract,
    AppSecretContract,
    LimitContract,
    RaceContract,
    LifeContract,
):
    """Inherit, bring a fixture `store`, and run."""

    pytestmark = pytest.mark.asyncio

    @pytest.fixture
    def store(self) -> Store:
        """An empty store, closed afterwards. A subclass brings it."""
        raise NotImplementedError("bring a fixture named `store`")
