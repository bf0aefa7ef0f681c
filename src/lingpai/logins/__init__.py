"""Ways a person proves who they are, and the one place where every login ends."""

from lingpai.logins.finish import Finish, Visit
from lingpai.logins.history import History
from lingpai.logins.joining import Joining
from lingpai.logins.port import Flow
from lingpai.logins.profile_reading import ProfileReading
from lingpai.logins.recorder import Recorder
from lingpai.logins.registry import flows
from lingpai.logins.retry import Retrying
from lingpai.logins.sign_in import SignIn

__all__ = [
    "Finish",
    "Flow",
    "History",
    "Joining",
    "ProfileReading",
    "Recorder",
    "Retrying",
    "SignIn",
    "Visit",
    "flows",
]
