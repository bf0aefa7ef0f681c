"""What nodes tell one another: “look”, and how much of a limit is used. The database stays the truth.

A message names a topic and nothing else: what happened stands in the database, and whoever hears it looks there.
So a relay that is slow, dead, emptied or lying costs a look at the most, and never an answer or a session. Every node
goes on looking by its timers, because some who write know of no relay: the command line, a node that is cut off.

`port` is the promise, `silence` a relay of nobody (the database alone), `redis` the one over Redis, `telling` the store
whose writes are told.
"""

from lingpai.relay.ending import end
from lingpai.relay.open import RelaySettingsError, open_relay
from lingpai.relay.port import Relay
from lingpai.relay.telling import telling

__all__ = ["Relay", "RelaySettingsError", "end", "open_relay", "telling"]
