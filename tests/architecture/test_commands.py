"""The command line's list of modules and its folder agree; every command explains itself."""

import ast
from pathlib import Path

import pytest

from zhiheng.project import cli


def test_every_command_module_is_listed_and_every_listed_module_exists() -> None:
    folder = Path(cli.__file__).parent
    commands = {
        path.stem
        for path in folder.glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name == "add_parser"
    }
    assert commands == set(cli.COMMANDS.values())


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_is_found_in_its_module(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main([command, "--help"])
    assert caught.value.code == 0
    assert f"zhiheng {command}" in capsys.readouterr().out


def test_help_lists_the_main_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["--help"])
    assert caught.value.code == 0
    shown = capsys.readouterr().out
    assert {
        name for name in ("up", "down", "status", "doctor", "college", "province") if name not in shown
    } == set()
