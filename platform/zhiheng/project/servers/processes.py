"""Look at processes and ports of this machine (进程与端口), so that a recycled pid is never taken for a server of ours."""

import random
import socket
from pathlib import Path

import psutil

SERVER_PORTS = range(20000, 32000)


def command_line(pid: int) -> list[str]:
    """Arguments of a living process; empty when there is none, it is a zombie, or it may not be read."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return []
        return list(process.cmdline())
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return []


def works_in(pid: int, folder: Path, name: str) -> bool:
    """Whether the living process of this pid has this name and works in this folder."""
    try:
        process = psutil.Process(pid)
        return process.name() == name and Path(process.cwd()) == folder
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def pids_working_in(folder: Path, name: str) -> list[int]:
    """Processes of this name whose working directory is the folder."""
    return [pid for pid in psutil.pids() if works_in(pid, folder, name)]


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody listens on at this moment.

    Below the range that outgoing connections take theirs from: a client that tries again and again while its server is
    down could otherwise be given the server's own port, and keep it from coming back.
    """
    ports = random.sample(SERVER_PORTS, k=len(SERVER_PORTS))
    return next(port for port in ports if port_is_free(port, host))


def remembered_port(file: Path) -> int:
    """The port kept in the file while it is free, else a new one, which the file then keeps."""
    try:
        port = int(file.read_text())
    except (OSError, ValueError):
        port = 0
    if not port or not port_is_free(port):
        port = free_port()
        file.write_text(str(port))
    return port
