"""Can the throw-away authority vouch for WeChat, and for nobody else?"""

import datetime as dt
import os
import ssl
import stat
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from lingpai_emulator.domains import HOSTS
from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.proxy.authority import new_authority, new_leaf, read_authority
from lingpai_emulator.proxy.files import trust

NOW = 1_800_000_000.0
DAY = 86_400


def _forged(authority, names):
    """A certificate for other names, signed with the authority's stolen key."""
    key = authority.key
    now = dt.datetime.fromtimestamp(NOW, dt.UTC)
    builder = x509.CertificateBuilder().subject_name(x509.Name([])).issuer_name(authority.certificate.subject)
    builder = builder.public_key(key.public_key()).serial_number(7)
    builder = builder.not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=True)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
    )
    return builder.sign(key, hashes.SHA256())


def _verified(authority, leaf, subject):
    policy = (
        PolicyBuilder().store(Store([authority.certificate])).time(dt.datetime.fromtimestamp(NOW, dt.UTC))
    )
    return policy.build_server_verifier(subject).verify(leaf, [])


def _openssl(tmp_path, authority, leaf, *check):
    """What OpenSSL says, which most programs ask: exit code and words."""
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    (tmp_path / "leaf.pem").write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    command = [
        "openssl",
        "verify",
        "-x509_strict",
        "-attime",
        str(int(NOW)),
        "-CAfile",
        "ca.pem",
        *check,
        "leaf.pem",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("host", HOSTS)
def test_its_certificate_is_good_for_each_of_wechats_hosts(tmp_path, host):
    authority = new_authority(NOW)
    leaf = x509.load_pem_x509_certificate(
        new_leaf(authority, NOW).partition(b"-----END PRIVATE KEY-----\n")[2]
    )
    assert _openssl(tmp_path, authority, leaf, "-verify_hostname", host)[0] == 0


@pytest.mark.parametrize(
    "names",
    [
        [x509.DNSName("example.com")],
        [x509.DNSName("weixin.qq.com")],
        [x509.DNSName("api.weixin.qq.com"), x509.DNSName("mail.example.com")],
        [x509.DNSName("*.qq.com")],
    ],
)
def test_with_its_stolen_key_nobody_can_be_anybody_else(tmp_path, names):
    authority = new_authority(NOW)
    leaf = _forged(authority, names)
    code, said = _openssl(tmp_path, authority, leaf)
    assert code != 0
    assert "permitted subtree violation" in said
    with pytest.raises(VerificationError):
        _verified(authority, leaf, x509.DNSName(names[-1].value.replace("*", "www")))


def test_nor_any_address(tmp_path):
    from ipaddress import ip_address

    for address in ("127.0.0.1", "::1", "203.0.113.7"):
        authority = new_authority(NOW)
        code, said = _openssl(tmp_path, authority, _forged(authority, [x509.IPAddress(ip_address(address))]))
        assert code != 0
        assert "excluded subtree violation" in said


def test_it_can_make_no_other_authority():
    basic = new_authority(NOW).certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (basic.critical, basic.value.ca, basic.value.path_length) == (True, True, 0)


def test_no_private_key_of_a_throw_away_authority_is_ever_kept():
    with trust(None, NOW) as trusted:
        folder = trusted.certificate.parent
        assert sorted(file.name for file in folder.iterdir()) == ["bundle.pem", "ca.pem"]
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert all(b"PRIVATE" not in file.read_bytes() for file in folder.iterdir())
    assert not folder.exists()


def test_the_bundle_has_the_systems_roots_too():
    with trust(None, NOW) as trusted:
        alone = ssl.create_default_context(cafile=str(trusted.certificate)).cert_store_stats()["x509_ca"]
        together = ssl.create_default_context(cafile=str(trusted.bundle)).cert_store_stats()["x509_ca"]
    assert alone == 1
    assert together > 1


def test_each_start_has_another_authority_unless_a_folder_keeps_it(tmp_path):
    with trust(None, NOW) as one, trust(None, NOW) as other:
        assert one.certificate.read_bytes() != other.certificate.read_bytes()
    with trust(tmp_path / "ca", NOW) as kept:
        first = kept.certificate.read_bytes()
    with trust(tmp_path / "ca", NOW + DAY) as kept:
        assert kept.certificate.read_bytes() == first


def test_a_kept_key_is_nobody_elses_to_read(tmp_path):
    with trust(tmp_path / "ca", NOW):
        pass
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "ca").iterdir()}
    assert modes == {"ca.pem": 0o644, "bundle.pem": 0o644, "ca-key.pem": 0o600}
    assert stat.S_IMODE((tmp_path / "ca").stat().st_mode) == 0o700


def test_a_kept_authority_that_ends_soon_is_made_anew(tmp_path):
    with trust(tmp_path, NOW) as kept:
        first = kept.certificate.read_bytes()
    with trust(tmp_path, NOW + 340 * DAY) as kept:
        assert kept.certificate.read_bytes() != first


def test_a_key_of_another_authority_is_not_believed():
    one, other = new_authority(NOW), new_authority(NOW)
    assert read_authority(one.pem, one.key_pem, NOW) is not None
    assert read_authority(one.pem, other.key_pem, NOW) is None


def test_a_kept_authority_without_our_constraint_is_made_anew(tmp_path):
    """Somebody's own root, put into the folder, must not sign for the emulator."""
    authority = new_authority(NOW)
    name = authority.certificate.subject
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(7)
    builder = builder.public_key(authority.key.public_key())
    now = dt.datetime.fromtimestamp(NOW, dt.UTC)
    builder = builder.not_valid_before(now).not_valid_after(now + dt.timedelta(days=365))
    root = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(
        authority.key, hashes.SHA256()
    )
    pem = root.public_bytes(serialization.Encoding.PEM)
    assert read_authority(pem, authority.key_pem, NOW) is None


def test_a_damaged_folder_says_what_to_do(tmp_path):
    (tmp_path / "ca.pem").write_text("nothing", encoding="utf-8")
    (tmp_path / "ca-key.pem").write_text("nothing", encoding="utf-8")
    with pytest.raises(MistakeError, match="Remove both"), trust(tmp_path, NOW):
        pass


@pytest.mark.skipif(os.name == "nt", reason="a file in place of the folder is another error there")
def test_a_folder_that_is_none_says_so(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(MistakeError, match="--proxy-ca"), trust(tmp_path / "file", NOW):
        pass
