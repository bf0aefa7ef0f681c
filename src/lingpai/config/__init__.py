"""Every setting, its default and its words; the only reader of the environment."""

from lingpai.config.in_force import SettingInForce, in_force
from lingpai.config.load import (
    CONFIG_FILE,
    ConfigInvalidError,
    at_port,
    config_of,
    environment,
    load_config,
    master_key_bytes,
)
from lingpai.config.model import Config
from lingpai.config.settings import SETTINGS, Setting
from lingpai.config.template import config_template, new_master_key

__all__ = [
    "CONFIG_FILE",
    "SETTINGS",
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
    "new_master_key",
]
