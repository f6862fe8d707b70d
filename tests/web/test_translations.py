"""English catalogue: complete, with the same places for data, compiled; no text of the pages escapes translation."""

import ast
import re
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from django.template.base import Lexer, TokenType
from django.test import Client
from django.utils.translation import override

from zhiheng.kernel.errors import Code, Problem
from zhiheng.web import messages
from zhiheng.web.messages import DOMAINS, WEB, Domain, compiled, template_files, updated, written
from zhiheng.web.show import show

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]")
HAN = re.compile(r"[\u4e00-\u9fff]")
PLACES = re.compile(r"%\(\w+\)s|%%|\{\w*\}|[#*]")
MARKED = r"""_\((".*?"|'.*?')\)"""
UNTRANSLATED = {"中文"}
"""Shown as it is in every language: the switch back to Chinese."""
DATA_WORDS = {
    "province/board.py": {"已报送", "未报送"},
    "province/reports.py": {"已报送"},
    "results/unit.py": {"无", "未触发", "未入选", "触发"},
    "apps.py": {"页面"},
    "cycles/lines.py": {"未指定"},
    "catalogue/posts.py": {"月", "周", "学期", "开学"},
    "catalogue/lists.py": {"[0-9０-９%％]|零(差错|误差|投诉|事故)|百分之"},
    "ballots/forms.py": {
        "优秀",
        "合格",
        "不合格",
        r"^(\S+?)(?:[\s,，:：]+(?:最多)?(\d+)个?)?$",
    },
    "search/views.py": {"新生学籍注册归谁管", "调课找谁", "毕业证书什么时候发", "期末考试"},
}
"""Chinese of the data, compared or searched, never a text of the page."""


def _entries(domain: Domain) -> list[Message]:
    return [entry for entry in domain.read() if entry.id]


def _pairs(entry: Message) -> list[tuple[str, str]]:
    """Message id and translation, form by form."""
    if isinstance(entry.id, str):
        return [(entry.id, str(entry.string))]
    return list(zip(entry.id, map(str, entry.string or ()), strict=True))


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_catalogue_is_what_the_sources_want(domain: Domain) -> None:
    wanted = {(context, text) for context, text, _plural in domain.texts()}
    held = {
        (entry.context or "", entry.id if isinstance(entry.id, str) else entry.id[0])
        for entry in _entries(domain)
    }
    assert sorted(wanted - held) == [], "run `make messages` and translate"
    assert sorted(held - wanted) == [], "run `make messages`: no source has these any more"
    assert not domain.read().obsolete


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_every_text_is_translated(domain: Domain) -> None:
    entries = _entries(domain)
    assert entries
    empty = [text for entry in entries for text, english in _pairs(entry) if not english]
    assert empty == []
    assert [entry.id for entry in entries if entry.fuzzy] == []


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_translations_keep_the_places_for_data(domain: Domain) -> None:
    wrong = [
        (text, english)
        for entry in _entries(domain)
        for text, english in _pairs(entry)
        if sorted(set(PLACES.findall(text))) != sorted(set(PLACES.findall(english)))
    ]
    assert wrong == []


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_translations_are_english(domain: Domain) -> None:
    """Chinese is left only in quotation marks, where it says what to type, or after a colon as an example."""
    for entry in _entries(domain):
        for _text, english in _pairs(entry):
            bare = re.sub(r"“[^”]*”|: [\u4e00-\u9fff]+$", "", english)
            assert not CHINESE.search(bare), english


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_compiled_catalogue_is_the_edited_one(domain: Domain) -> None:
    with domain.mo.open("rb") as file:
        shipped = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    assert shipped == GNUTranslations(BytesIO(compiled(updated(domain))))._catalog  # type: ignore[attr-defined]
    assert domain.po.read_bytes() == written(updated(domain)), "run `make messages`"


# Nothing escapes -----------------------------------------------------------------------------------------------------


def _template_texts(source: str) -> Iterator[str]:
    """Pieces of a template that people see and that no translating tag covers."""
    inside = ""
    for token in Lexer(source).tokenize():
        word = token.contents.split(" ", 1)[0]
        if token.token_type is TokenType.BLOCK:
            if word in {"blocktranslate", "comment"}:
                inside = word
                yield re.sub(MARKED, "", token.contents)
            elif word == f"end{inside}":
                inside = ""
            elif word not in {"translate", "plural", "if", "elif"}:
                yield re.sub(MARKED, "", token.contents)
        elif token.token_type is TokenType.VAR:
            yield re.sub(MARKED, "", token.contents)
        elif token.token_type is TokenType.TEXT and not inside:
            yield from re.split(r"[<>\n]", token.contents)


@pytest.mark.parametrize("path", template_files(), ids=lambda path: str(path.relative_to(WEB)))
def test_template_shows_no_chinese_outside_translation(path: Path) -> None:
    pieces = _template_texts(path.read_text(encoding="utf-8"))
    assert [piece for piece in pieces if CHINESE.search(piece) and piece not in UNTRANSLATED] == []


def test_a_text_outside_translation_is_noticed() -> None:
    source = '{% load i18n %}<p title="{% translate "好" %}">坏</p>{% tag "也坏" %}{% blocktranslate %}好{% endblocktranslate %}'
    assert [piece for piece in _template_texts(source) if CHINESE.search(piece)] == ["坏", 'tag "也坏"']


def _unmarked(tree: ast.Module) -> Iterator[str]:
    """Chinese texts of a module that are neither documentation nor handed to a translating function."""
    skipped: set[int] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for statement in body if isinstance(body, list) else ():
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                skipped.add(id(statement.value))
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in messages.KEYWORDS
        ):
            skipped |= {id(argument) for argument in node.args if isinstance(argument, ast.Constant)}
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Constant) and id(node) not in skipped else None
        if isinstance(value, str) and HAN.search(value):
            yield value


@pytest.mark.parametrize("path", sorted(WEB.rglob("*.py")), ids=lambda path: str(path.relative_to(WEB)))
def test_module_shows_no_chinese_outside_translation(path: Path) -> None:
    known = DATA_WORDS.get(path.relative_to(WEB).as_posix(), set())
    assert set(_unmarked(ast.parse(path.read_bytes()))) - known == set()


def _put_together(tree: ast.Module) -> Iterator[int]:
    """Lines with ``_(f"{n}项")`` and the like, which look up a text that no catalogue can hold."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        marks = isinstance(call.func, ast.Name) and call.func.id in messages.KEYWORDS
        if marks and isinstance(call.args[0], ast.JoinedStr | ast.BinOp | ast.IfExp):
            yield call.lineno


def test_no_text_is_put_together_before_translation() -> None:
    assert list(_put_together(ast.parse('_(f"{n}项")\n_("{n}项")\n_("a" + b)'))) == [1, 3]
    sources = {path: path.read_bytes() for path in messages.source_files()}
    trees = {path: ast.parse(source) for path, source in sources.items() if b"gettext" in source}
    assert {path: lines for path, tree in trees.items() if (lines := list(_put_together(tree)))} == {}


def test_script_shows_no_chinese_outside_translation() -> None:
    for path in (WEB / "static" / "web" / "js").glob("*.js"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        bare = re.sub(r"gettext\('[^']*'\)|/是不是[^/]*/", "", text)
        assert HAN.findall(bare) == [], path.name


# Choice of language --------------------------------------------------------------------------------------------------


@pytest.fixture
def visitor(college_a: Any, client_for: Any) -> Client:
    """Somebody at the sign-in page of a college."""
    client: Client = client_for(college_a)
    return client


def test_chinese_whatever_the_browser_asks(visitor: Client) -> None:
    answer = visitor.get("/sign-in/", headers={"Accept-Language": "en-GB,en;q=0.9"})
    text = answer.content.decode()
    assert '<html lang="zh-hans"' in text
    assert "登录" in text
    assert "words.js" not in text
    assert answer.headers["Content-Language"] == "zh-hans"


def test_chosen_language_stays(visitor: Client, college_a: Any) -> None:
    answer = visitor.post("/settings/display/display/", {"language": "en", "next": "/sign-in/"})
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    text = visitor.get("/sign-in/").content.decode()
    assert '<html lang="en"' in text
    assert "words.js" in text
    body = re.sub(r"<[^>]+>", " ", text.split("<body", 1)[1].split(">", 1)[1]).replace(college_a.name, "")
    assert set(HAN.findall(body)) == set("中文"), "only the switch back to Chinese is Chinese"


def test_unknown_language_is_not_kept(visitor: Client) -> None:
    visitor.post("/settings/display/display/", {"language": "xx"})
    assert "zh_language" not in visitor.cookies


def test_scripts_get_their_words(visitor: Client) -> None:
    visitor.cookies["zh_language"] = "en"
    text = visitor.get("/settings/display/words.js").content.decode()
    assert "Copied" in text


def test_problem_speaks_the_language_of_the_page(visitor: Client) -> None:
    visitor.cookies["zh_language"] = "en"
    assert "Page not found" in visitor.get("/no-such-page/").content.decode()
    problem = Problem(Code.KEY_REUSED, key="7")
    with override("en"):
        assert str(problem) == "幂等键“7”已用于另一个请求。请为新的请求换一个键。"
        from django.utils.translation import gettext

        assert problem.text(gettext) == "The idempotency key “7” was used for another request. Use a new key."


def test_programs_get_chinese(visitor: Client) -> None:
    visitor.cookies["zh_language"] = "en"
    answer = visitor.get("/api/v1/no-such-thing/")
    assert answer.headers["Content-Language"] == "zh-hans"


def test_dates_and_labels_follow_the_language() -> None:
    from datetime import date

    from assessment.models import CycleState

    day = date(2026, 11, 20)
    assert (show(day), show(True), show(CycleState.NOTICE)) == ("2026年11月20日", "是", "公示")
    with override("en"):
        assert (show(day), show(True), show(CycleState.NOTICE)) == ("20 Nov 2026", "Yes", "Public notice")
