"""What a stranger writes stays text, stays short and stays in its place."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.async_api import Page

from lingpai.testing.server import RunningServer
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


async def test_hostile_nicknames_neither_act_nor_spill(
    filled: RunningServer, tab: Page, complaints: list[str]
):
    for path in ("/console", *(f"/console/users/usr_01jd{number:022}" for number in range(5))):
        await tab.goto(filled.url + path)
        assert "stolen" not in await tab.title()
        assert await tab.locator("bdi img, bdi script, bdi b").count() == 0
        assert await tab.evaluate(
            "[...document.querySelectorAll('.nickname')].every(e => e.getBoundingClientRect().height < 60)"
        )
    assert complaints == []


async def test_a_row_after_a_right_to_left_name_reads_from_the_left(filled: RunningServer, tab: Page):
    await tab.goto(f"{filled.url}/console")
    row = tab.locator("#users tr", has=tab.locator("bdi", has_text="gpj.exe"))
    name, since = row.locator("td").nth(1), row.locator("td").nth(2)
    name_box, since_box = await name.bounding_box(), await since.bounding_box()
    assert name_box
    assert since_box
    assert name_box["x"] < since_box["x"]
    assert (await since.inner_text()).strip()[:4] == "2025" or (await since.inner_text()).strip()[
        :4
    ] == "2026"
