"""Values to store, all different, and none with a field left at its default."""

import hashlib
from typing import Any, Final

from msgspec.structs import replace

from lingpai.model import (
    App,
    AppSecretVersion,
    AppSettings,
    Avatar,
    Brought,
    Claim,
    Draw,
    Erasure,
    ImportBatch,
    ImportedPerson,
    ImportRun,
    KeyUse,
    KeyWrap,
    LoginEvent,
    NewLogin,
    NewSessionKey,
    OAuthState,
    Phone,
    ProfileChange,
    ProfileDetails,
    Rotation,
    SealingKey,
    ServiceKey,
    Setback,
    SigningKey,
    Ticket,
    TokenTrouble,
    UserToken,
    VaultNode,
)

START: Final = 1_760_000_000_000
"""When the samples happen, in milliseconds."""
LIFETIME: Final = 86_400_000
GRACE: Final = 30_000
APPID: Final = "wx00000000000000a1"
OTHER_APPID: Final = "wx00000000000000b2"
THIRD_APPID: Final = "wx00000000000000c3"
PLATFORM: Final = "op_sample"


def digest(text: str) -> bytes:
    """32 bytes that stand for `text`."""
    return hashlib.sha256(text.encode()).digest()


def login(n: int, **changes: Any) -> NewLogin:
    """Login number `n`, of a person and with a code of its own; it happens `n` ms after START."""
    sample = NewLogin(
        appid=APPID,
        openid=f"oSample{n:06}",
        unionid=f"uSample{n:06}",
        open_platform=PLATFORM,
        code_digest=digest(f"code {n}"),
        sealed_result=b"sealed result %d" % n,
        new_user_id=f"usr_{n:08}",
        session_id=f"ses_{n:08}",
        session_expires_at=START + n + LIFETIME,
        refresh_digest=digest(f"refresh {n}"),
        session_key=session_key(n),
        user_agent=f"MicroMessenger/8.0.{n}",
        at=START + n,
        event_id=f"evt_{n:08}",
        request_id=f"req_{n:08}",
        duration_ms=7 + n,
        kind="browser",
    )
    return replace(sample, **changes)


def session_key(n: int) -> NewSessionKey:
    return NewSessionKey(fingerprint=digest(f"key {n}")[:16], sealed=b"sealed key %d" % n)


def event(n: int, **changes: Any) -> LoginEvent:
    sample = LoginEvent(
        id=f"evt_{n:08}",
        at=START + n,
        appid=APPID,
        result="code_used",
        request_id=f"req_{n:08}",
        duration_ms=5 + n,
        user_id=f"usr_{n:08}",
        session_id=f"ses_{n:08}",
        is_new=True,
        errcode=40163,
        rid=f"rid-{n}",
        note="unionid_of_another_user",
        kind="phone",
    )
    return replace(sample, **changes)


def rotation(n: int, old: bytes, **changes: Any) -> Rotation:
    """The wish to replace the token with digest `old` by successor number `n`."""
    sample = Rotation(
        old_digest=old,
        new_digest=digest(f"successor {n}"),
        successor=b"sealed successor %d" % n,
        client_tag=digest(f"client {n}")[:16],
        at=START + 1_000,
        grace=GRACE,
    )
    return replace(sample, **changes)


def details(n: int) -> ProfileDetails:
    return ProfileDetails(
        gender=1 + n % 2, language="zh_CN", country="CN", province=f"省 {n}", city=f"市 {n}"
    )


def profile_change(n: int, **changes: Any) -> ProfileChange:
    sample = ProfileChange(
        nickname=f"小明 {n}",
        avatar_url=f"https://example.com/{n}.jpg",
        details=details(n),
        source="wechat",
        at=START + n,
    )
    return replace(sample, **changes)


def phone(n: int, **changes: Any) -> Phone:
    """The phone number of user number `n`."""
    sample = Phone(
        user_id=f"usr_{n:08}",
        sealed=b"sealed phone %d" % n,
        blind_index=digest(f"phone {n}")[:16],
        code_digest=digest(f"phone code {n}"),
        appid=APPID,
        verified_at=START + n,
    )
    return replace(sample, **changes)


def avatar(n: int, **changes: Any) -> Avatar:
    """A picture of user number `n`."""
    sample = Avatar(url=f"/avatars/{n:032x}.jpg", user_id=f"usr_{n:08}", at=START + 100 + n)
    return replace(sample, **changes)


def erasure(n: int, **changes: Any) -> Erasure:
    sample = Erasure(id=f"era_{n:08}", user_digest=digest(f"erased {n}"), at=START + 200 + n)
    return replace(sample, **changes)


def imported(n: int, **changes: Any) -> ImportedPerson:
    """Person number `n` of another table."""
    sample = ImportedPerson(
        openid=f"oImported{n:06}",
        unionid=f"uImported{n:06}",
        user_id=f"usr_{n:08}",
        created_at=START - 1_000 + n,
        nickname=f"小红 {n}",
        avatar_url=f"https://example.com/old/{n}.jpg",
        details=details(n),
    )
    return replace(sample, **changes)


def import_run(**changes: Any) -> ImportRun:
    sample = ImportRun(
        name=digest("import").hex(),
        appid=APPID,
        cursor='["oImported000009"]',
        tally={"refused": 3},
        started_at=START + 1,
        updated_at=START + 2,
        finished_at=START + 3,
    )
    return replace(sample, **changes)


def import_batch(*people: ImportedPerson, **run: Any) -> ImportBatch:
    return ImportBatch(run=import_run(**run), open_platform=PLATFORM, people=people)


def draw(name: str, limit: int = 2) -> Draw:
    return Draw(name=name, limit=limit)


def app(n: int, **changes: Any) -> App:
    sample = App(
        appid=f"wx{n:016x}",
        slug=f"app-{n}",
        kind="official_account",
        name=f"应用 {n}",
        open_platform=PLATFORM,
        created_at=START + n,
        settings=AppSettings(phone_by_encrypted_data=True, compat=True),
    )
    return replace(sample, **changes)


def secret(n: int, version: int = 1, **changes: Any) -> AppSecretVersion:
    """A version of the AppSecret of app number `n`, in force."""
    sample = AppSecretVersion(
        appid=app(n).appid,
        version=version,
        sealed=b"sealed secret %d of %d" % (version, n),
        last4=f"{version:04}",
        created_at=START + version,
        state="current",
        changed_at=START + version + 100,
        probed_at=START + version + 50,
        trouble=TokenTrouble("refused", 40125, f"invalid appsecret {n}", f"rid-{version}"),
    )
    return replace(sample, **changes)


def signing_key(n: int, **changes: Any) -> SigningKey:
    sample = SigningKey(
        kid=f"kid-{n}",
        sealed_private=b"sealed private %d" % n,
        public_jwk=f'{{"kty":"EC","kid":"kid-{n}"}}',
        created_at=START + n,
        active_at=START + n + 1_000,
        retired_at=START + n + 5_000,
    )
    return replace(sample, **changes)


def sealing_key(n: int, **changes: Any) -> SealingKey:
    sample = SealingKey(
        id=n.to_bytes(4, "big"),
        wrapped=b"wrapped %d" % n,
        created_at=START + n,
        active_at=START + n + 10,
        canary=b"canary %d" % n,
    )
    return replace(sample, **changes)


def key_wrap(name: str, master: int = 1) -> KeyWrap:
    return KeyWrap(name=name, master=f"{master:016x}", wrapped=f"{name} under {master}".encode())


def wraps_of(*keys: SealingKey, master: int = 1) -> list[KeyWrap]:
    """The wraps of these keys, and of the key of fingerprints, under one master key."""
    return [key_wrap(name, master) for name in (*(key.id.hex() for key in keys), "fingerprint")]


def vault_node(n: int, **changes: Any) -> VaultNode:
    sample = VaultNode(
        node=f"node-{n}", master=f"{n:016x}", sealing=f"{n:08x}", known=(f"{n:08x}",), seen_at=START + n
    )
    return replace(sample, **changes)


def service_key(n: int, **changes: Any) -> ServiceKey:
    sample = ServiceKey(
        id=f"svc_{n:08}",
        name=f"backend-{n}",
        digest=digest(f"service {n}"),
        last4=f"{n:04}",
        scopes=("access_token", f"introspect:app-{n}"),
        created_at=START + n,
        revoked_at=START + n + 9_000,
        last_used_at=START + n + 7_000,
    )
    return replace(sample, **changes)


def key_use(n: int, **changes: Any) -> KeyUse:
    sample = KeyUse(
        key_id=f"svc_{n:08}",
        appid=APPID,
        action="access_token",
        generation=n,
        uses=100 + n,
        first_at=START + n,
        last_at=START + n + 500,
    )
    return replace(sample, **changes)


def claim(n: int, **changes: Any) -> Claim:
    """A claim of node `n`, on an app whose token nobody has fetched."""
    sample = Claim(
        appid=APPID,
        kind="stable",
        generation=0,
        owner=f"node-{n}",
        lease=20_000,
        secret_version=n,
        why="renew",
        urgent=True,
        breaking=False,
    )
    return replace(sample, **changes)


def brought(fence: int, **changes: Any) -> Brought:
    sample = Brought(
        appid=APPID,
        kind="stable",
        fence=fence,
        sealed=b"sealed token %d" % fence,
        asked_ago=200,
        expires_in=7_200_000,
        renew_in=6_900_000,
        replaced=True,
    )
    return replace(sample, **changes)


def setback(fence: int, **changes: Any) -> Setback:
    sample = Setback(
        appid=APPID,
        kind="stable",
        fence=fence,
        state="blocked",
        trouble=TokenTrouble("refused", 40125, "invalid appsecret", "69000000-11111111-22222222"),
        retry_in=10**9,
        unsent=True,
    )
    return replace(sample, **changes)


def oauth_state(n: int) -> OAuthState:
    """State number `n`; nobody has taken it."""
    return OAuthState(
        digest=digest(f"state {n}"),
        appid=OTHER_APPID,
        browser=digest(f"browser {n}"),
        scope="snsapi_userinfo",
        wanted="snsapi_login",
        return_to=f"https://shop.example.com/#/page/{n}",
        deliver="ticket",
        challenge="c" * 43,
        round=2,
        fallback=b"sealed fallback %d" % n,
        created_at=START + n,
        expires_at=START + n + 600_000,
    )


def ticket(n: int) -> Ticket:
    return Ticket(
        digest=digest(f"ticket {n}"),
        appid=OTHER_APPID,
        openid=f"oSample{n:06}",
        session_id=f"ses_{n:08}",
        origin="https://shop.example.com",
        return_to=f"https://shop.example.com/#/page/{n}",
        challenge="c" * 43,
        sealed=b"sealed refresh token %d" % n,
        expires_at=START + n + 60_000,
        used_at=START + n + 7,
    )


def user_token(n: int) -> UserToken:
    return UserToken(
        appid=OTHER_APPID,
        openid=f"oSample{n:06}",
        sealed=b"sealed tokens %d" % n,
        access_expires_at=START + n + 7_200_000,
        refresh_expires_at=START + n + 30 * LIFETIME,
    )
