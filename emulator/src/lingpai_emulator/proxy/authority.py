"""Who vouches for the emulator as WeChat: a certificate authority that can sign for WeChat's hosts and nobody else.

The constraint stands in its own certificate (RFC 5280, section 4.2.1.10). Whoever steals the key of somebody
who trusts it can pretend to be WeChat to that one machine, and to be no bank, mail or package server.
"""

import datetime as dt
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lingpai_emulator.domains import HOSTS

_NAME: Final = "lingpai-emulator throw-away CA"
_DAY: Final = 86_400
_BEFORE: Final = _DAY  # clocks of containers and phones run a little apart
_LIFE: Final = 365 * _DAY
_TOO_OLD: Final = 30 * _DAY  # a kept authority with less than this left is made anew


@dataclass(frozen=True, repr=False)
class Authority:
    """A key and the certificate that goes with it."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The private key, unencrypted."""
        return _pem(self.key)


def new_authority(now: float) -> Authority:
    """A fresh authority, good for a year. `now` in Unix seconds, by the machine's clock."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _NAME)])
    builder = (
        _begun(name, name, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(_for_hosts_alone(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return Authority(key, builder.sign(key, hashes.SHA256()))


def read_authority(certificate: bytes, key: bytes, now: float) -> Authority | None:
    """An authority from its two PEM files, or None when it is not to be used any longer.

    That is: nearly expired, for other hosts than today's, or of two halves that do not belong together.
    Raises ValueError when the files are no PEM.
    """
    known = x509.load_pem_x509_certificate(certificate)
    private = serialization.load_pem_private_key(key, password=None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        return None
    try:
        known.verify_directly_issued_by(known)
        constraints = known.extensions.get_extension_for_class(x509.NameConstraints).value
    except (InvalidSignature, TypeError, x509.ExtensionNotFound):
        return None
    fits = private.public_key() == known.public_key() and constraints == _for_hosts_alone()
    lives = known.not_valid_after_utc.timestamp() - now > _TOO_OLD
    return Authority(private, known) if fits and lives else None


def new_leaf(authority: Authority, now: float) -> bytes:
    """Key and certificate for all of WeChat's hosts, as one PEM text, for the server side of TLS."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOSTS[0])])
    issuer = authority.certificate
    signed_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    builder = (
        _begun(name, issuer.subject, key.public_key(), now, until=issuer.not_valid_after_utc)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(signed_by, critical=False)
    )
    leaf = builder.sign(authority.key, hashes.SHA256())
    return _pem(key) + leaf.public_bytes(serialization.Encoding.PEM)


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: float,
    until: dt.datetime | None = None,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_instant(now - _BEFORE))
        .not_valid_after(until or _instant(now + _LIFE))
    )


def _for_hosts_alone() -> x509.NameConstraints:
    """WeChat's hosts are allowed, which leaves every other name out; addresses have to be left out by name."""
    nowhere = [x509.IPAddress(ip_network("0.0.0.0/0")), x509.IPAddress(ip_network("::/0"))]
    return x509.NameConstraints([x509.DNSName(host) for host in HOSTS], nowhere)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _instant(unix: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(unix, dt.UTC)
