"""Whose side a file is on: the client's, the backend's, or not known. Decided by facts, the nearest first."""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import Any, Final

from lingpai.scan.source import Side, kind_of

MARKERS: Final = frozenset(
    ("app.json", "plugin.json", "project.config.json", "manifest.json", "package.json")
)
"""Files that say what the folder they stand in is."""

_CLIENT_PACKAGES: Final = frozenset((
    "vue", "react", "react-dom", "@angular/core", "svelte", "preact", "weixin-js-sdk", "jweixin-module", "vant",
    "@dcloudio/uni-app", "@dcloudio/uni-mp-weixin", "@tarojs/taro", "remax", "@mpxjs/core", "@wepy/core",
    "@vant/weapp", "tdesign-miniprogram", "miniprogram-api-typings", "zepto", "jquery",
))  # fmt: skip
_BACKEND_PACKAGES: Final = frozenset((
    "express", "koa", "egg", "@nestjs/core", "fastify", "@hapi/hapi", "@midwayjs/core", "thinkjs", "restify",
    "wx-server-sdk", "@cloudbase/node-sdk", "tcb-admin-node", "mysql", "mysql2", "pg", "mongoose", "sequelize",
    "typeorm", "@prisma/client", "jsonwebtoken", "wechat-api", "co-wechat-api", "co-wechat-oauth", "wechat-oauth",
))  # fmt: skip
_PACKAGE: Final = (
    r"(?:require\s*\(\s*|from\s+|import\s+)[\"'](?:node:)?(?:{}|express|koa|egg|fastify|mysql2?|jsonwebtoken|"
    r"mongoose|sequelize|wx-server-sdk|@nestjs/common|@midwayjs/core)[\"'/]"
)
_BACKEND_CODE: Final = re.compile(
    _PACKAGE.replace("{}", "fs|http|https|http2|net|child_process|cluster|worker_threads")
    + r"|\bexports\.main\s*=|\bthis\.ctx\.|\bmodule\.exports\s*=\s*app\s*=>|^#!.*\bnode\b|\bnext/server[\"']",
    re.MULTILINE,
)
_CLIENT_CODE: Final = re.compile(
    r"\b(?:wx|uni|Taro|my|swan)\.(?:login|request|getStorage|setStorage|navigateTo|showToast|getUserProfile|"
    r"getUserInfo|checkSession|showModal|reLaunch|switchTab)\w*\s*\(|^[ \t]*(?:Page|App|Component)\s*\(\s*\{"
    r"|\bgetApp\s*\(\s*\)|\b(?:window|document|localStorage|sessionStorage)\.\w|\blocation\.(?:href|replace|search)\b"
    r"|(?:from|require\()\s*[\"'](?:vue|react|react-dom|vue-router|vuex|pinia|@tarojs/taro|weixin-js-sdk)[\"']",
    re.MULTILINE,
)
_SERVER_ROUTE: Final = re.compile(
    r"(?:^|/)(?:pages/api/.+|(?:src/)?app/.*route\.[jt]sx?|server/(?:api|routes)/.+)$"
)
_CLIENT_KINDS: Final = frozenset(("wxml", "wxs", "html", "htm", "vue", "nvue", "uvue"))
_SCRIPTS: Final = frozenset(("js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"))
_BUNDLED: Final = re.compile(
    r"^[ \t]*(?:VITE|VUE_APP|REACT_APP|NEXT_PUBLIC|TARO_APP|UNI|NUXT_PUBLIC)_", re.MULTILINE
)
_ANDROID: Final = re.compile(r"^import[ \t]+(?:android|androidx)\.", re.MULTILINE)
_CLIENT_WORDS: Final = {"env": _BUNDLED, "java": _ANDROID, "kt": _ANDROID}
"""Kinds that are the backend's, unless they say this."""

Roots = dict[str, Side]


def roots_of(markers: Iterable[tuple[str, Callable[[], str]]]) -> Roots:
    """Which folders belong to whom. `markers` are paths of MARKERS, each with a way to read it."""
    roots: Roots = {}
    for path, read in sorted(markers, key=lambda marker: marker[0]):
        try:
            said = json.loads(read())
        except (ValueError, OSError, RecursionError):
            continue
        if isinstance(said, dict):
            for folder, side in _said(PurePosixPath(path), said):
                roots.setdefault(str(folder), side)
    return roots


def side_of(path: str, text: str, roots: Roots) -> Side:
    """Whose a file is: by its kind, then by what it does, then by the nearest folder that is known."""
    kind = kind_of(path)
    if kind in _CLIENT_KINDS:
        return "client"
    if kind == "json":
        return _folder_side(path, roots)
    if kind in _SCRIPTS:
        return _script_side(path, text, roots)
    told = _CLIENT_WORDS.get(kind)
    return "client" if told and told.search(text) else "backend"


def _script_side(path: str, text: str, roots: Roots) -> Side:
    if _SERVER_ROUTE.search(path):
        return "backend"
    backend, client = bool(_BACKEND_CODE.search(text)), bool(_CLIENT_CODE.search(text))
    if backend != client:
        return "backend" if backend else "client"
    return _folder_side(path, roots)


def _folder_side(path: str, roots: Roots) -> Side:
    for folder in PurePosixPath(path).parents:
        side = roots.get(str(folder))
        if side:
            return side
    return "unknown"


def _said(path: PurePosixPath, said: dict[str, Any]) -> Iterable[tuple[PurePosixPath, Side]]:
    folder = path.parent
    pages = path.name == "app.json" and isinstance(said.get("pages"), list)
    plugin = path.name == "plugin.json" and "publicComponents" in said
    if pages or plugin or (path.name == "manifest.json" and ("mp-weixin" in said or "h5" in said)):
        yield folder, "client"
    elif path.name == "project.config.json":
        for setting, side in _PROJECT:
            inner = said.get(setting)
            if isinstance(inner, str) and inner.strip("./"):
                yield folder / inner.strip("./"), side
    elif path.name == "package.json":
        wanted = {name for part in _DEPENDENCIES if isinstance(said.get(part), dict) for name in said[part]}
        backend, client = bool(wanted & _BACKEND_PACKAGES), bool(wanted & _CLIENT_PACKAGES)
        if backend or client:
            yield folder, "unknown" if backend and client else "backend" if backend else "client"


_DEPENDENCIES: Final = ("dependencies", "devDependencies")
_PROJECT: Final[tuple[tuple[str, Side], ...]] = (
    ("miniprogramRoot", "client"),
    ("pluginRoot", "client"),
    ("cloudfunctionRoot", "backend"),
)
