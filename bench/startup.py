"""From process start to the answered tools/list over stdio, on an existing data folder, beside a bare server.

    python bench/startup.py [rounds]

Both are real processes, started in turn, so that a busy machine slows both. Target: at most 1.5 s more.
"""

import sys
from pathlib import Path

# Not this folder, where `http` would be a benchmark instead of the standard library's
sys.path[0] = str(Path(__file__).parent.parent)

import asyncio
import os
import tempfile
import time
from statistics import median

from mcp import Client
from mcp.client.stdio import StdioServerParameters

from bench.targets import at_most, conclude

MOST_SECONDS = 1.5
BARE = """
from mcp.server import MCPServer
server = MCPServer("bare")
@server.tool()
def echo(text: str) -> str:
    return text
server.run()
"""


def bare() -> StdioServerParameters:
    return StdioServerParameters(command=sys.executable, args=["-c", BARE])


def ours(home: str) -> StdioServerParameters:
    command = str(Path(sys.executable).with_name("scrum-mcp"))
    return StdioServerParameters(command=command, env={"SCRUM_HOME": home, "PATH": os.environ["PATH"]})


async def listed(server: StdioServerParameters) -> float:
    """Seconds until the tools are listed."""
    begun = time.perf_counter()
    async with Client(server) as client:
        await client.list_tools()
        return time.perf_counter() - begun


async def answered(server: StdioServerParameters) -> float:
    """Seconds until the first call that needs the stores is answered."""
    begun = time.perf_counter()
    async with Client(server) as client:
        await client.call_tool("get_status", {})
        return time.perf_counter() - begun


async def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="scrum-bench-") as home:
        fresh = await answered(ours(home))
        times = [
            (await listed(bare()), await listed(ours(home)), await answered(ours(home)))
            for _ in range(rounds)
        ]
    plain, tools, first = (median(column) for column in zip(*times, strict=True))
    more = [b - a for a, b, _ in times]
    print(f"fresh data folder, first call answered: {fresh:.2f} s (n=1)")
    print(f"bare server, tools/list:                {plain:.2f} s (median, n={rounds})")
    print(f"scrum-mcp, tools/list:                  {tools:.2f} s (median, n={rounds})")
    print(f"scrum-mcp, first call answered:         {first:.2f} s (median, n={rounds})")
    print(f"more than the bare server:              {median(more):.2f} s, worst {max(more):.2f} s")
    conclude([at_most("seconds more than the bare server, median", median(more), MOST_SECONDS)])


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))
