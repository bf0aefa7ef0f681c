"""What the owner of the emulator did wrong, in a sentence: the one exception of the control API."""


class MistakeError(Exception):
    """A control call that cannot be done. `status` is the HTTP status, the text says why."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
