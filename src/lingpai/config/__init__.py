"""Every setting, its default and its words; the only reader of the environment."""

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
from lingpai.config.setting import Setting
from lingpai.config.settings import SETTINGS
from lingpai.config.template import config_template, new_master_key

__all__ = [
    "CONFIG_FILE",
    "SETTINGS",
    "Config",
    "ConfigInvalidError",
    "Setting",
    "at_port",
    "config_of",
    "config_template",
    "environment",
    "load_config",
    "master_key_bytes",
    "new_master_key",
]
