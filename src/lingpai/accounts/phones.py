"""A person's phone number: asked for once, sealed, and never a way to be somebody."""

import hashlib
import re
from typing import Final

import msgspec

from lingpai.accounts.phone_budgets import PhoneBudgets
from lingpai.clock import MINUTE, Clock
from lingpai.errors import Problem, ProblemKind, Words
from lingpai.errors.catalogue import CODE_INVALID, SESSION_INVALID
from lingpai.errors.catalogue_open_data import DECRYPT_FAILED, PHONE_CODE_EXPECTED, WATERMARK_MISMATCH
from lingpai.errors.catalogue_wechat import WECHAT_BUSY
from lingpai.keeper import HeldApp, TokenCalls
from lingpai.model import Phone, PhoneNumber, SignedIn, phone_identity
from lingpai.observe import Metrics, logger
from lingpai.secret import Sealer
from lingpai.storage.port import Store
from lingpai.wechat import Errcode
from lingpai.wechat.endpoints.wxa import WXA_BUSINESS_GETUSERPHONENUMBER, PhoneNumberRequest

_LOGIN_CODE: Final = re.compile(r"[0-9A-Za-z]{32}")
_SAME_CLIENT: Final = 5 * MINUTE
"""As long as the code itself would have lived."""

_A_LOGIN_CODE: Final = Words("This looks like a code of wx.login.", "这看起来是 wx.login 返回的 code。")
_ONLY_CODES: Final = Words(
    "This app takes a code of the phone button only, not encryptedData and iv.",
    "该应用只接受手机号按钮返回的 code，不接受 encryptedData 和 iv。",
)
_PRESS_AGAIN: Final = Words(
    "Let the user press the phone button again and send the fresh `e.detail.code` at once, once, from the same user's "
    "session.",
    "请让用户重新点击手机号按钮，并用同一用户的会话立即发送一次新的 `e.detail.code`。",
)
_NO_NUMBER: Final = Words("The decrypted data holds no phone number.", "解密后的数据里没有手机号。")
_GONE: Final = Words("The account was erased.", "账号已被删除。")
_NUMBER: Final = re.compile(r"[0-9+ -]{3,32}")


class Phones:
    """Gets phone numbers from WeChat and keeps them."""

    def __init__(
        self,
        store: Store,
        sealer: Sealer,
        calls: TokenCalls,
        budgets: PhoneBudgets,
        clock: Clock,
        *,
        metrics: Metrics,
    ) -> None:
        self._store: Final = store
        self._sealer: Final = sealer
        self._calls: Final = calls
        self._budgets: Final = budgets
        self._clock: Final = clock
        self._metrics: Final = metrics

    @property
    def budgets(self) -> PhoneBudgets:
        """What is left for today."""
        return self._budgets

    async def by_code(self, app: HeldApp, who: SignedIn, code: str, address: str) -> PhoneNumber:
        """The number behind a code of the phone button; `address` is the client's, for its budget.

        WeChat is told whose code it has to be. The same code again, from the same person within five minutes,
        gives the same number without asking WeChat.
        Raises Problem phone_code_expected, rate_limited, code_invalid, watermark_mismatch, wechat_*.
        """
        appid, digest = app.app.appid, hashlib.sha256(code.encode()).digest()
        if _LOGIN_CODE.fullmatch(code) or await self._store.logins.attempt(appid, digest) is not None:
            raise self._refused(app, Problem(PHONE_CODE_EXPECTED, facts={"what": _A_LOGIN_CODE}))
        known = await self._store.users.phone(who.user.id)
        if known is not None and self._is_retry(known, appid, digest):
            return await self._opened(known)
        await self._budgets.draw(appid, who.user.id, address)
        try:
            told = await self._calls.call(
                WXA_BUSINESS_GETUSERPHONENUMBER,
                lambda token: PhoneNumberRequest(access_token=token, code=code, openid=who.session.openid),
                app,
            )
        except Problem as refusal:
            raise self._refused(app, _about_the_code(refusal)) from None
        info = told.phone_info
        if info.watermark.appid != appid:
            raise self._refused(app, Problem(WATERMARK_MISMATCH))
        number = PhoneNumber(
            phone_number=info.phone_number,
            pure_phone_number=info.pure_phone_number,
            country_code=str(info.country_code),
        )
        return await self._kept(app, who, number, digest)

    async def by_data(self, app: HeldApp, who: SignedIn, payload: dict[str, object]) -> PhoneNumber:
        """The number in decrypted data (the way before 2021-12). Raises Problem decrypt_failed."""
        number = _from_payload(payload)
        if number is None:
            raise self._refused(app, Problem(DECRYPT_FAILED, facts={"what": _NO_NUMBER}))
        return await self._kept(app, who, number, None)

    def refuse_data(self, app: HeldApp) -> None:
        """Raises Problem phone_code_expected unless the app's settings open the old way."""
        if not app.app.settings.phone_by_encrypted_data:
            raise self._refused(app, Problem(PHONE_CODE_EXPECTED, facts={"what": _ONLY_CODES}))

    async def of(self, user_id: str) -> PhoneNumber | None:
        """The number on record, in the clear: for its owner's eyes. Raises SealBrokenError."""
        phone = await self._store.users.phone(user_id)
        return None if phone is None else await self._opened(phone)

    async def _opened(self, phone: Phone) -> PhoneNumber:
        await self._sealer.prepare(phone.sealed)
        text = self._sealer.open(phone.sealed, phone_identity(phone.user_id))
        return msgspec.json.decode(text, type=PhoneNumber)

    def blind_index(self, number: PhoneNumber) -> bytes:
        """By what a number is found without being stored in the clear."""
        international = f"+{number.country_code}{number.pure_phone_number}"
        return self._sealer.fingerprint(b"phone\x00" + international.encode())

    def _is_retry(self, known: Phone, appid: str, digest: bytes) -> bool:
        recent = self._clock.now() - known.verified_at < _SAME_CLIENT
        return recent and known.appid == appid and known.code_digest == digest

    async def _kept(
        self, app: HeldApp, who: SignedIn, number: PhoneNumber, code_digest: bytes | None
    ) -> PhoneNumber:
        phone = Phone(
            user_id=who.user.id,
            sealed=self._sealer.seal(msgspec.json.encode(number), phone_identity(who.user.id)),
            blind_index=self.blind_index(number),
            code_digest=code_digest,
            appid=app.app.appid,
            verified_at=self._clock.now(),
        )
        if not await self._store.users.put_phone(phone):
            raise Problem(SESSION_INVALID, facts={"what": _GONE})
        self._metrics.phones.labels(app.app.appid, "verified").inc()
        logger().info("phone_verified", app=app.app.appid, user_id=who.user.id)
        return number

    def _refused(self, app: HeldApp, problem: Problem) -> Problem:
        self._metrics.phones.labels(app.app.appid, problem.code).inc()
        return problem


def _about_the_code(refusal: Problem) -> Problem:
    """What a refusal of this call means: 40013 and every errcode that is not told are about the code.

    The errcode for a code of another user is not published; whatever it is, the caller is at fault and not WeChat.
    """
    fault = refusal.wechat
    if fault is None or fault.errcode == Errcode.SYSTEM_BUSY:
        return refusal
    if refusal.kind in _OF_THE_CODE or fault.errcode == Errcode.INVALID_APPID:
        return Problem(CODE_INVALID, wechat=fault, hint=_PRESS_AGAIN)
    return refusal


_OF_THE_CODE: Final[tuple[ProblemKind, ...]] = (CODE_INVALID, WECHAT_BUSY)


def _from_payload(payload: dict[str, object]) -> PhoneNumber | None:
    number, pure, country = (payload.get(name) for name in ("phoneNumber", "purePhoneNumber", "countryCode"))
    if not isinstance(number, str) or not isinstance(pure, str) or not isinstance(country, str | int):
        return None
    if (
        not _NUMBER.fullmatch(number)
        or not _NUMBER.fullmatch(pure)
        or not re.fullmatch(r"\d{1,8}", str(country))
    ):
        return None
    return PhoneNumber(phone_number=number, pure_phone_number=pure, country_code=str(country))
