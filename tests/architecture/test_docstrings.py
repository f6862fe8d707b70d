"""What others may use says what it means; what is a term of the field says its Chinese term."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SELF_EXPLAINING = {"Meta", "Params", "Media"}
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _public(body: list[ast.stmt]) -> Iterator[Definition]:
    """Public definitions of a module and the public methods of its public classes."""
    for node in body:
        if (
            isinstance(node, Definition)
            and not node.name.startswith("_")
            and node.name not in SELF_EXPLAINING
        ):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body)


def test_everything_public_has_a_docstring(modules: dict[Path, ast.Module], root: Path) -> None:
    missing = []
    for path, tree in modules.items():
        if path.name == "apps.py":
            continue
        place = path.relative_to(root)
        if not ast.get_docstring(tree):
            missing.append(str(place))
        overloads = {"overload", "override", "register"}
        for node in _public(tree.body):
            names = {getattr(item, "attr", getattr(item, "id", "")) for item in node.decorator_list}
            if not ast.get_docstring(node) and not names & overloads:
                missing.append(f"{place}:{node.lineno} {node.name}")
    assert missing == []


def test_every_model_says_its_chinese_term() -> None:
    ours = {name for kind in settings.TENANT_TYPES.values() for name in kind["APPS"] if "django" not in name}
    models = [model for model in apps.get_models() if apps.get_app_config(model._meta.app_label).name in ours]
    own = [model for model in models if not model.__module__.startswith("axes")]
    assert own
    assert [model.__name__ for model in own if not CHINESE.search(model.__doc__ or "")] == []


def test_every_model_is_in_the_glossary(root: Path) -> None:
    text = (root / "docs" / "glossary.md").read_text(encoding="utf-8")
    packages = ("zhiheng.", "tenants.", "catalog.", "assessment.", "integrations.")
    names = {model.__name__ for model in apps.get_models() if model.__module__.startswith(packages)}
    assert sorted(name for name in names if name not in text) == []
