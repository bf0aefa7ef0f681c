"""Refusals: the catalogue of problems and the exception that carries one up to `web/`."""

from lingpai.errors.catalogue import CATALOGUE
from lingpai.errors.client_errors import CLIENT_ERRORS
from lingpai.errors.dictionary import ENTRIES, Entry, look_up, near
from lingpai.errors.errcodes import ERRCODES
from lingpai.errors.problem import Facts, Problem, ProblemKind, Quota, WeChatFault, Words

__all__ = [
    "CATALOGUE",
    "CLIENT_ERRORS",
    "ENTRIES",
    "ERRCODES",
    "Entry",
    "Facts",
    "Problem",
    "ProblemKind",
    "Quota",
    "WeChatFault",
    "Words",
    "look_up",
    "near",
]
