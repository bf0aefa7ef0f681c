"""A file of a stranger cannot break a scan or hold it up."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingpai.scan.scanning import scan_text
from tests.scan.cases import SECRET, cases

KINDS = (
    "js",
    "ts",
    "py",
    "java",
    "php",
    "go",
    "json",
    "wxml",
    "html",
    "vue",
    "yml",
    "env",
    "toml",
    "xml",
    "ini",
)
SIZE = 12_000
WORDS = st.sampled_from(
    ["const ", "secret", " = ", "'", '"', "`", "${", "}", "{", "(", ")", "[", "]", "//", "/*", "*/", "#", "\n", "<?php ",
     "openid", "req.body", ".", ",", ":", "=>", "<script>", "</script>", "{{", "}}", "<!--", "def f(", "return ", "\\",
     "session_key", "jscode2session", "state=STATE", "open.weixin.qq.com/connect/qrconnect?", '"""', "/", SECRET,
     "exports.main = ", "function ", "wx0123456789abcdef", "@", "f'", "$x", "lingpai: allow ", " ", "=", "+"]
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@given(words=st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=60))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_breaks_the_scan(kind, words):
    text = "".join(words)
    findings, _ = scan_text(f"a/b.{kind}", text, {})
    for finding in findings:
        assert 1 <= finding.line <= text.count("\n") + 1
        assert SECRET not in finding.text


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.sentence)
def test_no_beginning_of_a_file_breaks_the_scan(case):
    for path, text in case.files.items():
        for end in range(0, len(text), 29):
            scan_text(path, text[:end], {})


LONG = [
    "/*", "'", '"', "`", "`${", "${", "{{", "<!--", "<script>", "<a>", "<a b='", "((", "([{", "f(", "f(){", "str(",
    "jsonify(", "where(", "where({openid:", "a=", "{a}=", "=>{", "\n", " ", "\\", "/[", "/a", "<?php '", '"""', "f'{",
    "def f(openid):\n", "secret:", "secret='ab'+", f"secret:'{SECRET}',", "'ab',", "session_key,", "state:'a',", "wx",
    "req.body.openid,", "find(req.body.openid);", "[a]\n", "a: \n ", "a.", "?.", "@Body('openid') ", "a\n", "x #",
    "select ", "import ", "from ", "openid=req.body.openid;", "lingpai: allow a,", "res.json(session_key);",
]  # fmt: skip
CONTEXT = "// wx0123456789abcdef openid session_key secret open.weixin.qq.com/connect exports.main = require('express')\n"


@pytest.mark.parametrize("kind", ["js", "py", "java", "php", "vue", "yml"])
@pytest.mark.parametrize("word", LONG)
def test_no_repetition_holds_the_scan_up(kind, word):
    opening = "<?php\n" if kind == "php" else ""
    scan_text(f"a.{kind}", opening + CONTEXT + word * (SIZE // len(word)), {})
