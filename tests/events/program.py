"""A process with everything imported: it forks a server or a worker for each line it reads, and tells when one ends."""

import asyncio
import json
import logging
import os
import signal
import sys
import traceback
from contextlib import suppress

from scrum_server.serve import serve_http
from scrum_server.settings import read_settings
from tests.events.planned import Plan, work


def main() -> None:
    """It leads a process group of its own, which ends with it."""
    signal.signal(signal.SIGCHLD, reap)
    for line in iter(sys.stdin.readline, ""):
        if pid := os.fork():
            say("began", pid, 0)
        else:
            be(Plan(**json.loads(line)))
    os.killpg(0, signal.SIGKILL)


def be(plan: Plan) -> None:
    """Never returns: all else in this process is its parent's."""
    status = 1
    try:
        live(plan)
        status = 0
    except Exception:  # noqa: BLE001 - the edge of the process: nobody else tells why it ended
        traceback.print_exc()
    finally:
        os._exit(status)


def live(plan: Plan) -> None:
    with open(plan.log, "ab", buffering=0) as log, open(os.devnull, "rb") as nothing:  # noqa: PTH123 - descriptors
        for ours, descriptor in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(ours.fileno(), descriptor)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if plan.serves:
        serve_http(read_settings(plan.settings).model_copy(update={"port": 0, "worker": False}))
    else:
        logging.basicConfig(level=logging.INFO, stream=sys.stderr)
        asyncio.run(work(plan))


def reap(*_: object) -> None:
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            say("ended", ended[0], os.waitstatus_to_exitcode(ended[1]))


def say(what: str, pid: int, status: int) -> None:
    """In one write, which a signal does not split."""
    os.write(1, f"{what} {pid} {status}\n".encode())


if __name__ == "__main__":
    main()
