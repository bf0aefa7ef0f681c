"""A backend that gives the session_key away: by name, or by handing on what jscode2session answered."""

import re
from collections.abc import Iterator
from typing import Final

from lingpai.scan.findings import Hit
from lingpai.scan.functions import Function
from lingpai.scan.program import Program
from lingpai.scan.rules import SESSION_KEY_SENT
from lingpai.scan.source import Source
from lingpai.scan.trace import NOTHING, Labels, Trace

KEY: Final[Labels] = frozenset(("key",))
RAW: Final[Labels] = frozenset(("raw",))
URL: Final[Labels] = frozenset(("url",))

_NAMES: Final = frozenset(("session_key", "sessionKey"))
_CODE2SESSION: Final = re.compile(r"(?:js_?)?code_?2_?session", re.IGNORECASE)
_ABOUT_SESSION_KEYS: Final = re.compile(r"session_?key|code_?2_?session", re.IGNORECASE)
_WHOLE: Final = frozenset((
    "data", "body", "text", "json", "content", "getbody", "tostring", "string", "tojson", "decode", "bytes", "readall",
))  # fmt: skip
"""What still is the whole answer."""
_MAKES_A_URL: Final = frozenset((
    "format", "sprintf", "url", "uri", "create", "newrequest", "httpget", "concat", "append", "replace", "build", "parse",
    "fromhttpurl", "fromuristring", "buildandexpand", "encodeuri", "str", "string", "tostring", "stringbuilder",
))  # fmt: skip
"""Calls that make a URL of a URL, and do not ask it."""
_ANSWER_NAMES: Final = frozenset(
    ("body", "response", "resp", "res", "result", "data", "ret", "json", "r", "str")
)
_CHAINED: Final = frozenset(("then", "success", "subscribe", "on"))
_SENDS: Final = re.compile(
    r"^(?:this\.)?(?:res|resp|response|reply|ctx)\.(?:status\.\(\)\.|code\.\(\)\.)?(?:json|send|end|jsonp|write|success|ok)$"
    r"|^(?:self|this)\.(?:write|finish|success|ajaxreturn|json|render_json|ok)$"
    r"|^(?:\w+\.)?(?:jsonify|jsonresponse|httpresponse|json_response|make_response|jsonresponse|orjsonresponse)$"
    r"|^(?:api|ajax|json|common|base|http|web)?(?:response|result|resp|ret|r|responseentity)\w*\.(?:ok|success|data|body)$"
    r"|(?:^|\.)getwriter\.\(\)\.(?:write|print|println)$|^out\.(?:write|print|println)$|^ajaxreturn$"
    r"|^response\.\(\)\.json$|^(?:c|ctx)\.(?:json|string|indentedjson|securejson|purejson)$"
    r"|newencoder\.\(\)\.encode$|^w\.write$|^fmt\.fprint\w*$|^io\.writestring$",
    re.IGNORECASE,
)
_SENDS_AFTER: Final = frozenset(("echo", "print", "exit", "die", "return"))
_HANDLER: Final = re.compile(
    r"@(?:\w+\.)?(?:route|get|post|put|api_route)\s*\(|@(?:Request|Get|Post|Put)Mapping\b|\bexports\.main\w*\s*="
    r"|@(?:Get|Post|Put)\s*\("
)
_REMOVING: Final = frozenset(("unset", "pop", "remove", "del", "delete", "omit"))
_EMPTY: Final = frozenset(("null", "undefined", "None", "nil", "false", "False"))
_ARGUMENTS: Final = 200
"""How many tokens of a call are looked at for a URL."""


def session_keys_sent(source: Source) -> Iterator[Hit]:
    """Hits in a backend's code."""
    if source.side != "backend" or not source.is_code:
        return
    if not _ABOUT_SESSION_KEYS.search(source.text):
        return
    program = Program(source)
    trace = Trace(program, _read, _taken)
    trace.follow()
    for function in program.functions[1:]:
        _callback(program, trace, function)
    _removed(program, trace)
    trace.follow()
    told: set[int] = set()
    for at, start, end in sorted(_sent(program)):
        line = source.line(source.tokens[at].at)
        if line not in told and trace.of(start, end) & (KEY | RAW):
            told.add(line)
            yield Hit(SESSION_KEY_SENT, source.tokens[at].at)


def _sent(program: Program) -> Iterator[tuple[int, int, int]]:
    """What is sent to the client: where, and the tokens of the expression."""
    tokens = program.tokens
    for call in program.calls:
        if _SENDS.search(call.chain):
            yield call.at, call.opened + 1, call.closed
    for assignment in program.assignments:
        if assignment.through.lower() in {
            "ctx.body",
            "this.ctx.body",
            "this.body",
            "this.data",
            "response.body",
        }:
            yield assignment.at, assignment.start, assignment.end
    php = program.source.dialect.name == "php"
    for index, token in enumerate(tokens):
        if token.kind != "name" or token.text not in _SENDS_AFTER or index + 1 >= len(tokens):
            continue
        begun = index + 1
        if php and (token.text != "return" or tokens[begun].text in {"json_encode", "json", "response"}):
            yield index, begun, program.expression_end(begun)
        elif token.text == "return" and not php:
            function = program.function_at(index)
            if _HANDLER.search(_header(program, function)):
                yield index, begun, program.expression_end(begun)


def _header(program: Program, function: Function) -> str:
    tokens = program.tokens
    return program.source.text[tokens[function.start].at : tokens[function.body].at] if function.body else ""


def _read(trace: Trace, index: int) -> Labels:
    program = trace.program
    token = program.tokens[index]
    if token.kind == "mark":
        return NOTHING
    if token.text in _NAMES:
        return KEY if _is_given(program, index) else NOTHING
    if token.kind == "text":
        return URL if "jscode2session" in token.text and not _is_first_argument(program, index) else NOTHING
    after = program.tokens[index + 1].text if index + 1 < len(program.tokens) else ""
    if after == "(" and index + 1 in program.partner:
        return _called(trace, index)
    known = trace.name(index)
    if known >= RAW:
        return _part(trace.path(index)[0], known)
    return known & (KEY | URL)


def _part(taken: list[str], known: Labels) -> Labels:
    if any(name in _NAMES for name in taken):
        return KEY
    whole = all(name.lower() in _WHOLE for name in taken)
    return known if whole else NOTHING


def _called(trace: Trace, index: int) -> Labels:
    """A call that asks jscode2session brings its answer, as far as that is not taken apart at once."""
    program = trace.program
    opened = index + 1
    asks = _CODE2SESSION.search(program.tokens[index].text) or _has_url(trace, opened)
    if not asks:
        return NOTHING
    if program.tokens[index].text.lower() in _MAKES_A_URL:
        return URL
    closed = program.partner[opened]
    return _part(trace.path(closed)[0], RAW)


def _is_first_argument(program: Program, index: int) -> bool:
    """The call it is given to says what comes of it."""
    return index > 1 and program.tokens[index - 1].text == "(" and program.tokens[index - 2].kind == "name"


def _has_url(trace: Trace, opened: int) -> bool:
    program = trace.program
    for index in range(opened + 1, min(program.partner[opened], opened + _ARGUMENTS)):
        token = program.tokens[index]
        if token.kind == "text" and "jscode2session" in token.text:
            return True
        if token.kind == "name" and trace.name(index) >= URL:
            return True
    return False


def _is_given(program: Program, index: int) -> bool:
    """A session_key as a value or as the key of a pair with a value; not one that is compared or emptied."""
    tokens = program.tokens
    before = tokens[index - 1].text if index else ""
    after = [token.text for token in tokens[index + 1 : index + 3]] + ["", ""]
    if after[0] in {"==", "===", "!=", "!==", "in"} or before in {"delete", "del"}:
        return False
    if tokens[index].kind == "text":
        subscript = before == "[" and after[0] == "]"
        pair = after[0] in {":", "=>"} or (before == "(" and after[0] in {",", ")"})
        return subscript or (pair and after[1] not in _EMPTY)
    return not (after[0] in {":", "=", "=>"} and after[1] in _EMPTY)


def _taken(key: str, labels: Labels) -> Labels:
    if key in _NAMES:
        return KEY
    return labels & RAW if key.lower() in _WHOLE else NOTHING


def _callback(program: Program, trace: Trace, function: Function) -> None:
    """`request(url, (err, res, body) => …)`, `axios.get(url).then(res => …)`."""
    tokens, partner = program.tokens, program.partner
    opened, closed = function.parameters
    around = program.around(function.start)
    if around < 1 or tokens[around].text != "(" or tokens[around - 1].kind != "name":
        return
    asked = around
    if tokens[around - 1].text in _CHAINED and tokens[around - 3].text == ")" and around - 3 in partner:
        asked = partner[around - 3]
    if not _has_url(trace, asked):
        return
    inner = [tokens[opened]] if opened == closed else tokens[opened + 1 : closed]
    for token in inner:
        if token.kind == "name" and token.text in _ANSWER_NAMES:
            trace.learn(token.text, function.body - 1, RAW)


def _removed(program: Program, trace: Trace) -> None:
    """`delete data.session_key`, `unset($data['session_key'])`, `data.pop("session_key")`."""
    for index, token in enumerate(program.tokens):
        if token.kind == "mark" or token.text not in _NAMES:
            continue
        chain = program.chain_before(index)
        before = {t.text for t in program.tokens[max(index - 2 * len(chain) - 3, 0) : index]}
        if chain and (before & _REMOVING):
            trace.learn(chain[0], index, NOTHING)
