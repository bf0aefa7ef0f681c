"""A fingerprint outlives the rotation of the key that seals."""

from lingpai.secret import Sealer

OLD, NEW = bytes(range(32)), bytes(range(32, 64))


def test_a_new_sealing_key_changes_no_fingerprint():
    before = Sealer({b"zzzz": OLD}, b"zzzz")
    after = Sealer({b"zzzz": OLD, b"aaaa": NEW}, b"aaaa")
    assert after.fingerprint(b"session_key") == before.fingerprint(b"session_key")
    assert after.open(before.seal(b"x", "row"), "row") == b"x"
