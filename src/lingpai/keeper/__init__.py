"""The WeChat apps we hold keys for: their directory, the vault of data keys, calls on their behalf,
and their access_tokens.

How a token is kept: `held` is what one process knows of it, `keeping` serves it and renews it in time, `renewal`
is one attempt, `checking` tries one that was reported, `schedule` says when. What all nodes agree on is the row
in the database and its rules (`storage/leasing.py`).
"""

from lingpai.keeper.access_tokens import AccessTokens, Report, ReportOutcome
from lingpai.keeper.calls import WeChatCalls
from lingpai.keeper.directory import Directory, HeldApp
from lingpai.keeper.forwarding import Forwarding
from lingpai.keeper.held import HeldToken
from lingpai.keeper.keeper import Keeper
from lingpai.keeper.node import Node
from lingpai.keeper.secret_probe import SecretProbe
from lingpai.keeper.secret_watch import SecretWatch
from lingpai.keeper.service_keys import ACTIONS, Action, ServiceKeys, insist, may
from lingpai.keeper.tickets import TicketKind, Tickets
from lingpai.keeper.token_calls import TokenCalls
from lingpai.keeper.vault import (
    MASTER_KEY_BYTES,
    MasterKeyWrongError,
    Vault,
    master_id,
    open_vault,
)

__all__ = [
    "ACTIONS",
    "MASTER_KEY_BYTES",
    "AccessTokens",
    "Action",
    "Directory",
    "Forwarding",
    "HeldApp",
    "HeldToken",
    "Keeper",
    "MasterKeyWrongError",
    "Node",
    "Report",
    "ReportOutcome",
    "SecretProbe",
    "SecretWatch",
    "ServiceKeys",
    "TicketKind",
    "Tickets",
    "TokenCalls",
    "Vault",
    "WeChatCalls",
    "insist",
    "master_id",
    "may",
    "open_vault",
]
