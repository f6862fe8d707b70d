"""Every template, style sheet and script keeps the house rules: nothing inline, known icons, no colours of its own."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from zhiheng.web import icons

WEB = Path(icons.__file__).parent
TEMPLATES = sorted((WEB / "templates").rglob("*.*"))
PICTURES = {"chart.svg"}
NAMES = [str(path.relative_to(WEB / "templates")) for path in TEMPLATES]


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text), "the security policy refuses this"
    scripts = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", text)
    assert scripts == [], "scripts are files"


@pytest.mark.parametrize("path", [p for p in TEMPLATES if p.name not in PICTURES], ids=str)
def test_no_colour_outside_the_tokens(path: Path) -> None:
    assert not re.search(r'(fill|stroke|color)="#|#[0-9a-f]{6}\b', path.read_text(encoding="utf-8"))


def test_style_sheets_use_roles_only() -> None:
    for name in ("components.css", "app.css"):
        sheet = (WEB / "static" / "web" / "css" / name).read_text(encoding="utf-8")
        text = re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", text), f"{name} names a raw colour"
        for modern in ("color-mix(", "light-dark(", "oklch(", ":has("):
            assert modern not in text, f"{name}: Chromium 109 does not know {modern}"


def test_icons_in_use_are_in_the_sprite() -> None:
    used = set()
    for path in [*TEMPLATES, *WEB.rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r"""\{% icon ["']([a-z0-9-]+)["']""", text))
        used |= set(re.findall(r'icon="([a-z0-9-]+)"', text))
    assert used - icons.NAMES - {"name"} == set()


def test_sprite_and_list_of_names_agree() -> None:
    listed = (icons.SPRITE.parent / "names.txt").read_text(encoding="utf-8").split()
    assert set(listed) == icons.NAMES


def test_unknown_icon_is_noticed() -> None:
    from zhiheng.web.templatetags.zhiheng import icon

    with pytest.raises(KeyError):
        icon("no-such-icon")


def test_vendored_files_have_their_licence() -> None:
    vendor = WEB / "static" / "vendor"
    for folder in [path for path in vendor.iterdir() if path.is_dir()]:
        assert (folder / "LICENSE").exists(), folder.name
        assert f"{folder.name}/" in (vendor / "README.md").read_text(encoding="utf-8")


def test_pages_ask_no_foreign_host() -> None:
    for path in TEMPLATES:
        assert not re.search(r'(src|href)="(https?:)?//', path.read_text(encoding="utf-8")), path.name
