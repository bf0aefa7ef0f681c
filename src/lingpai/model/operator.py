"""What an operator may do."""

from typing import Final, Literal

Permission = Literal["look", "run", "secure"]
"""`look`: read. `run`: change people and apps. `secure`: change what others are let in by."""

PERMISSIONS: Final[frozenset[Permission]] = frozenset({"look", "run", "secure"})

Role = Literal["viewer", "operator", "security"]

ROLES: Final[dict[Role, frozenset[Permission]]] = {
    "viewer": frozenset({"look"}),
    "operator": frozenset({"look", "run"}),
    "security": frozenset({"look", "secure"}),
}
