"""A refusal as a value: what went wrong, in words for the caller, and a private word for the log."""

from typing import Final

import msgspec


class _Blanks(dict[str, str]):
    """Facts for the words; one that is not known stays as its `{name}`, as on a documentation page."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


class Words(msgspec.Struct, frozen=True):
    """The same sentence in both languages. `{name}` is filled from the problem's facts.

    What comes from outside is a fact and never part of the sentence: its braces would be filled in, too.
    """

    en: str
    zh: str

    def say(self, language: str, facts: "Facts | None" = None) -> str:
        """The sentence in `language` (`zh`, or anything else for English), with the facts filled in."""
        facts = facts or {}
        plain = {name: fact for name, fact in facts.items() if isinstance(fact, str)}
        said = {
            name: fact.say(language, {**plain}) for name, fact in facts.items() if isinstance(fact, Words)
        }
        return (self.zh if language == "zh" else self.en).format_map(_Blanks(plain | said))


Facts = dict[str, str | Words]


class ProblemKind(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the catalogue (RFC 9457: one problem type)."""

    code: str
    """The stable string programs decide by."""
    status: int
    title: Words
    detail: Words
    hint: Words
    """What to do next."""
    why: Words
    """The causes, for the documentation page and `lingpai explain`."""


class WeChatFault(msgspec.Struct, frozen=True):
    """What WeChat said, as far as a caller may know it."""

    errcode: int
    errmsg: str
    rid: str | None = None


class Quota(msgspec.Struct, frozen=True):
    """The limit a caller has reached, for the headers that say so."""

    name: str
    units: int
    seconds: int
    """The units are for so many seconds."""


class Problem(Exception):  # noqa: N818  RFC 9457 calls it a problem
    """A request that gets a problem answer.

    `facts` fill the words and must be fit for the caller's eyes; `hint` says what to do in this very case,
    where the kind's own would be too general; `private` goes to the log only.
    """

    def __init__(
        self,
        kind: ProblemKind,
        *,
        facts: Facts | None = None,
        wechat: WeChatFault | None = None,
        retry_after: float | None = None,
        status: int | None = None,
        hint: Words | None = None,
        quota: Quota | None = None,
        private: str = "",
    ) -> None:
        super().__init__(kind.code)
        self.kind: Final = kind
        self.facts: Final = facts or {}
        self.wechat: Final = wechat
        self.retry_after: Final = retry_after
        self.status: Final = status or kind.status
        self.hint: Final = hint or kind.hint
        self.quota: Final = quota
        self.private: Final = private

    @property
    def code(self) -> str:
        """The stable string programs decide by."""
        return self.kind.code
