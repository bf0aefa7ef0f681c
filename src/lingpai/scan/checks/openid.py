"""An openid that the client sent, used to look a user up or to sign somebody in.

Looked at within one function: where the openid comes from, what it is assigned to, and which call gets it. A function
that asks first who the caller is may look up whom it likes.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from lingpai.scan.findings import Hit
from lingpai.scan.functions import Function
from lingpai.scan.program import Call, Program
from lingpai.scan.rules import OPENID_FROM_REQUEST
from lingpai.scan.source import Source
from lingpai.scan.tokens import Token
from lingpai.scan.trace import NOTHING, Labels, Trace

_OPENID: Final = frozenset(("openid", "unionid", "wxopenid", "useropenid", "mpopenid"))
_ABOUT_OPENIDS: Final = re.compile(r"open_?id|union_?id", re.IGNORECASE)
_OPENID_THE_PROTOCOL: Final = re.compile(
    r"RelyingParty|openid\.net/|openid_identifier|OpenID 2", re.IGNORECASE
)
"""The older OpenID has URLs under that name."""
SENT: Final[Labels] = frozenset(("sent",))
BODY: Final[Labels] = frozenset(("body",))
SQL: Final[Labels] = frozenset(("sql",))

_REQUEST: Final = {
    "javascript": r"(?:this\.)?(?:ctx\.|context\.)?(?:req|request|ctx)\.(?:request\.)?(?:body|query|params|headers|cookies)"
    r"|(?:ctx|req|request|this\.ctx)\.(?:get|param|query)|event(?:\.(?:body|queryStringParameters|data))?",
    "python": r"(?:self\.|flask\.)?request\.(?:args|form|json|values|data|get|post|query_params|headers|cookies|"
    r"get_json\.\(\)|json\.\(\)|form\.\(\)|match_info|query)(?:\.get|\.getlist)?|self\.get_(?:query_|body_)?argument",
    "java": r"(?:http\w*)?(?:req|request|servletrequest)\.get(?:parameter|header|attribute)",
    "php": r"_(?:get|post|request|cookie)|(?:this\.)?request(?:\.\(\))?\.(?:input|get|post|param|query|json|only)"
    r"|(?:this\.)?request|input|i",
    "go": r"(?:c|ctx|r|req|request)\.(?:query|postform|param|formvalue|defaultquery|postformvalue|getheader|pathvalue|"
    r"queryparam|url\.query\.\(\)\.get|form\.get|postform\.get|header\.get|params|getstring)",
}
_BODY: Final = {
    "javascript": r"(?:this\.)?(?:ctx\.)?(?:req|request|ctx)\.(?:request\.)?(?:body|query|params)",
    "python": r"(?:self\.|flask\.)?request\.(?:json|form|args|values|data|get|post|get_json|query_params)",
    "php": r"(?:this\.)?request(?:\.\(\))?\.(?:all|post|param|get)|_(?:get|post|request)",
}
_CLOUD_FUNCTION: Final = re.compile(r"\bexports\.main(?:_\w+)?\s*=")
_ROUTE: Final = re.compile(r"@(?:\w+\.)?(?:route|get|post|put|api_route|websocket)\s*\(", re.IGNORECASE)
_MAPPING: Final = re.compile(r"@(?:Request|Get|Post|Put)Mapping\b")
_GUARD: Final = re.compile(
    r"login_?required|permission|require_?(?:auth|login|admin|user|role)|must_?login|pre_?authorize|sacheck\w+|"
    r"requires(?:permissions|roles|authentication)|@secured|current_?user|is_authenticated|jwt_?required|"
    r"depends\(\s*(?:\w+\.)?(?:get_)?(?:current|admin|require|verify|auth|login)|verify_?(?:token|jwt|access|session|sign)|"
    r"check_?(?:login|auth|admin|token|sign)|is_?admin|admin_?only|\breq\.user\b|\bctx\.state\.user\b|\brequest\.user\b|"
    r"use_?guards|auth_?guard|middleware\(\s*['\"]auth|authenticat(?:e|ed|ion)\b|\bauth\(\)|get_?login_?(?:id|user)|"
    r"jwt\.(?:verify|decode)|signature",
    re.IGNORECASE,
)
_LOOKUP: Final = re.compile(
    r"^(?:find\w*|get_?\w*by_?\w*|select\w*|where\w*|filter\w*|first\w*|get_or_create|get_or_404|update_or_create|"
    r"(?:load|get|fetch|query|lookup|search)_?(?:wx|wechat|weixin)?_?(?:user|member|customer|account)\w*|login(?!_?(?:log|record|history|count))\w*|"
    r"sign_?in\w*|eq|equalto|\w*by_?(?:wx_?)?(?:open|union)_?id\w*|count_?by\w*|exists_?by\w*|updateorcreate|firstorcreate|upsert)$",
    re.IGNORECASE,
)
_SQL_CALL: Final = re.compile(
    r"^(?:query\w*|execute\w*|exec|raw|fetch\w*|prepare|get|all|first|run|get_results|mysql\w*)$",
    re.IGNORECASE,
)
_SQL: Final = re.compile(r"\bselect\b.{0,400}\b(?:open_?id|union_?id)\b", re.IGNORECASE | re.DOTALL)
_MINT: Final = re.compile(
    r"^(?:(?:create|generate|gen|make|build|issue|sign|new|get|grant)_?\w*(?:token|jwt|session)|create_?jwt|login_?user|"
    r"jwt_?sign|jwt_?encode|token_?for|issue)$",
    re.IGNORECASE,
)
_WITH_JWT: Final = re.compile(
    r"(?:jwt|token|jsonwebtoken)\w*\.(?:\w+\.)?(?:sign|encode|create|generate|issue|make)$", re.IGNORECASE
)
_BINDER: Final = re.compile(r"bind|decode|readjson|bodyparser", re.IGNORECASE)
_SESSION_PUT: Final = re.compile(r"session\w*(?:\.\(\))?\.(?:set|put|setattribute|set_?item)$", re.IGNORECASE)
_SPEAKS_TO_OTHERS: Final = frozenset(
    ("url", "request", "axios", "fetch", "console", "log", "logger", "wechat", "wx", "wxpay", "pay")
)


def openids_from_requests(source: Source) -> Iterator[Hit]:
    """Hits in a backend's code."""
    if source.side != "backend" or not source.is_code:
        return
    if not _ABOUT_OPENIDS.search(source.text) or _OPENID_THE_PROTOCOL.search(source.text):
        return
    program = Program(source)
    trace = Trace(program, _read, _taken)
    for function in program.functions[1:]:
        for name, labels in _parameters(program, function):
            trace.learn(name, function.body - 1, labels)
    _binders(program, trace)
    trace.follow()
    seen: set[Function] = set()
    for at in _sinks(program, trace):
        function = program.function_at(at)
        if function in seen:
            continue
        seen.add(function)
        if not _GUARD.search(program.text_of(function)):
            yield Hit(OPENID_FROM_REQUEST, source.tokens[at].at)


def _sinks(program: Program, trace: Trace) -> Iterator[int]:
    found = []
    for call in program.calls:
        wanted = _trusts(call)
        if wanted and wanted <= trace.of(call.opened + 1, call.closed):
            found.append(call.at)
    for assignment in program.assignments:
        through = assignment.through.lower()
        if "session" in through and trace.of(assignment.start, assignment.end) >= SENT:
            found.append(assignment.at)
    return iter(sorted(found))


def _trusts(call: Call) -> Labels:
    """What has to be given to a call for it to trust an openid; nothing when it never does."""
    chain = call.chain.lower()
    if _SESSION_PUT.search(chain):
        return SENT
    if chain.partition(".")[0] in _SPEAKS_TO_OTHERS:
        return NOTHING
    if (
        _LOOKUP.match(call.name)
        or _MINT.match(call.name)
        or _WITH_JWT.search(chain)
        or chain.endswith("objects.get")
    ):
        return SENT
    return SENT | SQL if _SQL_CALL.match(call.name) else NOTHING


def _is_openid(text: str) -> bool:
    plain = text.rpartition(".")[2].partition("/")[0].lower().replace("_", "").replace("-", "")
    return plain.removeprefix("get") in _OPENID


def _read(trace: Trace, index: int) -> Labels:
    program = trace.program
    token = program.tokens[index]
    if token.kind == "mark":
        return NOTHING
    if token.kind == "text" and _SQL.search(token.text):
        return SQL
    if _is_openid(token.text) and _is_sent(trace, index):
        return SENT
    known = trace.name(index)
    if known >= BODY and trace.path(index)[0]:
        return known - BODY
    return known or _body_of_request(program, index)


def _is_sent(trace: Trace, index: int) -> bool:
    """Whether the openid at a token is taken from a request, or from a name that holds all of one."""
    chain = trace.program.chain_before(index)
    if not chain:
        return False
    whole = chain[1:] in ([], ["get"], ["()"]) and trace.at(chain[0], index) >= BODY
    return whole or _is_request(trace.program, chain, index)


def _is_request(program: Program, chain: list[str], index: int) -> bool:
    dialect = program.source.dialect.name
    said = ".".join(chain).lower()
    if not re.fullmatch(_REQUEST.get(dialect, r"(?!)"), said):
        return False
    if said.startswith("event"):
        return bool(_CLOUD_FUNCTION.search(program.source.text))
    if said in {"this.request", "request"} and dialect == "php":
        return program.tokens[index].kind == "name" or program.tokens[index - 1].text == "["
    return True


def _body_of_request(program: Program, index: int) -> Labels:
    """`request.get_json()`, `ctx.request.body`: all that was sent, when nothing is taken from it."""
    pattern = _BODY.get(program.source.dialect.name)
    token = program.tokens[index]
    if pattern is None or token.kind != "name":
        return NOTHING
    after = program.tokens[index + 1].text if index + 1 < len(program.tokens) else ""
    if after in {".", "->", "?.", "["}:
        return NOTHING
    if after == "(":
        closed = program.partner.get(index + 1, index + 1)
        beyond = program.tokens[closed + 1].text if closed + 1 < len(program.tokens) else ""
        if beyond in {".", "->", "["}:
            return NOTHING
    said = ".".join([*program.chain_before(index), token.text]).lower()
    if said == "event" and _CLOUD_FUNCTION.search(program.source.text):
        return BODY
    return BODY if re.fullmatch(pattern, said) else NOTHING


def _taken(key: str, labels: Labels) -> Labels:
    """`const { openid, ...rest } = req.body`."""
    if not labels >= BODY:
        return NOTHING
    return SENT if _is_openid(key) else BODY if key == "..." else NOTHING


def _binders(program: Program, trace: Trace) -> None:
    """`c.ShouldBindJSON(&req)` puts what was sent into `req`."""
    for call in program.calls:
        if _BINDER.search(call.name):
            inner = program.tokens[call.opened + 1 : call.closed]
            for mark, name in pairwise(inner):
                if mark.text == "&" and name.kind == "name":
                    trace.learn(name.text, call.at, BODY)


def _parameters(program: Program, function: Function) -> Iterator[tuple[str, Labels]]:
    """Parameters that a framework fills from the request."""
    opened, closed = function.parameters
    dialect = program.source.dialect.name
    header = program.source.text[program.tokens[function.start].at : program.tokens[opened].at]
    if dialect == "python" and _ROUTE.search(header):
        of_a_part = _python_parameter
    elif dialect == "java" and _MAPPING.search(header):
        of_a_part = _java_parameter
    elif dialect == "javascript":
        of_a_part = _decorated_parameter
    else:
        return
    for part in program.split(opened + 1, closed):
        name, labels = of_a_part(part)
        if name and labels:
            yield name, labels


def _python_parameter(part: list[Token]) -> tuple[str, Labels]:
    words = [token.text for token in part]
    sent = words and _is_openid(words[0]) and not {"Depends", "Security"} & set(words)
    return (words[0], SENT) if sent else ("", NOTHING)


def _java_parameter(part: list[Token]) -> tuple[str, Labels]:
    names = [token.text for token in part if token.kind == "name"]
    keys = [token.text for token in part if token.kind == "text"]
    if not names or {"RequestAttribute", "SessionAttribute", "AuthenticationPrincipal"} & set(names):
        return "", NOTHING
    if _is_openid(names[-1]) or any(_is_openid(key) for key in keys):
        return names[-1], SENT
    return (names[-1], BODY) if "RequestBody" in names else ("", NOTHING)


def _decorated_parameter(part: list[Token]) -> tuple[str, Labels]:
    """`@Body("openid") openid: string`, `@Query() query`."""
    words = [token.text for token in part]
    if (
        words[:1] != ["@"]
        or words[1:2] not in (["Body"], ["Query"], ["Param"], ["Headers"])
        or ")" not in words
    ):
        return "", NOTHING
    keys = [token.text for token in part if token.kind == "text"]
    after = words[words.index(")") + 1 :]
    if not after:
        return "", NOTHING
    if keys:
        return (after[0], SENT) if _is_openid(keys[0]) else ("", NOTHING)
    return after[0], BODY
