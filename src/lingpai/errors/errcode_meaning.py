"""What is said of one errcode."""

import msgspec

from lingpai.errors.problem import Words


class ErrcodeMeaning(msgspec.Struct, frozen=True):
    """One errcode of WeChat, or of the software around it."""

    errmsg: str
    """As it is written there, without a request id."""
    means: Words
    do: Words


def row(errmsg: str, means: tuple[str, str], do: tuple[str, str]) -> ErrcodeMeaning:
    """A row of a table: English and Chinese of each sentence."""
    return ErrcodeMeaning(errmsg, Words(*means), Words(*do))
