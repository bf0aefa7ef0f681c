"""The WeChat apps we hold keys for: the directory of apps, the vault of data keys, calls on their behalf."""

from lingpai.keeper.calls import WeChatCalls
from lingpai.keeper.directory import Directory, HeldApp
from lingpai.keeper.vault import MASTER_KEY_BYTES, MasterKeyWrongError, open_vault

__all__ = [
    "MASTER_KEY_BYTES",
    "Directory",
    "HeldApp",
    "MasterKeyWrongError",
    "WeChatCalls",
    "open_vault",
]
