"""Passkeys (WebAuthn level 3): discoverable credentials, the person verified, the counter watched."""

import base64
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from lingpai.admin.operators.steps import Steps
from lingpai.clock import Clock
from lingpai.model import Operator, Passkey
from lingpai.secret import Secret, random_bytes
from lingpai.storage.port import Store, TakenError

LONGEST_ID: Final = 255
_CHALLENGE: Final = 32
_LONGEST_NAME: Final = 60


class RelyingParty(msgspec.Struct, frozen=True):
    """Who passkeys are made for."""

    id: str
    """The host of `public_url`: a passkey works there and nowhere else."""
    origin: str

    @classmethod
    def of(cls, public_url: str) -> "RelyingParty":
        """The server behind this address."""
        parts = urlsplit(public_url)
        return cls(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")


class Ceremony(msgspec.Struct, frozen=True):
    """What a browser needs to ask an authenticator."""

    token: str
    """Comes back with the answer; good once, for five minutes."""
    options: msgspec.Raw
    """As `parseCreationOptionsFromJSON` and `parseRequestOptionsFromJSON` take them."""

    def __repr__(self) -> str:
        return "Ceremony(…)"


class Passkeys:
    """Registers passkeys and believes them."""

    def __init__(self, store: Store, steps: Steps, party: RelyingParty, clock: Clock) -> None:
        self._store: Final = store.operators
        self._steps: Final = steps
        self._party: Final = party
        self._clock: Final = clock

    async def begin_registration(self, operator: Operator) -> Ceremony:
        """Ask for a new passkey."""
        challenge = random_bytes(_CHALLENGE)
        token = await self._steps.make("register", operator.id, challenge)
        known = await self._store.passkeys(operator.id)
        options = generate_registration_options(
            rp_id=self._party.id,
            rp_name="lingpai",
            user_name=operator.name,
            user_id=operator.id.encode(),
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=passkey.id) for passkey in known],
        )
        return Ceremony(token.reveal(), msgspec.Raw(options_to_json(options).encode()))

    async def registered(
        self, operator: Operator, token: Secret, credential: dict[str, Any], name: str
    ) -> Passkey | None:
        """The passkey that an authenticator made; not stored yet. None: it is not what was asked for."""
        step = await self._steps.look(token, "register")
        if step is None or step.operator_id != operator.id or not await self._steps.take(step):
            return None
        try:
            made = verify_registration_response(
                credential=credential,
                expected_challenge=step.challenge or b"",
                expected_rp_id=self._party.id,
                expected_origin=self._party.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError):
            return None
        if len(made.credential_id) > LONGEST_ID:
            return None
        return Passkey(
            id=made.credential_id,
            operator_id=operator.id,
            name=" ".join(name.split())[:_LONGEST_NAME] or "passkey",
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            created_at=self._clock.now(),
        )

    async def keep(self, passkey: Passkey) -> bool:
        """Store it. False: this credential is known already."""
        try:
            await self._store.add_passkey(passkey)
        except TakenError:
            return False
        return True

    async def begin_assertion(self, operator: Operator | None = None) -> Ceremony:
        """Ask for a passkey: anybody's who has one here, or one of `operator`."""
        challenge = random_bytes(_CHALLENGE)
        token = await self._steps.make("assert", operator.id if operator else None, challenge)
        known = await self._store.passkeys(operator.id) if operator else []
        options = generate_authentication_options(
            rp_id=self._party.id,
            challenge=challenge,
            allow_credentials=[PublicKeyCredentialDescriptor(id=passkey.id) for passkey in known],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return Ceremony(token.reveal(), msgspec.Raw(options_to_json(options).encode()))

    async def asserted(
        self, token: Secret, credential: dict[str, Any], operator: Operator | None = None
    ) -> Passkey | None:
        """The passkey that signed, its counter moved on. None: it is none of ours, or says something else.

        A counter that does not grow is a copied authenticator (WebAuthn §6.1.1), and refused.
        """
        step = await self._steps.look(token, "assert")
        if step is None or step.operator_id != (operator.id if operator else None):
            return None
        if not await self._steps.take(step):
            return None
        passkey = await self._named(credential)
        if passkey is None or (operator is not None and passkey.operator_id != operator.id):
            return None
        try:
            proven = verify_authentication_response(
                credential=credential,
                expected_challenge=step.challenge or b"",
                expected_rp_id=self._party.id,
                expected_origin=self._party.origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError):
            return None
        used = await self._store.use_passkey(
            passkey.id, passkey.sign_count, proven.new_sign_count, self._clock.now()
        )
        return passkey if used else None

    async def _named(self, credential: dict[str, Any]) -> Passkey | None:
        """The passkey that an answer names, if it also says the right person."""
        try:
            passkey_id = decoded(credential["id"])
            handle = credential["response"].get("userHandle")
        except (KeyError, TypeError, ValueError, AttributeError):
            return None
        if not 0 < len(passkey_id) <= LONGEST_ID:
            return None
        passkey = await self._store.passkey(passkey_id)
        if passkey is None:
            return None
        try:
            same = handle is None or decoded(handle).decode() == passkey.operator_id
        except (ValueError, TypeError):
            return None
        return passkey if same else None


def decoded(text: object) -> bytes:
    """Bytes from base64url without padding. Raises ValueError."""
    if not isinstance(text, str):
        raise ValueError("not a text")  # noqa: TRY004 - for the caller both are the same mistake
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
