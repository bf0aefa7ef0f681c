"""One dictionary of errors: nothing is missing, nothing stands twice, every spelling finds its entry."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingpai.errors import CATALOGUE, CLIENT_ERRORS, ENTRIES, ERRCODES, look_up, near
from lingpai.errors.client_errors import SPELLINGS
from lingpai.wechat import Errcode

# The first set that developers meet most.
SHIPPED = [
    "-1",
    "40001",
    "40003",
    "40013",
    "40014",
    "40029",
    "40030",
    "40125",
    "40163",
    "40164",
    "40226",
    "40243",
    "41001",
    "41002",
    "41004",
    "41008",
    "42001",
    "42002",
    "43002",
    "44002",
    "45009",
    "45011",
    "47001",
    "48001",
    "48004",
    "50001",
    "50002",
    "61004",
    "61007",
    "87007",
    "87008",
    "87009",
    "10003",
    "10004",
    "10005",
    "10006",
    "10009",
    "10010",
    "10011",
    "10012",
    "10013",
    "10015",
    "600002",
    "1400001",
    "-41001",
    "-41002",
    "-41003",
    "-41004",
    "-41005",
]


def names(text):
    return [entry.name for entry in look_up(text)]


def test_every_errcode_of_the_client_has_an_entry():
    assert {str(code.value) for code in Errcode} - ERRCODES.keys() == set()


def test_what_wechat_writes_is_written_the_same_in_both_tables():
    differing = {
        str(code.value)
        for code in Errcode
        if code.errmsg and ERRCODES[str(code.value)].errmsg not in ("", code.errmsg)
    }
    assert differing == set()


def test_no_name_stands_in_two_tables():
    assert len(ENTRIES) == len(CATALOGUE) + len(ERRCODES) + len(CLIENT_ERRORS)


def test_every_spelling_belongs_to_an_entry_and_to_one_alone():
    assert SPELLINGS.keys() <= ENTRIES.keys()
    everything = [spelling.casefold() for spellings in SPELLINGS.values() for spelling in spellings]
    assert len(everything) == len(set(everything))


def test_no_sentence_is_said_by_two_entries_of_one_table():
    causes = [meaning.means.en for meaning in ERRCODES.values()]
    repeated = {cause for cause in causes if causes.count(cause) > 1}
    # Two numbers of WeChat for one and the same thing.
    assert repeated <= {
        "The server's address is not on the app's allow-list.",
        "The account has not authorised the third-party platform.",
    }


@pytest.mark.parametrize("text", SHIPPED)
def test_a_number_is_found_alone_and_within_a_message(text):
    (name,) = names(text)
    assert names(f"errcode: {text}, errmsg: something, rid: 65ab-1f") == [name]
    assert names(f'{{"errcode":{text},"errmsg":"x"}}') == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pad block corrupted", "session_key_stale"),
        ("javax.crypto.BadPaddingException: pad block corrupted", "session_key_stale"),
        ("error:06065064:digital envelope routines:EVP_DecryptFinal_ex:bad decrypt", "session_key_stale"),
        ("填充无效，无法被移除。", "session_key_stale"),
        ("ILLEGAL_BUFFER", "session_key_stale"),
        ("The given payload is invalid", "session_key_stale"),
        ("the code is a mock one", "devtools_mock_code"),
        ("api scope is not declared in the privacy agreement", "privacy-scope"),
        ("getUserProfile:fail privacy permission is not authorized", "privacy-permission"),
        ("http://a.example 不在以下 request 合法域名列表中", "600002"),
        ("redirect_uri 域名与后台配置不一致", "10003"),
        ("code been used, rid: 6543-2", "40163"),
        ("Code Been Used", "40163"),
        ("session key stale", "session_key_stale"),
    ],
)
def test_a_message_as_it_was_met_finds_its_entry(text, name):
    assert name in names(text)


@pytest.mark.parametrize("text", ["", " ", "hello", "40028", "-40029", "4002", "v40029b", "is", "the"])
def test_what_is_not_known_is_not_guessed(text):
    assert names(text) == []


def test_near_names_what_may_have_been_meant():
    assert near("code_usedd")[0] == "code_used"
    assert near("pad blok corupted")[0] == "session_key_stale"


@given(st.text(max_size=300))
def test_any_text_can_be_looked_up(text):
    assert all(entry.name in ENTRIES for entry in look_up(text))
    assert set(near(text)) <= ENTRIES.keys()


def test_the_page_of_the_documentation_shows_every_entry_in_both_languages():
    for folder in ("en", "zh-CN"):
        text = Path(f"docs/{folder}/reference/wechat-errcodes.md").read_text("utf-8")
        shown = set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))
        assert shown == ERRCODES.keys() | CLIENT_ERRORS.keys()
        assert all(spelling in text for spellings in SPELLINGS.values() for spelling in spellings)
