"""``zhiheng read-catalogue FILE``: what the importer reads from a duty catalogue or a procedure handbook (读取职责表)."""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from integrations.importers.errors import ReaderError
from integrations.reading import propose_columns, read_catalogue, read_columns

FAMILIES = ("duty_catalogue", "procedure_handbook")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Registers the command."""
    parser = subparsers.add_parser(
        "read-catalogue", help="读取职责表或工作流程表，给出记录、提示和未采用的内容"
    )
    parser.add_argument("file", type=Path, help="docx、xlsx、csv、txt 或带文字的 pdf")
    parser.add_argument("--json", action="store_true", help="输出完整读取结果")
    parser.add_argument("--family", choices=FAMILIES, help="指明表的种类")
    parser.add_argument("--columns", action="store_true", help="不认识的表：列出每一列可能是什么")
    parser.add_argument(
        "--map",
        metavar="字段=列",
        help="不认识的表：按指明的列读取，如 work=4,post=5（列从 1 数起）；auto 表示照建议",
    )
    parser.add_argument("--table", type=int, default=1, help="--map 指的是第几张表")
    parser.set_defaults(handler=handle)


def handle(arguments: argparse.Namespace) -> int:
    """Prints the reading; exit code 1 with reason and advice when the file cannot be read."""
    try:
        data = arguments.file.read_bytes()
        if arguments.columns:
            print(json.dumps(_proposals(arguments, data), ensure_ascii=False, indent=1))
            return 0
        reading = _reading(arguments, data)
    except ReaderError as failure:
        print(f"{arguments.file.name}：{failure}", file=sys.stderr)
        return 1
    except ValueError:
        print(
            f"--map {arguments.map}：看不懂。请写成 字段=列，字段见 --columns，每个字段只写一次。",
            file=sys.stderr,
        )
        return 1
    except OSError as failure:
        print(f"{arguments.file}：打不开文件。请检查路径。（{failure.strerror}）", file=sys.stderr)
        return 1
    print(json.dumps(reading, ensure_ascii=False, indent=1) if arguments.json else summary(reading))
    return 0


def _reading(arguments: argparse.Namespace, data: bytes) -> dict[str, Any]:
    name, family = arguments.file.name, arguments.family
    if not arguments.map:
        return read_catalogue(data, name, family=family)
    pairs = [] if arguments.map == "auto" else [pair.split("=") for pair in arguments.map.split(",")]
    choices = {int(column): field.strip() or None for field, column in pairs}
    return read_columns(data, name, family=family or FAMILIES[0], choices={arguments.table: choices})


def _proposals(arguments: argparse.Namespace, data: bytes) -> list[dict[str, Any]]:
    found = propose_columns(data, arguments.file.name, family=arguments.family or FAMILIES[0])
    return [mapping.to_json() for mapping in found]


def summary(reading: dict[str, Any]) -> str:
    """Counts of records, warnings and left-out pieces, for a person."""
    lines = [f"{reading['source']}"]
    for department in reading.get("departments", []):
        items = [item for duty in department["duties"] for item in duty["work_items"]]
        standards = sum(len(entry["standards"]) for entry in department["standards"])
        lines.append(
            f"  {department['name']}：职责 {len(department['duties'])}，工作 {len(items)}，标准 {standards}"
        )
    for chapter in reading.get("chapters", []):
        steps = sum(len(item["workflow"]) for item in chapter["items"])
        lines.append(f"  {chapter['no']} {chapter['title']}：{len(chapter['items'])} 项，{steps} 步")
    for title, found, key in (
        ("提示", reading["warnings"], "code"),
        ("未采用", reading["left_out"], "reason"),
    ):
        counts = "，".join(
            f"{name} {count}" for name, count in Counter(entry[key] for entry in found).most_common()
        )
        lines.append(f"{title} {len(found)}：{counts}")
    return "\n".join(lines)
