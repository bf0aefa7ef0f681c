"""Samples of operators and of what they did, numbered."""

from lingpai.model import (
    Actor,
    AuditEntry,
    Operator,
    OperatorKey,
    OperatorSession,
    OperatorStep,
    Passkey,
)
from lingpai.testing.storage_contract_samples import LIFETIME, START, digest


def audit_entry(n: int) -> AuditEntry:
    return AuditEntry(
        at=START + n,
        actor=Actor("operator", f"opr_{n:08}", f"小红 {n}"),
        action="app.added",
        about=f"about {n}",
        details={"b": f"later {n}", "a": "earlier", "ключ": "值"},
    )


def operator(n: int) -> Operator:
    return Operator(
        id=f"opr_{n:08}",
        name=f"小红-{n}",
        roles=("operator", "security"),
        created_at=START + n,
        password_hash=f"$argon2id$sample {n}",
        totp_sealed=b"sealed seed %d" % n,
        totp_step=START // 30_000 + n,
        disabled_at=START + 99 + n,
    )


def passkey(n: int, owner: int = 1) -> Passkey:
    return Passkey(
        id=digest(f"passkey {n}") * 7,
        operator_id=f"opr_{owner:08}",
        name=f"手机 {n}",
        public_key=b"cose %d" % n,
        sign_count=7 + n,
        created_at=START + n,
        last_used_at=START + 50 + n,
    )


def step(n: int) -> OperatorStep:
    return OperatorStep(
        digest=digest(f"step {n}"),
        purpose="second_factor",
        operator_id=f"opr_{n:08}",
        challenge=b"challenge %d" % n,
        expires_at=START + 1_000 * n,
        used_at=START + n,
    )


def operator_session(n: int, owner: int = 1) -> OperatorSession:
    return OperatorSession(
        digest=digest(f"operator session {n}"),
        id=f"ops_{n:08}",
        operator_id=f"opr_{owner:08}",
        created_at=START + n,
        seen_at=START + 10 + n,
        proven_at=START + 5 + n,
        user_agent=f"Chromium/{n}",
        address=f"192.0.2.{n}",
    )


def operator_key(n: int, owner: int = 1) -> OperatorKey:
    return OperatorKey(
        id=f"opk_{n:08}",
        operator_id=f"opr_{owner:08}",
        name=f"ci-{n}",
        digest=digest(f"operator key {n}"),
        last4=f"{n:04}",
        permissions=("look", "run"),
        created_at=START + n,
        expires_at=START + LIFETIME + n,
        revoked_at=START + 70 + n,
        last_used_at=START + 60 + n,
    )
