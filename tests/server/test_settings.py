"""Settings: named, checked, documented, and silent about secrets."""

import re
from pathlib import Path

import pytest

from scrum_server.addresses import shown_address
from scrum_server.settings import BadSettings, Settings, read_settings
from tests.requirements import requirement

PAGE = Path(__file__).parents[2] / "docs/settings.md"
KEY, NEW_KEY = "k" * 32, "n" * 32
NAMES = {f"SCRUM_{name.upper()}" for name in Settings.model_fields}


def test_without_variables_everything_is_embedded() -> None:
    settings = read_settings({})

    assert (settings.database, settings.redis, settings.host) == (None, None, "127.0.0.1")


def test_other_variables_are_none_of_our_business() -> None:
    assert read_settings({"PATH": "/bin", "SCRUMPTIOUS": "1"}) == Settings()


def test_an_empty_variable_is_not_set() -> None:
    assert read_settings({"SCRUM_PORT": "", "SCRUM_PROT": ""}) == Settings()


@requirement("settings.unknown")
def test_an_unknown_variable_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(
        BadSettings, match=r"SCRUM_DATABSE_URL is not a setting. Did you mean 'SCRUM_DATABASE_URL'"
    ):
        read_settings({"SCRUM_DATABSE_URL": "postgresql://localhost/db"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SCRUM_PORT", "70000"),
        ("SCRUM_PORT", "http"),
        ("SCRUM_READ_ONLY", "perhaps"),
        ("SCRUM_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=f"^{name}: "):
        read_settings({name: value})


def test_every_wrong_value_is_named_at_once() -> None:
    with pytest.raises(BadSettings, match=r"SCRUM_PORT: .*SCRUM_LOG_LEVEL: "):
        read_settings({"SCRUM_PORT": "http", "SCRUM_LOG_LEVEL": "LOUD"})


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_postgresql_may_be_spelled_in_several_ways(scheme: str) -> None:
    settings = read_settings({"SCRUM_DATABASE_URL": f"{scheme}://ana@db/scrum"})

    assert settings.database == "postgresql+asyncpg://ana@db/scrum"


def test_toolsets_are_separated_by_commas() -> None:
    assert read_settings({"SCRUM_TOOLSETS": "core, memory,"}).toolsets == ("core", "memory")


def test_settings_are_shown_without_passwords() -> None:
    settings = read_settings(
        {
            "SCRUM_DATABASE_URL": "postgresql://ana:tiger@db:5432/scrum",
            "SCRUM_REDIS_URL": "redis://:lion@cache:6379/0",
        }
    )

    shown = settings.shown()

    assert shown["SCRUM_DATABASE_URL"] == "postgresql://***@db:5432/scrum"
    assert shown["SCRUM_REDIS_URL"] == "redis://***@cache:6379/0"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ana:ti%2Fger@db/scrum",
        "postgresql://db/scrum?password=tiger",
        "postgresql://ana:ti?ger@db/scrum",
        "postgresql://db/scrum?password=ti@ger",
    ],
)
def test_no_part_of_a_password_is_shown(url: str) -> None:
    assert not re.search("ti|ger", shown_address(url))


@pytest.mark.parametrize(
    ("name", "url", "told"),
    [
        ("SCRUM_DATABASE_URL", "postgresql://ana:ti/ger@127.0.0.1:1/db", "%2F"),
        ("SCRUM_DATABASE_URL", "postgresql://ana:tiger@127.0.0.1:port/db", "%2F"),
        ("SCRUM_DATABASE_URL", "mysql://ana:tiger@127.0.0.1/db", "postgresql://"),
        ("SCRUM_DATABASE_URL", "tiger", "postgresql://"),
        ("SCRUM_DATABASE_URL", "postgresql://ana:tiger@db/scrum?sslcert=tiger", "sslcert"),
        ("SCRUM_REDIS_URL", "redis://ana:ti/ger@127.0.0.1:1", "%2F"),
        ("SCRUM_REDIS_URL", "redis://:tiger@h:port", "%2F"),
        ("SCRUM_REDIS_URL", "http://ana:tiger@h", "redis://"),
    ],
)
def test_a_bad_address_is_refused_without_repeating_it(name: str, url: str, told: str) -> None:
    with pytest.raises(BadSettings, match=told) as refused:
        read_settings({name: url})

    assert name in str(refused.value)
    assert "tiger" not in str(refused.value)
    assert "'ti'" not in str(refused.value)


def test_the_options_of_postgresqls_own_tools_are_understood() -> None:
    settings = read_settings({"SCRUM_DATABASE_URL": "postgres://ana@db/scrum?sslmode=require"})

    assert settings.database == "postgresql+asyncpg://ana@db/scrum?ssl=require"


def test_a_printed_settings_object_hides_its_urls() -> None:
    settings = read_settings({"SCRUM_DATABASE_URL": "postgresql://ana:tiger@db/scrum"})

    assert "tiger" not in f"{settings} {settings!r}"


def test_keys_are_separated_by_commas_and_kept_with_the_options_of_the_command_line() -> None:
    settings = read_settings({"SCRUM_REQUEST_STATE_KEYS": f"{NEW_KEY}, {KEY}"})

    chosen = settings.with_options(host=None, port=4321, toolsets=None, read_only=False)

    assert [key.get_secret_value() for key in chosen.request_state_keys] == [NEW_KEY, KEY]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("tiger", "key 1 of 1 has 5 bytes, and a key needs 32 or more"),
        (f"{KEY},tiger", "key 2 of 2 has 5 bytes, and a key needs 32 or more"),
        (f"{KEY},{NEW_KEY},{KEY}", "a key is there twice"),
    ],
)
def test_a_bad_key_is_refused_without_repeating_it(keys: str, told: str) -> None:
    with pytest.raises(BadSettings, match=told) as refused:
        read_settings({"SCRUM_REQUEST_STATE_KEYS": keys})

    for text in (str(refused.value), str(refused.value.__cause__)):
        assert not any(key in text for key in (KEY, NEW_KEY, "tiger"))


def test_keys_are_never_shown() -> None:
    settings = read_settings({"SCRUM_REQUEST_STATE_KEYS": f"{NEW_KEY},{KEY}"})

    text = f"{settings} {settings!r} {settings.shown()}"

    assert settings.shown()["SCRUM_REQUEST_STATE_KEYS"]
    assert KEY not in text
    assert NEW_KEY not in text


def test_what_the_command_line_says_comes_before_the_environment() -> None:
    settings = read_settings({"SCRUM_PORT": "1234", "SCRUM_READ_ONLY": "true"})

    chosen = settings.with_options(host=None, port=4321, toolsets=None, read_only=False)

    assert (chosen.port, chosen.read_only, chosen.host) == (4321, True, "127.0.0.1")


def test_the_shown_settings_are_all_settings() -> None:
    assert set(Settings().shown()) == NAMES


@requirement("tools.documented")
def test_every_setting_is_documented_and_every_documented_setting_is_one() -> None:
    rows = re.findall(r"^\| `(SCRUM_\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert len(rows) == len(set(rows))
    assert set(rows) == NAMES


@pytest.mark.parametrize("name", ["host", "port", "toolsets", "log_level", "read_only", "virtual_time"])
def test_the_documented_default_is_the_real_one(name: str) -> None:
    shown = Settings().shown()[f"SCRUM_{name.upper()}"]

    assert f"| `SCRUM_{name.upper()}` | `{shown.lower() if shown in ('True', 'False') else shown}` |" in (
        PAGE.read_text(encoding="utf-8")
    )
