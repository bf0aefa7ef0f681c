"""Signing in by a browser: the way to WeChat, the way back, and what the page gets.

`begin` sends a browser to WeChat with a one-time state, `arrive` meets it when it comes back, `tickets` hands a
session to a page of another origin. `addresses`, `browser` and `outcome` are the values they speak in. What speaks HTTP stands in `web/`.
"""

from lingpai.logins.oauth.addresses import Target, origin_of, target_of
from lingpai.logins.oauth.arrive import Arrival, Arriving, Declined, Home, Landing, Onward
from lingpai.logins.oauth.begin import Beginning, Wish
from lingpai.logins.oauth.browser import Browser, new_browser
from lingpai.logins.oauth.tickets import MintedTicket, PageTickets

__all__ = [
    "Arrival",
    "Arriving",
    "Beginning",
    "Browser",
    "Declined",
    "Home",
    "Landing",
    "MintedTicket",
    "Onward",
    "PageTickets",
    "Target",
    "Wish",
    "new_browser",
    "origin_of",
    "target_of",
]
