"""Refusals: the catalogue of problems and the exception that carries one up to `web/`."""

from lingpai.errors.catalogue import CATALOGUE
from lingpai.errors.errcodes import ERRCODES
from lingpai.errors.problem import Facts, Problem, ProblemKind, Quota, WeChatFault, Words

__all__ = ["CATALOGUE", "ERRCODES", "Facts", "Problem", "ProblemKind", "Quota", "WeChatFault", "Words"]
