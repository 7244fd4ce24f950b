"""The socket that HTTP listens on."""

import asyncio
import socket

import pytest

from scrum_server.serve import CannotListen, listening


async def test_small_answers_are_sent_at_once() -> None:
    delays: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted: socket.socket = writer.get_extra_info("socket")
        delays.set_result(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    with listening("127.0.0.1", 0) as own:
        async with await asyncio.start_server(serve, sock=own):
            _, writer = await asyncio.open_connection("127.0.0.1", own.getsockname()[1])
            assert await delays == 1
            writer.close()


def test_a_taken_port_is_named_with_a_way_out() -> None:
    with listening("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(CannotListen, match=f"127.0.0.1:{port}.*--port"):
            listening("127.0.0.1", port)
