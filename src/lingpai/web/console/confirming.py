"""The page before something that cannot be undone: what will happen, and a word to type."""

from typing import Final

import msgspec

from lingpai.errors import Words
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.console.forms import Errors, Form
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import Visitor
from lingpai.web.console.texts import TEXTS

TYPED: Final = "typed"
_UNPROCESSABLE: Final = 422


class Sure(msgspec.Struct, frozen=True, kw_only=True):
    """A question. The words may hold code in backticks, and what the facts name."""

    here: str
    title: Words
    lead: Words
    points: tuple[Words, ...] = ()
    """What will happen, a line each."""
    facts: dict[str, str] = {}
    button: Words
    action: str
    """Where the answer is posted."""
    back: str
    typed: str | None = None
    """What has to be typed; None: the button is enough."""
    hidden: dict[str, str] = {}


def ask(frame: Frame, call: Call, visitor: Visitor, question: Sure, errors: Errors | None = None) -> Answer:
    """The question as a page; with errors as the answer to a form that did not do (422)."""
    return frame.page(
        call,
        visitor,
        "sure.html",
        here=question.here,
        status=_UNPROCESSABLE if errors else 200,
        question=question,
        errors=errors or {},
    )


def mistyped(question: Sure, form: Form) -> Errors:
    """What is wrong with the answer; nothing, when it is right."""
    if question.typed is None or form.text(TYPED) == question.typed:
        return {}
    return {TYPED: TEXTS["sure.other"]}
