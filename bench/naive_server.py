"""The comparison: the same login as most teams write it.

FastAPI, one pooled httpx client, the async ORM of SQLAlchemy on aiosqlite with one session a request,
PyJWT. Nothing in it is slowed down on purpose: the client is shared, the database is in WAL mode with
the same durability as lingpai's, the key is loaded once. Run it with uvicorn; settings are BENCH_*.
"""

import hashlib
import os
import secrets
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from pydantic import BaseModel, Field
from sqlalchemy import ForeignKey, String, event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship

_ISSUER: Final = "http://127.0.0.1"
_KEY: Final = ec.generate_private_key(ec.SECP256R1())
_PUBLIC_KEY: Final = _KEY.public_key()


class Base(DeclarativeBase):
    """The tables."""


class User(Base):
    """A person."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    openid: Mapped[str] = mapped_column(String(64), unique=True)
    unionid: Mapped[str | None] = mapped_column(String(64))
    session_key: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime]


class LoginSession(Base):
    """Being signed in."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    user: Mapped[User] = relationship()


class RefreshToken(Base):
    """The digest of a refresh token."""

    __tablename__ = "refresh_tokens"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), index=True)
    created_at: Mapped[datetime]
    session: Mapped[LoginSession] = relationship()


class LoginIn(BaseModel):
    """A code of wx.login."""

    code: str = Field(min_length=1, max_length=256)
    nonce: str | None = None


class UserOut(BaseModel):
    """The person."""

    id: str
    openid: str
    is_new: bool


class LoginOut(BaseModel):
    """Tokens."""

    access_token: str
    token_type: str = "Bearer"
    expires_in: int
    refresh_token: str
    user: UserOut


class SessionOut(BaseModel):
    """A running session."""

    active: bool
    user: UserOut
    expires_in: int


engine = create_async_engine(os.environ["BENCH_DATABASE_URL"], connect_args={"timeout": 30})
new_session = async_sessionmaker(engine, expire_on_commit=False)


@event.listens_for(engine.sync_engine, "connect")
def _pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with httpx.AsyncClient(base_url=os.environ["BENCH_WECHAT_URL"], timeout=30) as client:
        app.state.wechat = client
        yield
    await engine.dispose()


app = FastAPI(lifespan=_lifespan)


async def _database() -> AsyncIterator[AsyncSession]:
    async with new_session() as session:
        yield session


def _client(request: Request) -> httpx.AsyncClient:
    client: httpx.AsyncClient = request.app.state.wechat
    return client


Database = Annotated[AsyncSession, Depends(_database)]
WeChat = Annotated[httpx.AsyncClient, Depends(_client)]


@app.get("/healthz")
async def healthz() -> dict[str, bool]:
    """Whether it lives."""
    return {"alive": True}


@app.post("/login")
async def login(body: LoginIn, database: Database, wechat: WeChat) -> LoginOut:
    """Sign in with a code of wx.login."""
    answer = await wechat.get(
        "/sns/jscode2session",
        params={
            "appid": os.environ["BENCH_APPID"],
            "secret": os.environ["BENCH_SECRET"],
            "js_code": body.code,
            "grant_type": "authorization_code",
        },
    )
    person = answer.json()
    if person.get("errcode"):
        raise HTTPException(400, person.get("errmsg"))
    try:
        return await _sign_in(database, person)
    except IntegrityError:
        # Another request has just made the same user.
        await database.rollback()
        return await _sign_in(database, person)


@app.get("/session")
async def session(database: Database, authorization: Annotated[str, Header()]) -> SessionOut:
    """Who is signed in."""
    try:
        claims = jwt.decode(
            authorization.removeprefix("Bearer "), _PUBLIC_KEY, algorithms=["ES256"], issuer=_ISSUER
        )
    except jwt.InvalidTokenError as error:
        raise HTTPException(401, "the access token is not good") from error
    found = await database.get(LoginSession, claims["sid"], options=[joinedload(LoginSession.user)])
    if found is None:
        raise HTTPException(401, "the session was ended")
    remaining = claims["exp"] - int(datetime.now(UTC).timestamp())
    user = UserOut(id=found.user.id, openid=found.user.openid, is_new=False)
    return SessionOut(active=True, user=user, expires_in=max(0, remaining))


async def _sign_in(database: AsyncSession, person: dict[str, Any]) -> LoginOut:
    now = datetime.now(UTC)
    user = (await database.execute(select(User).where(User.openid == person["openid"]))).scalar_one_or_none()
    is_new = user is None
    if user is None:
        user = User(id=str(uuid.uuid4()), openid=person["openid"], created_at=now)
        database.add(user)
    user.unionid = person.get("unionid")
    user.session_key = person["session_key"]
    user.last_login_at = now
    started = LoginSession(
        id=str(uuid.uuid4()), user=user, created_at=now, expires_at=now + timedelta(days=30)
    )
    database.add(started)
    refresh_token = secrets.token_urlsafe(32)
    digest = hashlib.sha256(refresh_token.encode()).hexdigest()
    database.add(RefreshToken(digest=digest, session=started, created_at=now))
    await database.commit()
    claims = {
        "iss": _ISSUER,
        "sub": user.id,
        "sid": started.id,
        "jti": str(uuid.uuid4()),
        "iat": now,
        "exp": now + timedelta(seconds=900),
    }
    return LoginOut(
        access_token=jwt.encode(claims, _KEY, algorithm="ES256"),
        expires_in=900,
        refresh_token=refresh_token,
        user=UserOut(id=user.id, openid=user.openid, is_new=is_new),
    )
