"""Catalogue of translations (翻译目录): read from the sources, kept as .po, compiled to .mo, without the gettext tools.

``python -m zhiheng.web.messages`` brings the catalogues up to date; new texts stay empty until somebody translates them,
and a test refuses empty ones.  Message ids are the Chinese texts.  Babel is a tool of development only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from zhiheng.accounts.roles import ROLES
from zhiheng.kernel.errors import Code

WEB = Path(__file__).parent
FOLDER = WEB / "locale" / "en" / "LC_MESSAGES"
PACKAGES = ("zhiheng", "tenants", "catalog", "assessment", "integrations")
_PLURAL, _CONTEXT = (1, 2), ((1, "c"), 2)
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_noop", "gettext_lazy"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
SCRIPT_KEYWORDS = {"gettext": None}

Text = tuple[str, str, str]
"""Context (or empty), message id, plural form of the id (or empty)."""


@dataclass(frozen=True)
class Domain:
    """One catalogue (翻译域): what Django calls django (pages) and djangojs (scripts)."""

    name: str

    @property
    def po(self) -> Path:
        """The catalogue that people edit."""
        return FOLDER / f"{self.name}.po"

    @property
    def mo(self) -> Path:
        """The catalogue that the program reads."""
        return FOLDER / f"{self.name}.mo"

    def texts(self) -> set[Text]:
        """Everything the sources want translated."""
        return set(_texts(self.name))

    def read(self) -> Catalog:
        """The catalogue as it stands; an empty one when there is none yet."""
        if not self.po.exists():
            return Catalog(locale="en")
        with self.po.open("rb") as file:
            return read_po(file, locale="en", abort_invalid=True)


DOMAINS = (Domain("django"), Domain("djangojs"))


@cache
def source_files() -> tuple[Path, ...]:
    """All modules of the product."""
    roots = [Path(spec.origin).parent for spec in map(find_spec, PACKAGES) if spec and spec.origin]
    return tuple(
        sorted(path for root in roots for path in root.rglob("*.py") if "migrations" not in path.parts)
    )


@cache
def template_files() -> tuple[Path, ...]:
    """All templates of the pages."""
    return tuple(sorted(path for path in (WEB / "templates").rglob("*.*") if path.is_file()))


def python_of_template(path: Path) -> bytes:
    """The template as Python calls of gettext; without indentation, which a template does not mean."""
    text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    return "\n".join(line.strip() for line in text.splitlines()).encode()


@cache
def _texts(domain: str) -> frozenset[Text]:
    return frozenset(_page_texts() if domain == "django" else _script_texts())


def _page_texts() -> Iterator[Text]:
    for path in template_files():
        yield from _extracted("python", python_of_template(path), KEYWORDS)
    for path in source_files():
        source = path.read_bytes()
        if b"gettext" in source:
            yield from _extracted("python", source, KEYWORDS)
    for code in Code:
        yield "", code.value.text, ""
    for role in ROLES.values():
        for title in role.titles.values():
            yield "", title, ""


def _script_texts() -> Iterator[Text]:
    for path in sorted((WEB / "static" / "web" / "js").glob("*.js")):
        yield from _extracted("javascript", path.read_bytes(), SCRIPT_KEYWORDS)


def _extracted(method: str, source: bytes, keywords: object) -> Iterator[Text]:
    found = extract(method, BytesIO(source), keywords=keywords, options={"encoding": "utf-8"})  # type: ignore[arg-type]
    for _line, message, _comments, context in found:
        singular, plural = (*message, "")[:2] if isinstance(message, tuple) else (message, "")
        if singular:
            yield context or "", singular, plural


class Plain(Catalog):
    """A catalogue whose header holds no dates and no versions, so that files change only with their texts."""

    def __init__(self) -> None:
        super().__init__(locale="en", header_comment="# English texts of Zhiheng.", fuzzy=False)

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What gettext needs to know."""
        return [
            ("MIME-Version", "1.0"),
            ("Language", "en"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", "nplurals=2; plural=(n != 1);"),
        ]


def updated(domain: Domain) -> Catalog:
    """The catalogue with exactly the texts of the sources, and the translations it already had."""
    old, new = domain.read(), Plain()
    plurals = {(context, text): plural for context, text, plural in sorted(domain.texts())}
    for (context, text), plural in sorted(plurals.items(), key=lambda one: one[0][::-1]):
        message = new.add((text, plural) if plural else text, context=context or None)
        known = old.get(text, context or None)
        if known is not None and bool(known.pluralizable) == bool(plural):
            message.string = known.string
    return new


def compiled(catalog: Catalog) -> bytes:
    """The .mo of a catalogue."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def written(catalog: Catalog) -> bytes:
    """The .po of a catalogue, without line numbers."""
    out = BytesIO()
    write_po(out, catalog, no_location=True, width=0)
    return out.getvalue()


def main() -> None:
    """Update and compile all catalogues."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for domain in DOMAINS:
        catalog = updated(domain)
        domain.po.write_bytes(written(catalog))
        domain.mo.write_bytes(compiled(catalog))


if __name__ == "__main__":
    main()
