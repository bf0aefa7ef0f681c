"""What is asked of WeChat and of the emulator: calls that fail on purpose, or that cost and change nothing.

No call forces a refresh, resets or clears anything, or costs money. One fetches an access_token by
stable_token in normal mode, which leaves every other token alive. Codes are used only when one is given.
"""

from typing import Final

from lingpai_emulator.apps import Kind
from lingpai_emulator.conformance import oauth_probes, session_probes, token_probes
from lingpai_emulator.conformance.probe import Probe

# Those with a code come first: it lives five minutes, and somebody had to copy it by hand.
PROBES: Final = (
    *token_probes.STABLE,
    *session_probes.WITH_CODE,
    *oauth_probes.WITH_CODE,
    *session_probes.EXCHANGING,
    *oauth_probes.WITHOUT_CODE,
    *token_probes.FETCHING,
    *token_probes.USING,
    *session_probes.CHECKING,
)
# Orders with places that no harmless call reaches, lives that a minute does not measure, and the like.
SEEN_IN_PART: Final = token_probes.IN_PART | session_probes.IN_PART | oauth_probes.IN_PART


def probes_for(kind: Kind) -> tuple[Probe, ...]:
    """What is asked for an app of this kind, in order."""
    return tuple(probe for probe in PROBES if kind in probe.kinds)
