"""Every setting, its default and its words; the only reader of the environment."""

from lingpai.config.in_force import SettingInForce, in_force
from lingpai.config.load import (
    CONFIG_FILE,
    SOURCE_PASSWORD,
    ConfigInvalidError,
    at_port,
    config_of,
    environment,
    load_config,
    master_key_bytes,
    master_keys,
)
from lingpai.config.master_key import read_key_file
from lingpai.config.model import Config
from lingpai.config.setting import Setting
from lingpai.config.settings import SETTINGS
from lingpai.config.template import config_template, new_master_key

__all__ = [
    "CONFIG_FILE",
    "SETTINGS",
    "SOURCE_PASSWORD",
    "Config",
    "ConfigInvalidError",
    "Setting",
    "SettingInForce",
    "at_port",
    "config_of",
    "config_template",
    "environment",
    "in_force",
    "load_config",
    "master_key_bytes",
    "master_keys",
    "new_master_key",
    "read_key_file",
]
