"""The page of problems, from errors/catalogue.py."""

from typing import Final

from docs.generator.markdown import page, pick
from lingpai.errors import CATALOGUE, ProblemKind, Words
from lingpai.web.language import Language

_TITLE: Final = Words("Problems", "错误码")
_INTRO: Final = Words(
    "Every refusal is `application/problem+json` (RFC 9457): `type`, `title`, `status`, `code`, `detail`, `hint`, "
    "`request_id`, and `wechat` with `errcode`, `errmsg`, `rid` when WeChat said no. Programs decide by `code`, "
    "which never changes; the texts follow `Accept-Language`. `Retry-After` says when trying again makes sense; with 429, `RateLimit-Policy` and `RateLimit` name the limit. "
    "`lingpai explain CODE` tells the same in a terminal.",
    "所有拒绝都以 `application/problem+json`（RFC 9457）返回：`type`、`title`、`status`、`code`、`detail`、`hint`、"
    "`request_id`；若是微信拒绝，还有 `wechat`（`errcode`、`errmsg`、`rid`）。程序请按 `code` 判断，它不会变；"
    "文字随 `Accept-Language` 变化。`Retry-After` 给出适合重试的时间；429 时 `RateLimit-Policy` 和 `RateLimit` 写明限制。终端里可用 `lingpai explain CODE` 查看同样的说明。",
)
_LABELS: Final = {
    "title": Words("What it says", "标题"),
    "why": Words("Why", "原因"),
    "hint": Words("What to do", "处理"),
}


def write(language: Language) -> str:
    """The page."""
    return page(language, _TITLE, _INTRO, *(_section(kind, language) for kind in CATALOGUE.values()))


def _section(kind: ProblemKind, language: Language) -> str:
    lines = [f"## {kind.code}", ""]
    lines.append(f"- **HTTP** {kind.status}")
    for name, label in _LABELS.items():
        words: Words = getattr(kind, name)
        lines.append(f"- **{pick(label, language)}** {words.say(language)}")
    return "\n".join(lines)
