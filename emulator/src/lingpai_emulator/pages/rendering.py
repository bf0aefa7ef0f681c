"""How a template becomes a page: autoescaped, strict about names, with the words of one language."""

from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from lingpai_emulator.pages.texts import TEXTS
from lingpai_emulator.reasons import Language

# Spelt out: the types a system registers for .js are not always JavaScript.
_TYPES: Final = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
_PICTURES: Final = ("data:image/", "https://", "http://")
_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("lingpai_emulator.pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# Anything else is no picture, only a complaint in the browser's console.
_ENVIRONMENT.tests["picture"] = lambda avatar: avatar.startswith(_PICTURES)
_ASSETS: Final = {
    entry.name: entry.read_bytes() for entry in (files(__package__) / "static").iterdir() if entry.is_file()
}


def rendered(template: str, language: Language, values: dict[str, object]) -> bytes:
    """A page as UTF-8. `t` in a template holds the words of the language, by name."""
    words = {name: pair[language == "zh"] for name, pair in TEXTS.items()}
    lang = "zh-CN" if language == "zh" else "en"
    return _ENVIRONMENT.get_template(f"{template}.html").render(t=words, lang=lang, **values).encode()


def asset(name: str) -> tuple[bytes, str] | None:
    """A stylesheet or script with its media type."""
    body = _ASSETS.get(name)
    return None if body is None else (body, _TYPES[name.rpartition(".")[2]])
