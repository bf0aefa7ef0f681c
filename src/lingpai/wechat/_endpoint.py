"""How is one WeChat call described as data?

To add an endpoint: in ``endpoints/<first path segment>.py`` write a request struct, an answer
struct and one ``Endpoint(...)``, stored under the name its path spells
(``/sns/jscode2session`` is ``SNS_JSCODE2SESSION``). Nothing else changes.
"""

import re
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, ClassVar, Final, Generic, Literal, TypeVar
from urllib.parse import quote

import msgspec

_PLAIN: Final = re.compile(r"[A-Za-z0-9_.~-]*").fullmatch


class Wire(msgspec.Struct, frozen=True):
    """A request or an answer. Fields named in ``hidden`` never show in a repr."""

    hidden: ClassVar[frozenset[str]] = frozenset()

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        shown = ((name, getattr(self, name)) for name in self.__struct_fields__)
        return [(name, "…" if name in self.hidden and value is not None else value) for name, value in shown]

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.__rich_repr__())})"
        )


RequestT = TypeVar("RequestT", bound=Wire)
AnswerT = TypeVar("AnswerT", bound=Wire)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint(Generic[RequestT, AnswerT]):
    """One call WeChat offers.

    ``query`` names the request fields that travel in the query string, by default all of them for
    GET and only ``access_token`` for POST; the others become a JSON body. Fields that are None are
    left out. ``retry_unsent``: whether a connection that failed may be tried once more.
    """

    method: Literal["GET", "POST"]
    path: str
    request: type[RequestT]
    answer: type[AnswerT]
    query: frozenset[str] | None = None
    host: Literal["api"] = "api"
    retry_unsent: bool = True

    name: str = field(init=False)
    decoder: msgspec.json.Decoder[AnswerT] = field(init=False, repr=False, compare=False)
    _in_query: "_Fields" = field(init=False, repr=False, compare=False)
    _in_body: "_Fields" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = [f.name for f in msgspec.structs.fields(self.request)]
        in_query = self.query
        if in_query is None:
            in_query = frozenset(names if self.method == "GET" else ["access_token"])
        put = object.__setattr__
        put(self, "name", self.path.strip("/").replace("/", "_").replace("-", "_").upper())
        put(self, "decoder", msgspec.json.Decoder(self.answer))
        put(self, "_in_query", _Fields(self.request, [n for n in names if n in in_query]))
        put(self, "_in_body", _Fields(self.request, [n for n in names if n not in in_query]))

    def query_of(self, request: RequestT) -> str:
        """The query string with its question mark, or nothing."""
        pairs = self._in_query.of(request)
        return "?" + "&".join([f"{name}={_quoted(value)}" for name, value in pairs]) if pairs else ""

    def body_of(self, request: RequestT) -> bytes:
        """The JSON body of a POST."""
        return msgspec.json.encode(dict(self._in_body.of(request)))


class _Fields:
    """Some fields of a struct, read by their wire names."""

    __slots__ = ("_names", "_values")

    def __init__(self, struct: type[Wire], chosen: list[str]) -> None:
        wire = {f.name: f.encode_name for f in msgspec.structs.fields(struct)}
        self._names = tuple(wire[name] for name in chosen)
        # attrgetter gives a tuple only for two names or more.
        self._values = attrgetter(*chosen) if len(chosen) > 1 else lambda s: [getattr(s, n) for n in chosen]

    def of(self, request: Wire) -> list[tuple[str, Any]]:
        return [(n, v) for n, v in zip(self._names, self._values(request), strict=True) if v is not None]


def _quoted(value: str | int) -> str:
    # AppIDs, secrets and codes are plain; asking costs a tenth of encoding them.
    return value if isinstance(value, str) and _PLAIN(value) else quote(str(value), safe="")
