"""What a stranger writes stays text, stays short and stays in its place."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingpai.web.pages.untrusted import calm


@given(st.text(max_size=2000), st.integers(1, 60))
def test_calm_text_is_short_and_holds_nothing_that_acts(text: str, longest: int):
    shown = calm(text, longest)
    assert len(shown) <= longest + 1
    assert all(unicodedata.category(letter) not in {"Cc", "Cs"} for letter in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


@pytest.mark.parametrize(
    "name", ["小明", "José", "Łukasz", "สมชาย", "क्षत्रिय", "مریم", "👩‍👩‍👧", "a b", "O'Neil & <Söhne>"]
)
def test_an_honest_name_stays_as_it_is(name: str):
    assert calm(name) == name


def test_what_is_cut_says_so():
    assert calm("长" * 10_000) == "长" * 40 + "…"
    assert calm("\u202e" * 10_000 + "x").endswith("…")
