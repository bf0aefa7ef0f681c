"""Where the proxy's certificates lie: a folder of the run's own, or one that somebody wants to keep."""

import os
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.proxy.authority import Authority, new_authority, new_leaf, read_authority

CERTIFICATE: Final = "ca.pem"
BUNDLE: Final = "bundle.pem"
_KEY: Final = "ca-key.pem"
# Where the roots of the system are, when OpenSSL was built elsewhere and does not know.
_ROOTS: Final = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
)


@dataclass(frozen=True)
class Trust:
    """`certificate` is the authority's alone; `bundle` has the machine's usual roots as well."""

    certificate: Path
    bundle: Path
    context: ssl.SSLContext


@contextmanager
def trust(folder: Path | None, now: float) -> Iterator[Trust]:
    """The files, until the block ends, and the server side of TLS that they vouch for.

    Without a folder the authority's key never reaches a disk, and the rest is removed in the end.
    Raises MistakeError when the folder cannot be used.
    """
    if folder is not None:
        try:
            yield _written(folder, _kept(folder, now), now)
        except OSError as error:
            raise MistakeError(f"--proxy-ca {folder}: {error.strerror or error}.") from error
        return
    with tempfile.TemporaryDirectory(prefix="lingpai-emulator-") as made:
        yield _written(Path(made), new_authority(now), now)


def _kept(folder: Path, now: float) -> Authority:
    """The folder's authority; a new one where there is none or it is not to be used any longer."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    certificate, key = folder / CERTIFICATE, folder / _KEY
    if certificate.exists() and key.exists():
        try:
            known = read_authority(certificate.read_bytes(), key.read_bytes(), now)
        except ValueError as error:
            raise MistakeError(
                f"--proxy-ca {folder}: {CERTIFICATE} or {_KEY} is damaged. Remove both to have them made anew."
            ) from error
        if known is not None:
            return known
    made = new_authority(now)
    _put(key, made.key_pem, secret=True)
    return made


def _written(folder: Path, authority: Authority, now: float) -> Trust:
    certificate, bundle = folder / CERTIFICATE, folder / BUNDLE
    _put(certificate, authority.pem)
    _put(bundle, _system_roots() + authority.pem)
    return Trust(certificate, bundle, _server_side(new_leaf(authority, now)))


def _server_side(leaf: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    # The ssl module reads keys from files only. This one is gone before anybody connects.
    with tempfile.TemporaryDirectory(prefix="lingpai-emulator-") as made:
        file = Path(made) / "leaf.pem"
        _put(file, leaf, secret=True)
        context.load_cert_chain(file)
    return context


def _system_roots() -> bytes:
    known = ssl.get_default_verify_paths()
    for name in (known.openssl_cafile, *_ROOTS):
        if Path(name).is_file():
            return Path(name).read_bytes().rstrip() + b"\n"
    return b""


def _put(file: Path, content: bytes, *, secret: bool = False) -> None:
    """Write a file whole or not at all; a secret one is never readable by others, not even for a moment."""
    mode = 0o600 if secret else 0o644
    handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as made:
            made.write(content)
        Path(name).chmod(mode)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
