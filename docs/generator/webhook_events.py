"""The page of what webhooks tell, from the table of events."""

from typing import Final

from docs.generator.markdown import page, pick, table
from lingpai.errors import Words
from lingpai.web.language import Language
from lingpai.webhooks import EVENTS

_TITLE: Final = Words("What webhooks tell", "webhook 事件")
_INTRO: Final = Words(
    "The events of [`lingpai webhooks add`](commands.md#lingpai-webhooks-add). A message is `{type, timestamp, data}`; "
    "`data` holds what is listed here, and never a token, a key or a phone number. "
    "[How to receive them](../how-to/tell-your-backends.md).",
    "[`lingpai webhooks add`](commands.md#lingpai-webhooks-add) 可订阅的事件。消息结构为 `{type, timestamp, data}`，"
    "`data` 的内容如下，绝不含令牌、密钥或手机号。[如何接收](../how-to/tell-your-backends.md)。",
)
_HEADINGS: Final = Words("event|means, and what data holds", "事件|含义与 data 内容")


def write(language: Language) -> str:
    """The page."""
    rows = [(f"`{name}`", pick(words, language)) for name, words in EVENTS.items()]
    return page(language, _TITLE, _INTRO, table(pick(_HEADINGS, language).split("|"), rows))
