"""The page of what `lingpai scan` finds, from its rules."""

from typing import Final

from docs.generator.markdown import page, pick
from lingpai.errors import Words
from lingpai.scan import RULES, Rule
from lingpai.web.language import Language

_TITLE: Final = Words("What a scan finds", "扫描规则")
_INTRO: Final = Words(
    "The rules of [`lingpai scan`](commands.md#lingpai-scan). A comment `lingpai: allow RULE` on the line, or on a line "
    "of its own right above, says that a finding may stay. [How to use it](../how-to/find-secrets-before-others-do.md).",
    "[`lingpai scan`](commands.md#lingpai-scan) 的规则。在该行或紧邻的上一行写注释 `lingpai: allow 规则名`，"
    "表示允许保留。[使用方法](../how-to/find-secrets-before-others-do.md)。",
)
_WHERE: Final = {
    "client": Words("**Where** client code", "**范围** 客户端代码"),
    "backend": Words("**Where** backend code", "**范围** 后端代码"),
    "anywhere": Words("**Where** anywhere", "**范围** 任何位置"),
}
_RISK: Final = Words("**Risk**", "**风险**")
_FIX: Final = Words("**Fix**", "**修复**")


def write(language: Language) -> str:
    """The page."""
    return page(language, _TITLE, _INTRO, *(_section(rule, language) for rule in RULES.values()))


def _section(rule: Rule, language: Language) -> str:
    return "\n\n".join(
        (
            f"## {rule.id}",
            pick(rule.title, language),
            pick(_WHERE[rule.where], language),
            f"{pick(_RISK, language)} {pick(rule.risk, language)}",
            f"{pick(_FIX, language)} {pick(rule.fix, language)}",
        )
    )
