"""Who has not shown who it is, counted by address."""

from typing import Final

from lingpai.errors import Problem
from lingpai.limits import Gate
from lingpai.observe import logger
from lingpai.web.call import Call
from lingpai.web.client_address import TrustedProxies

_UNAUTHORIZED: Final = 401


class Strangers:
    """Lets strangers in as often as their address may ask."""

    def __init__(self, gate: Gate, proxies: TrustedProxies) -> None:
        self._gate: Final = gate
        self._proxies: Final = proxies
        self._told = False

    def admit(self, call: Call) -> None:
        """A request to an endpoint that anybody may call. Raises Problem rate_limited."""
        try:
            self._gate.stranger(self._proxies.client_of(call))
        except Problem:
            self._suspect(call)
            raise

    def unknown(self, call: Call, problem: Problem) -> Problem:
        """What to tell whoever was refused: who shows a token or a key that is none is a stranger, too."""
        if problem.status != _UNAUTHORIZED:
            return problem
        try:
            self.admit(call)
        except Problem as too_often:
            return too_often
        return problem

    def _suspect(self, call: Call) -> None:
        """Behind a proxy that is not trusted, the whole world has one address."""
        if not self._told and self._proxies.overlooks(call):
            self._told = True
            logger().warning("proxy_not_trusted")
