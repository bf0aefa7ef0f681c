"""The tables, a file a noun."""

from typing import Final

from lingpai.storage.sql.tables.apps import access_tokens, app_secrets, apps
from lingpai.storage.sql.tables.audit import audit_chain, audit_log
from lingpai.storage.sql.tables.base import metadata
from lingpai.storage.sql.tables.flights import login_minutes, timeline_pages
from lingpai.storage.sql.tables.keys import key_uses, sealing_keys, service_keys, signing_keys
from lingpai.storage.sql.tables.limits import debts, guesses
from lingpai.storage.sql.tables.operators import (
    operator_codes,
    operator_keys,
    operator_passkeys,
    operator_sessions,
    operator_steps,
    operator_tries,
    operators,
)
from lingpai.storage.sql.tables.people import (
    avatars,
    budgets,
    erased_sessions,
    erasures,
    identities,
    merges,
    phones,
    profiles,
    unions,
    user_aliases,
    users,
)
from lingpai.storage.sql.tables.push import (
    deliveries,
    notices,
    push_events,
    push_settings,
    webhook_cursors,
    webhooks,
)
from lingpai.storage.sql.tables.restores import imports, restores
from lingpai.storage.sql.tables.sessions import (
    login_attempts,
    login_events,
    oauth_states,
    refresh_tokens,
    session_keys,
    sessions,
    tickets,
    user_tokens,
)
from lingpai.storage.sql.tables.upkeep import compatibility, probes
from lingpai.storage.sql.tables.vault import key_wraps, vault_nodes

SCHEMA: Final = "0014"
"""The migration this release works with; the last one under `migrations/versions`."""

__all__ = [
    "SCHEMA",
    "access_tokens",
    "app_secrets",
    "apps",
    "audit_chain",
    "audit_log",
    "avatars",
    "budgets",
    "compatibility",
    "debts",
    "deliveries",
    "erased_sessions",
    "erasures",
    "guesses",
    "identities",
    "imports",
    "key_uses",
    "key_wraps",
    "login_attempts",
    "login_events",
    "login_minutes",
    "merges",
    "metadata",
    "notices",
    "oauth_states",
    "operator_codes",
    "operator_keys",
    "operator_passkeys",
    "operator_sessions",
    "operator_steps",
    "operator_tries",
    "operators",
    "phones",
    "probes",
    "profiles",
    "push_events",
    "push_settings",
    "refresh_tokens",
    "restores",
    "sealing_keys",
    "service_keys",
    "session_keys",
    "sessions",
    "signing_keys",
    "tickets",
    "timeline_pages",
    "unions",
    "user_aliases",
    "user_tokens",
    "users",
    "vault_nodes",
    "webhook_cursors",
    "webhooks",
]
