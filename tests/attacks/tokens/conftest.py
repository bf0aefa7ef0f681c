"""A forge: a good token of the running server, its key, and more than 300 tokens that are not good."""

import base64
import hashlib
import hmac
import json
import string

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from lingpai.model import signing_key_identity

N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER
SPKI = serialization.PublicFormat.SubjectPublicKeyInfo


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def as_json(value):
    return value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()


class Forge:
    """A good token, the key it was signed with, and ways to make others from them."""

    def __init__(self, good, key, jwk, clock):
        self.good, self.jwk, self.clock = good, jwk, clock
        self.head, self.body, self.signature = good.split(".")
        self.header, self.claims = json.loads(unb64(self.head)), json.loads(unb64(self.body))
        self.key = key
        self.public = key.public_key()

    def signed(self, header, claims, key=None, algorithm=hashes.SHA256):
        """ES256 as RFC 7518 has it, with our key or another."""
        text = f"{b64(as_json(header))}.{b64(as_json(claims))}"
        key = key or self.key
        size = (key.curve.key_size + 7) // 8
        r, s = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(algorithm())))
        return f"{text}.{b64(r.to_bytes(size, 'big') + s.to_bytes(size, 'big'))}"

    def ours(self, **header):
        """With our own key and the good claims: only the header is at stake."""
        return self.signed({**self.header, **header}, self.claims)

    def saying(self, **claims):
        """With our own key and header: only the claims are at stake. None takes a claim away."""
        told = {name: value for name, value in {**self.claims, **claims}.items() if value is not None}
        return self.signed(self.header, told)

    def twin(self):
        """The good token with the other signature that verifies."""
        raw = unb64(self.signature)
        other = raw[:32] + (N - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")
        return f"{self.head}.{self.body}.{b64(other)}"

    def mac(self, secret, algorithm="HS256", **header):
        text = f"{b64(as_json({**self.header, 'alg': algorithm, **header}))}.{self.body}"
        kind = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}[algorithm]
        return f"{text}.{b64(hmac.new(secret, text.encode(), kind).digest())}"


def unsigned(forge):
    algorithms: tuple[object, ...] = (
        "none", "None", "NONE", "nOnE", "noNe", "none ", " none", "none\x00", "", None, 0, False, [], ["none"],
    )  # fmt: skip
    for alg in algorithms:
        head = b64(as_json({**forge.header, "alg": alg}))
        for end in ("", ".", "." + forge.signature, ".AA"):
            yield f"alg {alg!r} {end[:3]!r}", f"{head}.{forge.body}{end}"
    head = {name: value for name, value in forge.header.items() if name != "alg"}
    yield "no alg", f"{b64(as_json(head))}.{forge.body}.{forge.signature}"


def confused(forge):
    numbers = forge.public.public_numbers()
    point = forge.public.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    pem = forge.public.public_bytes(PEM, SPKI)
    thumbprint = as_json({name: forge.jwk[name] for name in ("crv", "kty", "x", "y")})
    secrets = {
        "PEM": pem,
        "PEM without its last line break": pem.strip(),
        "PEM with CRLF": pem.replace(b"\n", b"\r\n"),
        "the inside of the PEM": b"".join(pem.splitlines()[1:-1]),
        "DER": forge.public.public_bytes(DER, SPKI),
        "SSH": forge.public.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH),
        "point": point,
        "point, short": forge.public.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
        ),
        "point without its first byte": point[1:],
        "JWK": as_json(forge.jwk),
        "JWK, sorted": json.dumps(forge.jwk, sort_keys=True).encode(),
        "JWK Set": as_json({"keys": [forge.jwk]}),
        "x": forge.jwk["x"].encode(),
        "x, decoded": numbers.x.to_bytes(32, "big"),
        "y": forge.jwk["y"].encode(),
        "y, decoded": numbers.y.to_bytes(32, "big"),
        "x as digits": str(numbers.x).encode(),
        "x as hex": f"{numbers.x:064x}".encode(),
        "thumbprint": hashlib.sha256(thumbprint).digest(),
        "thumbprint, encoded": b64(hashlib.sha256(thumbprint).digest()).encode(),
        "kid": forge.jwk["kid"].encode(),
        "nothing": b"",
        "a NUL": b"\x00",
        "secret": b"secret",
        "null": b"null",
    }
    for name, secret in secrets.items():
        for algorithm in ("HS256", "HS384", "HS512"):
            yield f"{algorithm} with {name}", forge.mac(secret, algorithm)
        text = f"{forge.head}.{forge.body}"
        yield (
            f"our header, HMAC with {name}",
            f"{text}.{b64(hmac.new(secret, text.encode(), 'sha256').digest())}",
        )


def of_other_keys(forge):
    text = f"{forge.head}.{forge.body}".encode()
    for curve in (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1, ec.SECP256K1, ec.BrainpoolP256R1):
        stranger = ec.generate_private_key(curve())
        yield f"another key on {curve.name}", forge.signed(forge.header, forge.claims, stranger)
        for alg in ("ES384", "ES512", "ES256K"):
            header = {**forge.header, "alg": alg}
            yield f"{alg} on {curve.name}", forge.signed(header, forge.claims, stranger)
    for digest in (hashes.SHA1, hashes.SHA384, hashes.SHA512):
        yield f"our key, {digest.name}", forge.signed(forge.header, forge.claims, algorithm=digest)
    big = rsa.generate_private_key(65537, 2048)
    for alg in ("RS256", "PS256", "ES256"):
        header = b64(as_json({**forge.header, "alg": alg}))
        signature = big.sign(f"{header}.{forge.body}".encode(), padding.PKCS1v15(), hashes.SHA256())
        yield f"RSA as {alg}", f"{header}.{forge.body}.{b64(signature)}"
    small = ed25519.Ed25519PrivateKey.generate()
    yield "Ed25519", f"{text.decode()}.{b64(small.sign(text))}"
    for alg in ("EdDSA", "Ed25519"):
        header = b64(as_json({**forge.header, "alg": alg}))
        yield alg, f"{header}.{forge.body}.{b64(small.sign(f'{header}.{forge.body}'.encode()))}"


def with_a_key_inside(forge):
    stranger = ec.generate_private_key(ec.SECP256R1())
    numbers = stranger.public_key().public_numbers()
    jwk = {
        "kty": "EC",
        "crv": "P-256",
        "x": b64(numbers.x.to_bytes(32, "big")),
        "y": b64(numbers.y.to_bytes(32, "big")),
    }
    der = base64.b64encode(stranger.public_key().public_bytes(DER, SPKI)).decode()
    inside = {
        "jwk": jwk,
        "jwk of ours": forge.jwk,
        "jwk, symmetric": {"kty": "oct", "k": b64(b"secret")},
        "jku": "https://attacker.example/jwks",
        "jku of ours": f"{forge.claims['iss']}/oauth2/jwks",
        "jku, a file": "file:///etc/passwd",
        "x5u": "https://attacker.example/cert.pem",
        "x5c": [der],
        "x5t": b64(b"\x00" * 20),
        "x5t#S256": b64(b"\x00" * 32),
        "keys": [jwk],
    }
    for name, value in inside.items():
        field = name.partition(" ")[0].rstrip(",")
        header = {**forge.header, field: value}
        yield f"{name}, its key", forge.signed(header, forge.claims, stranger)
        yield f"{name}, its key and kid", forge.signed({**header, "kid": "theirs"}, forge.claims, stranger)
        yield f"{name}, our key", forge.signed(header, forge.claims)


def with_another_kid(forge):
    kids: tuple[object, ...] = (
        "", " ", "unknown", "../../../../dev/null", "/dev/null", "..\\..\\x", "file:///dev/null", "|ls", "$(id)",
        "' OR '1'='1", "x' UNION SELECT 'key'--", "\x00", forge.header["kid"] + "\x00", forge.header["kid"] + " ",
        forge.header["kid"].upper(), forge.header["kid"][:-1], "k" * 1_000, "密钥", "\u202e", "%00", "*",
        None, 0, 1, True, [], [forge.header["kid"]], {"kid": forge.header["kid"]}, 1e400, -1,
    )  # fmt: skip
    stranger = ec.generate_private_key(ec.SECP256R1())
    for kid in kids:
        yield f"kid {str(kid)[:30]!r}", forge.ours(kid=kid)
        yield (
            f"kid {str(kid)[:30]!r}, another key",
            forge.signed({**forge.header, "kid": kid}, forge.claims, stranger),
        )
    head = {name: value for name, value in forge.header.items() if name != "kid"}
    yield "no kid", forge.signed(head, forge.claims)
    yield "kid in its place only", forge.signed({**head, "KID": forge.header["kid"]}, forge.claims)


def with_another_header(forge):
    types: tuple[object, ...] = (
        "JWT", "jwt", "at+JWT", "AT+JWT", "application/at+jwt", "id_token", "logout+jwt", "dpop+jwt", "", None, 1, [],
    )  # fmt: skip
    for typ in types:
        yield f"typ {typ!r}", forge.ours(typ=typ)
    head = {name: value for name, value in forge.header.items() if name != "typ"}
    yield "no typ", forge.signed(head, forge.claims)
    crits: tuple[object, ...] = (["b64"], ["exp"], ["x"], [], None, "b64", ["alg"], [""], {})
    for crit in crits:
        yield f"crit {crit!r}", forge.ours(crit=crit)
    yield "b64 false", forge.ours(b64=False)
    yield "b64 false, crit", forge.ours(b64=False, crit=["b64"])
    yield "b64 true, crit", forge.ours(b64=True, crit=["b64"])
    for field in ("cty", "zip", "enc", "url", "nonce", "p2c", "epk", "iss", "exp", "x"):
        yield f"a header too many: {field}", forge.ours(**{field: "DEF"})
    kid, typ = forge.header["kid"], forge.header["typ"]
    doubles = (
        f'{{"alg":"none","alg":"ES256","typ":"{typ}","kid":"{kid}"}}',
        f'{{"alg":"ES256","alg":"none","typ":"{typ}","kid":"{kid}"}}',
        f'{{"alg":"ES256","typ":"{typ}","kid":"theirs","kid":"{kid}"}}',
        f'{{"alg":"ES256","typ":"JWT","typ":"{typ}","kid":"{kid}"}}',
    )
    for double in doubles:
        yield (
            f"twice: {double[:40]}",
            forge.signed(double.encode(), forge.claims, ec.generate_private_key(ec.SECP256R1())),
        )
    plain = json.dumps(forge.header)
    for text in (
        b"",
        b"{}",
        b"null",
        b"[]",
        b'""',
        b"1",
        b"{",
        b"\xff",
        b"\xef\xbb\xbf" + plain.encode(),
        b"[" * 3_000,
    ):
        yield f"header {text[:12]!r}", forge.signed(text, forge.claims)


def with_other_claims(forge):
    now = forge.clock.now() // 1000
    for iss in (
        "",
        "https://attacker.example",
        forge.claims["iss"] + "/",
        forge.claims["iss"].upper(),
        [forge.claims["iss"]],
        None,
        1,
    ):
        yield f"iss {iss!r}", forge.saying(iss=iss)
    ends: tuple[object, ...] = (
        now, now - 1, 0, -1, "9999999999", str(now + 900), True, 1.5, [now + 900], {}, None, "never",
    )  # fmt: skip
    for exp in ends:
        yield f"exp {exp!r}", forge.saying(exp=exp)
    for iat in (now + 6, now + 10**6, "now", 0.5, [now], None):
        yield f"iat {iat!r}", forge.saying(iat=iat)
    for name in ("sub", "sid", "jti", "client_id", "aud"):
        for value in (None, 1, True, [], [forge.claims[name]], {name: forge.claims[name]}):
            yield f"{name} {str(value)[:20]}", forge.saying(**{name: value})
    body = json.dumps(forge.claims)
    for text in (
        b"",
        b"{}",
        b"null",
        b"[]",
        body.encode()[:-1],
        body.encode("utf-16"),
        b"\xff" + body.encode(),
        b"[" * 900,
    ):
        yield f"claims {text[:8]!r}", forge.signed(forge.header, text)
    expired = body.replace(f'"exp": {forge.claims["exp"]}', f'"exp": {now + 900}, "exp": {now - 900}')
    yield "exp twice, the last is over", forge.signed(forge.header, expired.encode())


def bent(forge):
    head, body, signature = forge.head, forge.body, forge.signature
    raw = unb64(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    text = f"{head}.{body}"
    der = forge.key.sign(text.encode(), ec.ECDSA(hashes.SHA256()))
    signatures = {
        "DER": der,
        "nothing": b"",
        "zeros": b"\x00" * 64,
        "r = 0": b"\x00" * 32 + raw[32:],
        "s = 0": raw[:32] + b"\x00" * 32,
        "r = n": N.to_bytes(32, "big") + raw[32:],
        "s = n": raw[:32] + N.to_bytes(32, "big"),
        "r = s = 1": (b"\x00" * 31 + b"\x01") * 2,
        "ones": b"\xff" * 64,
        "63 bytes": raw[:63],
        "65 bytes": raw + b"\x00",
        "a zero in front": b"\x00" + raw,
        "each half with a zero in front": b"\x00" + raw[:32] + b"\x00" + raw[32:],
        "half": raw[:32],
        "twice": raw + raw,
        "halves swapped": raw[32:] + raw[:32],
        "n - r": (N - r).to_bytes(32, "big") + raw[32:],
        "s + n": raw[:32] + ((s + N) % 2**256).to_bytes(32, "big"),
        "96 bytes": raw + b"\x00" * 32,
    }
    for name, other in signatures.items():
        yield f"signature: {name}", f"{text}.{b64(other)}"
    for bit in range(0, 512, 16):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << (bit % 8)
        yield f"signature, bit {bit}", f"{text}.{b64(bytes(flipped))}"
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    spare = alphabet.index(signature[-1])
    for other in range(spare & ~15, (spare & ~15) + 16):
        if other != spare:
            yield f"spare bits {other & 15}", f"{text}.{signature[:-1]}{alphabet[other]}"
    for position in range(0, len(body), max(1, len(body) // 24)):
        letter = "A" if body[position] != "A" else "B"
        yield (
            f"claims, letter {position}",
            f"{head}.{body[:position]}{letter}{body[position + 1 :]}.{signature}",
        )


def misspelt(forge):
    head, body, signature = forge.head, forge.body, forge.signature
    good = forge.good
    shapes = (
        "x", ".", "..", "...", f"{head}", f"{head}.", f"{head}..", f"{head}.{body}", f"{head}.{body}.", f".{body}.{signature}",
        f"..{signature}", f"{head}..{signature}", f"{good}.", f".{good}", f"{good}.{signature}", f"{good}.x", f"{good}..",
        f"{head}.{body}.{signature}.{body}.{signature}", f"{good}=", f"{good}==", f"{head}=.{body}.{signature}",
        f"{head}.{body}=.{signature}", f"{good}!", f"{good}%00", f"{good}\\n", f"{good},{good}", f"{good};{good}",
        f'"{good}"', f"'{good}'", f"{head} .{body}.{signature}", f"{head}. {body}.{signature}", f"{head}.{body}. {signature}",
        f"{head}.{body}.{signature[:40]} {signature[40:]}", f"{head}.{body}.{signature[:40]}!{signature[40:]}",
        f"{head}.{body}.{signature[:40]}={signature[40:]}", good[:-1], good[:-2], good[1:], good + "A", good + "AA",
        good[::-1], good.upper(), good.lower(), good.swapcase(), good.replace(".", ","), good.replace(".", "%2e"),
        good * 2, good * 20, f"Bearer {good}", f"{good} {good}", f"{head}.{body}.{signature}é", f"é{good}",
        good.replace(".", "．"), f"{head}.{body}.{base64.b64encode(unb64(signature)).decode()}", good.encode().hex(),
        b64(good.encode()), "A" * 2_000, "." * 2_000, "lpr_" + "A" * 43, "lps_" + "A" * 43, "null", "undefined",
        "[object Object]", "{}", "true", "0", forge.claims["sid"], forge.claims["jti"], forge.claims["sub"], "x" * 60_000,
    )  # fmt: skip
    for number, shape in enumerate(shapes):
        yield f"shape {number}: {shape[:20]}", shape
    for header in ({"alg": "dir", "enc": "A256GCM"}, {"alg": "ECDH-ES", "enc": "A256GCM", "zip": "DEF"}):
        parts = [
            b64(as_json({**forge.header, **header})),
            "",
            b64(b"\x00" * 12),
            b64(b"\x00" * 900),
            b64(b"\x00" * 16),
        ]
        yield f"JWE {header['alg']}", ".".join(parts)
    flat = {"payload": body, "protected": head, "signature": signature}
    yield "JSON serialization, flattened", json.dumps(flat, separators=(",", ":"))
    yield "JSON serialization", json.dumps({"payload": body, "signatures": [flat]}, separators=(",", ":"))


FORGERIES = (
    unsigned,
    confused,
    of_other_keys,
    with_a_key_inside,
    with_another_kid,
    with_another_header,
    with_other_claims,
    bent,
    misspelt,
)


@pytest.fixture
async def forge(stack):
    answer = await stack.signed_in()
    (row,) = await stack.store.keys.signing()
    pem = stack.running.server.sealer.open(row.sealed_private, signing_key_identity(row.kid))
    private = serialization.load_pem_private_key(pem, None)
    return Forge(answer["access_token"], private, json.loads(row.public_jwk), stack.clock)


@pytest.fixture
def forgeries(forge):
    made = {name: token for kind in FORGERIES for name, token in kind(forge)}
    assert len(made) >= 300
    assert forge.good not in made.values()
    return made
