"""What an operator gave cannot be used."""


class AppInvalidError(ValueError):
    """What was given cannot be an app, or a setting of one; the message says why."""
