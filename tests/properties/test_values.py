"""What holds for every value: languages, ids, sealing, retries, hidden secrets."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingpai.ids import new_id
from lingpai.logins.retry import retry_key, seal_result
from lingpai.secret import SealBrokenError, Sealer, Secret, open_under, seal_under
from lingpai.web.language import preferred

KEYS = {b"k001": bytes(range(32)), b"k002": bytes(range(32, 64))}
IDENTITIES = st.text(alphabet="abcdefghij|_0123456789", min_size=1, max_size=40)
PLAIN = st.binary(max_size=300)
CODES = st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=64)
NONCES = st.text(alphabet="ABCDEFabcdef0123456789+/=_-", min_size=16, max_size=128)
INSTANTS = st.integers(min_value=0, max_value=2**48 - 1)
ENTROPY = st.binary(min_size=10, max_size=10)

TAGS = st.sampled_from(["en", "en-US", "EN-gb", "zh", "zh-CN", "zh-Hant-TW", "ZH", "fr", "de-AT", "*", "ja"])
QUALITIES = st.sampled_from([None, "0", "0.0", "0.1", "0.25", "0.5", "0.9", "0.999", "1", "1.0"])


@given(st.lists(st.tuples(TAGS, QUALITIES), max_size=8), st.sampled_from([",", ", ", " ,  "]))
def test_the_language_is_the_best_of_ours_that_the_caller_reads(wishes, comma):
    header = comma.join(tag if quality is None else f"{tag};q={quality}" for tag, quality in wishes)
    ranked: list[tuple[float, int, str]] = []
    for place, (tag, quality) in enumerate(wishes):
        language = tag.lower().partition("-")[0]
        weight = 1.0 if quality is None else float(quality)
        if language in ("en", "zh") and weight > 0:
            ranked.append((-weight, place, language))
    expected = min(ranked)[2] if ranked else "en"
    assert preferred(header.encode()) == expected


@given(st.binary(max_size=600))
def test_any_bytes_as_a_wish_are_answered_in_one_of_our_languages(header):
    assert preferred(header) in ("en", "zh")


@given(INSTANTS, INSTANTS, ENTROPY, ENTROPY)
def test_ids_sort_by_age(earlier, later, entropy, other):
    if earlier > later:
        earlier, later = later, earlier
    old, young = new_id("usr", earlier, entropy), new_id("usr", later, other)
    assert len(old) == len(young) == 30
    assert (old < young) or earlier == later


@given(INSTANTS, ENTROPY, ENTROPY)
def test_two_draws_of_chance_are_two_ids(now, entropy, other):
    assert (new_id("ses", now, entropy) == new_id("ses", now, other)) == (entropy == other)


@given(PLAIN, IDENTITIES, st.sampled_from(sorted(KEYS)))
def test_what_was_sealed_opens_and_shows_nothing(plaintext, identity, current):
    sealer = Sealer(KEYS, current)
    sealed = sealer.seal(plaintext, identity)
    assert sealer.open(sealed, identity) == plaintext
    assert sealed[1:5] == current
    assert len(plaintext) < 8 or plaintext not in sealed
    # Another current key changes nothing for what was sealed before.
    assert Sealer(KEYS, min(KEYS)).open(sealed, identity) == plaintext
    assert sealer.seal(plaintext, identity) != sealed


@given(PLAIN, IDENTITIES, IDENTITIES)
def test_a_sealed_value_does_not_open_in_another_row(plaintext, identity, other):
    sealer = Sealer(KEYS, b"k001")
    sealed = sealer.seal(plaintext, identity)
    if identity != other:
        with pytest.raises(SealBrokenError):
            sealer.open(sealed, other)


@given(PLAIN, st.data())
def test_a_flipped_bit_breaks_the_seal(plaintext, data):
    sealer = Sealer(KEYS, b"k001")
    sealed = bytearray(sealer.seal(plaintext, "row"))
    bit = data.draw(st.integers(min_value=0, max_value=8 * len(sealed) - 1))
    sealed[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(SealBrokenError):
        sealer.open(bytes(sealed), "row")


@given(PLAIN, st.data())
def test_a_cut_or_lengthened_value_does_not_open(plaintext, data):
    sealer = Sealer(KEYS, b"k001")
    sealed = sealer.seal(plaintext, "row")
    cut = data.draw(st.integers(min_value=0, max_value=len(sealed) - 1))
    more = data.draw(st.binary(min_size=1, max_size=20))
    for damaged in (sealed[:cut], sealed + more, more + sealed):
        with pytest.raises(SealBrokenError):
            sealer.open(damaged, "row")


@given(st.binary(max_size=100))
def test_any_bytes_are_an_unbroken_or_a_broken_seal_and_nothing_else(sealed):
    with pytest.raises(SealBrokenError):
        Sealer(KEYS, b"k001").open(sealed, "row")


@given(PLAIN, PLAIN)
def test_fingerprints_are_equal_for_equal_secrets_only(one, other):
    sealer = Sealer(KEYS, b"k001")
    assert (sealer.fingerprint(one) == Sealer(KEYS, b"k002").fingerprint(other)) == (one == other)


@given(CODES, NONCES, CODES, NONCES)
def test_a_retry_opens_for_its_own_code_and_nonce_alone(code, nonce, other_code, other_nonce):
    sealed = seal_result(retry_key(code, nonce), "lpr_token")
    purpose = "lingpai login retry"
    assert open_under(retry_key(code, nonce), sealed, purpose) == b"lpr_token"
    for pair in ((other_code, nonce), (code, other_nonce), (other_code, other_nonce), (nonce, code)):
        if pair != (code, nonce):
            assert open_under(retry_key(*pair), sealed, purpose) is None
    assert open_under(retry_key(code, nonce), sealed, "another purpose") is None


@given(CODES, NONCES, st.integers(min_value=1, max_value=15))
def test_letters_that_move_between_code_and_nonce_make_another_key(code, nonce, moved):
    assert retry_key(code + nonce[:moved], nonce[moved:]) != retry_key(code, nonce)


@given(st.binary(max_size=60), st.binary(min_size=1, max_size=40))
def test_any_bytes_may_be_tried_as_a_retry(sealed, password):
    assert open_under(password, sealed, "purpose") is None
    assert open_under(password, seal_under(password, sealed, "purpose"), "purpose") == sealed


@given(st.text(min_size=6, max_size=60).filter(lambda text: text.strip() and text not in "Secret(…)"))
def test_a_secret_never_prints(text):
    secret = Secret(text)
    shown = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret!r:>50}",
        f"{[secret]} { ({'a': secret}) }",
        "%s".__mod__(secret),
    ]
    shown += [repr({secret}), repr((secret,)), str(Exception(secret))]
    assert all(text not in each for each in shown)
    assert secret.reveal() == text
    assert len(secret.last4) <= len(text) // 3
    assert secret == Secret(text)
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        copy.copy(secret)
