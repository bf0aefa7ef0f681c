"""Is every errcode and every switch accounted for in FAITHFULNESS.md?"""

import msgspec

from lingpai_emulator import errcodes
from lingpai_emulator.pages.texts import WORDS
from lingpai_emulator.switches import Switches


def _words(row):
    """What the table shows of an errmsg: enough to tell two rows of one errcode apart."""
    return "getStableAccessToken" if "getStableAccessToken" in row.errmsg else row.errmsg.split(" 203")[0]


def test_every_errcode_has_a_row_that_says_the_same(behaviours):
    for row in errcodes.ROWS:
        matching = [
            known
            for known in behaviours
            if known.says.startswith(f"errcode {row.errcode} ") and _words(row) in known.says
        ]
        assert len(matching) == 1, row
        assert (matching[0].kind, matching[0].rests_on) == (row.mark, row.source)


def test_no_row_names_an_errcode_the_emulator_does_not_know(behaviours):
    named = [int(known.says.split()[1]) for known in behaviours if known.says.startswith("errcode ")]
    assert sorted(named) == sorted(row.errcode for row in errcodes.ROWS)


def test_every_error_page_has_a_row_with_its_words(behaviours):
    rows = {f"error page {number} `{words}`" for number, words in WORDS.items()}
    assert rows == {known.says for known in behaviours if known.says.startswith("error page ")}


def test_every_switch_has_a_row_and_every_named_switch_exists(behaviours):
    named = {known.switch.strip("`") for known in behaviours} - {"–"}
    assert named == set(msgspec.structs.asdict(Switches()))


def test_every_row_is_documented_observed_or_guessed(behaviours):
    assert {known.kind for known in behaviours} == {"documented", "observed", "guessed"}


def test_a_row_that_is_no_guess_names_its_source(behaviours):
    assert [known.says for known in behaviours if known.kind != "guessed" and known.rests_on == "–"] == []
