"""get_sprint and list_items over HTTP beside a bare echo tool: latency and throughput, one process each.

    python bench/http.py [rounds]

The same client measures all three in turn, a few calls at a time, so that a busy machine slows all. list_items
asks for a page of 50 from 500 items. Targets: p50 at most 3 and 4 times the echo's, throughput at least 0.35 and
0.25 of its.
"""

import sys
from pathlib import Path

# Not this folder, where `http` would be this file instead of the standard library's
sys.path[0] = str(Path(__file__).parent.parent)

import asyncio
import http.client
import json
import os
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from mcp import Client

from bench.targets import Target, at_least, at_most, conclude

PROTOCOL = "2026-07-28"
WARM_UP, CALLS, WORKERS = 200, 60, 4
TARGETS = {"get_sprint": (3.0, 0.35), "list_items": (4.0, 0.25)}
"""Most p50 and least throughput, as shares of the echo's."""
BARE = """
import sys
import uvicorn
from mcp.server import MCPServer
server = MCPServer("bare", log_level="WARNING")
@server.tool()
async def echo(text: str) -> str:
    return text
app = server.streamable_http_app(stateless_http=True, json_response=True)
config = uvicorn.Config(app, port=int(sys.argv[1]), log_config=None, access_log=False)
uvicorn.Server(config).run()
"""


@dataclass(frozen=True)
class Call:
    port: int
    tool: str
    arguments: dict[str, Any]

    def request(self) -> tuple[bytes, dict[str, str]]:
        meta = {
            "io.modelcontextprotocol/protocolVersion": PROTOCOL,
            "io.modelcontextprotocol/clientInfo": {"name": "bench", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": {},
        }
        params = {"name": self.tool, "arguments": self.arguments, "_meta": meta}
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": PROTOCOL,
            "Mcp-Method": "tools/call",
            "Mcp-Name": self.tool,
        }
        return body.encode(), headers


@dataclass(frozen=True)
class Measured:
    """Milliseconds of one call at a time, and calls per second of several workers."""

    p50: float
    p99: float
    rate: float


def times(call: Call, count: int) -> list[float]:
    body, headers = call.request()
    connection = http.client.HTTPConnection("127.0.0.1", call.port)
    taken: list[float] = []
    for _ in range(count):
        begun = time.perf_counter()
        connection.request("POST", "/mcp", body, headers)
        response = connection.getresponse()
        answer = response.read()
        taken.append(1000 * (time.perf_counter() - begun))
        if response.status != http.HTTPStatus.OK or b'"isError":true' in answer:
            raise RuntimeError(answer.decode())
    connection.close()
    return taken


def measured(call: Call) -> Measured:
    alone = times(call, CALLS)
    workers = [threading.Thread(target=times, args=(call, CALLS // 2)) for _ in range(WORKERS)]
    begun = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    rate = WORKERS * (CALLS // 2) / (time.perf_counter() - begun)
    return Measured(median(alone), quantiles(alone, n=100)[98], rate)


@contextmanager
def process(command: list[str], environment: dict[str, str]) -> Generator[subprocess.Popen[str]]:
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, text=True) as started:  # noqa: S603 - our own commands
        try:
            yield started
        finally:
            started.terminate()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(600):
        try:
            http.client.HTTPConnection("127.0.0.1", port).connect()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(port)


async def prepare(port: int) -> None:
    """A project of 500 items whose sprint has begun."""
    async with Client(f"http://127.0.0.1:{port}/mcp") as client:

        async def call(tool: str, **arguments: Any) -> Any:
            result = await client.call_tool(tool, arguments)
            if result.is_error:
                raise RuntimeError(result.content)
            return result.structured_content

        await call("setup_project", project="BENCH", autonomy="confirm")
        people = [{"name": name, "skills": ["backend"]} for name in ("Ana", "Bo", "Cy", "Di", "Ed")]
        await call("set_team", project="BENCH", members=people)
        for n in range(5):
            items = [{"title": f"Item {n * 100 + i} of a backlog", "points": i % 5 + 1} for i in range(100)]
            await call("add_items", project="BENCH", items=items)
        plan = await call("plan_sprint", project="BENCH", target_confidence=0.3)
        await call("commit_plan", plan_id=plan["plan_id"], confirm=True, start=True)
        keys = [item["item"] for item in plan["selected"][:3]]
        await call("update_items", project="BENCH", changes=[{"item": key, "status": "done"} for key in keys])


def report(rounds: list[dict[str, Measured]]) -> list[Target]:
    names = list(rounds[0])
    targets: list[Target] = []
    print(f"{'tool':<12}{'p50 ms':>9}{'p99 ms':>9}{'calls/s':>9}{'p50 ratio':>11}{'rate ratio':>12}")
    for name in names:
        p50 = median(r[name].p50 for r in rounds)
        slower = median(r[name].p50 / r[names[0]].p50 for r in rounds)
        rate = median(r[name].rate / r[names[0]].rate for r in rounds)
        p99, per_second = median(r[name].p99 for r in rounds), median(r[name].rate for r in rounds)
        print(f"{name:<12}{p50:>9.2f}{p99:>9.2f}{per_second:>9.0f}{slower:>11.2f}{rate:>12.2f}")
        if name in TARGETS:
            slowest, least = TARGETS[name]
            targets += [at_most(f"{name}, p50 ratio", slower, slowest)]
            targets += [at_least(f"{name}, rate ratio", rate, least)]
    print(
        f"medians of {len(rounds)} rounds; {CALLS} calls alone, {WORKERS} workers with {CALLS // 2} calls each"
    )
    return targets


def main(rounds: int) -> None:
    ours = str(Path(sys.executable).with_name("scrum-mcp"))
    with tempfile.TemporaryDirectory(prefix="scrum-bench-") as home:
        environment = {"PATH": os.environ["PATH"], "SCRUM_HOME": home}
        echo, scrum = free_port(), free_port()
        with (
            process([sys.executable, "-c", BARE, str(echo)], {"PATH": os.environ["PATH"]}),
            process([ours, "serve", "--http", "--port", str(scrum)], environment),
        ):
            wait_for(echo)
            wait_for(scrum)
            asyncio.run(prepare(scrum))
            calls = {
                "echo": Call(echo, "echo", {"text": "hello"}),
                "get_sprint": Call(scrum, "get_sprint", {"project": "BENCH", "sprint": "current"}),
                "list_items": Call(scrum, "list_items", {"project": "BENCH", "limit": 50}),
            }
            for call in calls.values():
                times(call, WARM_UP)
            rows = [{name: measured(call) for name, call in calls.items()} for _ in range(rounds)]
    conclude(report(rows))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
