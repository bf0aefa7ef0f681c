"""Both languages, everywhere, as people write them."""

import re
from pathlib import Path

import pytest

import lingpai
from lingpai.admin.app_settings import APP_SETTINGS
from lingpai.config import SETTINGS
from lingpai.errors import (
    CATALOGUE,
    CLIENT_ERRORS,
    ERRCODES,
    ProblemKind,
    Words,
    catalogue,
    catalogue_accounts,
    catalogue_browser,
    catalogue_open_data,
    catalogue_wechat,
)
from lingpai.scan import RULES

CHINESE = re.compile(r"[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]")


def all_words() -> dict[str, Words]:
    words = {}
    for kind in CATALOGUE.values():
        for field in ("title", "detail", "hint", "why"):
            words[f"{kind.code}.{field}"] = getattr(kind, field)
    for code, meaning in {**ERRCODES, **CLIENT_ERRORS}.items():
        words[f"{code}.means"], words[f"{code}.do"] = meaning.means, meaning.do
    for setting in SETTINGS:
        words[f"setting {setting.name}"] = setting.words
    for rule in RULES.values():
        for field in ("title", "risk", "fix"):
            words[f"{rule.id}.{field}"] = getattr(rule, field)
    for name, said in APP_SETTINGS.items():
        words[f"setting of an app {name}"] = said
    return words


@pytest.mark.parametrize("words", [pytest.param(w, id=name) for name, w in all_words().items()])
def test_a_sentence_is_there_in_both_languages(words):
    if words.en == words.zh == "{what}":
        return
    assert CHINESE.search(words.zh), words
    assert not CHINESE.search(words.en), words
    assert not HALF_WIDTH.search(words.zh), f"half-width punctuation in: {words.zh}"
    assert "\uff0c" not in words.en


def test_codes_are_stable_strings():
    assert all(re.fullmatch(r"[a-z][a-z_]+", code) for code in CATALOGUE)
    assert all(400 <= kind.status < 600 for kind in CATALOGUE.values())


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=CATALOGUE)
def test_every_problem_can_be_said_without_its_facts(kind):
    for words in (kind.title, kind.detail, kind.hint, kind.why):
        assert words.say("en")
        assert words.say("zh", {})


def test_every_problem_is_answered_somewhere():
    sources = Path(lingpai.__file__).parent
    code = "".join(f.read_text() for f in sources.rglob("*.py") if f.parent.name != "errors")
    parts = (catalogue, catalogue_accounts, catalogue_browser, catalogue_open_data, catalogue_wechat)
    tables = {name: value for part in parts for name, value in vars(part).items()}
    names = {name for name, value in tables.items() if isinstance(value, ProblemKind)}
    assert {name for name in names if not re.search(rf"\b{name}\b", code)} == set()
