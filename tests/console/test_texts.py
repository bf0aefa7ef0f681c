"""Every text of the console is there in both languages, and none is left over."""

import re
from pathlib import Path

from lingpai.web import console
from lingpai.web.console.texts import TEXTS

ROOM = Path(console.__file__).parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SOURCES = "\n".join(
    file.read_text()
    for file in (*ROOM.glob("templates/*.html"), *ROOM.glob("*.py"))
    if "texts" not in file.name
)
NAMES = {"app.slug", "flight.nonce", "nav.webhooks", "footer.version", "nothing"}


def test_every_text_a_template_asks_for_is_there():
    asked = set(re.findall(r"""\b(?:t|head)\('([a-z0-9_.]+)'\s*[,)]""", SOURCES))
    assert len(asked) > 20
    assert asked - set(TEXTS) == set()


def test_no_text_is_left_over():
    families = set(re.findall(r"""['"]([a-z_]+(?:\.[a-z_]+)*\.)['"] ~""", SOURCES))
    families |= {"said.", *re.findall(r"""f"([a-z_.]+\.)\{""", SOURCES)}
    unused = {
        key
        for key in TEXTS
        if not re.search(rf"""['"]{re.escape(key)}['"]""", SOURCES)
        and not any(key.startswith(family) for family in families)
    }
    assert unused == set()


def test_every_text_is_there_in_both_languages():
    for key, words in TEXTS.items():
        assert words.en.strip(), key
        assert words.zh.strip(), key
        assert not CHINESE.search(words.en), key
        if key not in NAMES and re.search(r"[a-z]{3}", re.sub(r"`[^`]*`|\{\w+\}", "", words.en)):
            assert CHINESE.search(words.zh), key


def test_a_text_has_the_same_blanks_and_code_in_both_languages():
    for key, words in TEXTS.items():
        for pattern in (r"\{\w+\}", r"`[^`]+`"):
            assert sorted(re.findall(pattern, words.en)) == sorted(re.findall(pattern, words.zh)), key
