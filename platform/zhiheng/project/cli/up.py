"""``zhiheng up``: everything on one machine with one command (一键启动)."""

import argparse
import sys
from pathlib import Path
from typing import Any

from zhiheng.project.cli.detached import start_detached
from zhiheng.project.cli.programs import HOST, choose_port, scheduler, wait_for_answer, web, worker
from zhiheng.project.cli.sites import print_sites
from zhiheng.project.servers.checks import WEB_PORT, require_disk_space
from zhiheng.project.servers.environment import Servers, for_setup
from zhiheng.project.servers.errors import ServerError
from zhiheng.project.servers.home import prepare_home
from zhiheng.project.servers.supervisor import AlreadyRunning, Supervisor


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser("up", help="启动数据库、网站、后台任务；首次启动时建演示数据")
    parser.add_argument(
        "--port", type=int, default=WEB_PORT, help=f"网站端口，默认 {WEB_PORT}；被占用时用下一个"
    )
    parser.add_argument("--workers", type=int, help="后台任务进程数")
    parser.add_argument("--no-demo", action="store_true", help="不建演示数据")
    parser.add_argument("--detach", action="store_true", help="在后台运行，用 zhiheng down 停止")
    parser.add_argument("--exit", action="store_true", help="启动并建好数据后就停止")
    parser.set_defaults(handler=up)


def up(arguments: argparse.Namespace) -> int:
    """Start, stay until asked to stop, stop in order."""
    servers = Servers()
    prepare_home(servers.home)
    require_disk_space(servers.home)
    if arguments.detach:
        return start_detached(servers.home, _flags(arguments))
    supervisor = Supervisor(servers, _say)
    try:
        supervisor.claim()
    except AlreadyRunning as running:
        return _tell_running(servers.home, running.state.address)
    supervisor.stop_on_signals()
    try:
        return _serve(supervisor, arguments)
    finally:
        _say("正在停止…")
        supervisor.shut_down()
        _say("已停止，数据都在。")


def _serve(supervisor: Supervisor, arguments: argparse.Namespace) -> int:
    home = supervisor.servers.home
    _say("正在启动数据库和消息队列…")
    found = supervisor.start_servers()
    _run(supervisor, "prepare")
    port = choose_port(arguments.port)
    if port != arguments.port:
        _say(f"{arguments.port} 端口被别的程序占用，改用 {port}。")
    found["ZHIHENG_PORT"] = str(port)
    site = web(home, port)
    address = f"http://{HOST}:{port}"
    supervisor.start_parts([site, worker(home, arguments.workers), scheduler(home)], address)
    wait_for_answer(site, port)
    if not arguments.no_demo:
        _run(supervisor, "demo", "--if-empty")
    if supervisor.stopping:
        return 130
    print_sites(home, address)
    supervisor.announce_ready()
    if not arguments.exit:
        _say("按 Ctrl-C 停止。")
        supervisor.watch()
    return 0


def _run(supervisor: Supervisor, *command: str) -> None:
    """Run one of our own commands as a child, so that the supervisor itself stays small."""
    full = [sys.executable, "-m", "zhiheng.project.cli", *command]
    code = supervisor.run_child(full, for_setup(supervisor.found))
    if code != 0 and not supervisor.stopping:
        raise ServerError(
            f"zhiheng {' '.join(command)} 没有做完（退出码 {code}）。",
            "请看上面的说明，改好后重新运行 zhiheng up。",
        )


def _tell_running(home: Path, address: str) -> int:
    if address:
        print("质衡已经在运行，没有再启动一次。")
        print_sites(home, address)
    else:
        print("另一个 zhiheng up 正在启动，请等它完成；zhiheng status 可看现状。")
    return 0


def _flags(arguments: argparse.Namespace) -> list[str]:
    flags = [f"--port={arguments.port}"]
    flags += [f"--workers={arguments.workers}"] if arguments.workers else []
    flags += ["--no-demo"] if arguments.no_demo else []
    return flags + (["--exit"] if arguments.exit else [])


def _say(text: str) -> None:
    print(text, flush=True)
