"""Which flow serves which kind of app."""

from lingpai.keeper import WeChatCalls
from lingpai.logins.flows.miniprogram import MiniProgramFlow
from lingpai.logins.flows.official_account import OfficialAccountFlow
from lingpai.logins.flows.website import WebsiteFlow
from lingpai.logins.port import Flow
from lingpai.model import AppKind


def flows(calls: WeChatCalls) -> dict[AppKind, Flow]:
    """Every flow, by the kind of app it serves."""
    known: list[Flow] = [MiniProgramFlow(calls), OfficialAccountFlow(calls), WebsiteFlow(calls)]
    return {flow.kind: flow for flow in known}
