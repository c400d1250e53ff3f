"""[[notify]], on_news and on_alarm: what is right, and what is said of what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from noticediff.config import Config, parse_config
from snapshots.errors import UsageError

SOURCE = '[[source]]\nname = "saved"\nfile = "notice.txt"\n'


def parse(text: str) -> Config:
    return parse_config(text, Path("/etc/noticediff.toml"))


def test_channels_are_read_with_what_they_get() -> None:
    config = parse(
        'output_url = "https://example.org/notices/"\non_news = ["./tell", "-v"]\non_alarm = ["mail"]\n'
        '[[notify]]\nname = "ops"\nurl = "env:OPS"\n'
        '[[notify]]\nname = "hook"\nurl = "jsons://example.org/hook"\nget = ["alarms"]\nform = "html"\n' + SOURCE
    )
    assert [(channel.name, channel.gets) for channel in config.channels] == [
        ("ops", ("news", "alarm")), ("hook", ("alarm",)), ("on_news", ("news",)), ("on_alarm", ("alarm",)),
    ]  # fmt: skip
    assert [channel.command for channel in config.channels][2:] == [("/etc/tell", "-v"), ("mail",)]
    assert (config.list_channels("news"), config.list_channels("alarm")) == (
        ("ops", "on_news"),
        ("ops", "hook", "on_alarm"),
    )
    assert config.output_url == "https://example.org/notices/"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('on_news = "tell"', ":1: 'on_news' is a command and its arguments: on_news = ["),
        ("on_alarm = []", ":1: 'on_alarm' is a command"),
        ("on_alarm = [1]", ":1: 'on_alarm' is a command"),
        ('output_url = "notices"', ":1: 'output_url' is the http or https address of the output folder"),
        ('output_url = "https://example.org/notices"', ":1: 'output_url' is the http"),
        ('output_url = "https://[bad/"', ":1: 'output_url' is the http"),
        ('output_url = "https://example.org:99999999/"', ":1: 'output_url' is the http"),
        ('output_url = "https://me:pass@example.org/"', ":1: 'output_url' holds a name or a password, which every"),
        ('on_new = ["x"]', ":1: the configuration has no key 'on_new'; did you mean 'on_news'?"),
        ('[notify]\nname = "ops"', ": a way for news and alarms begins with [[notify]]"),
        ('[[notify]]\nurl = "env:X"', ":1: a [[notify]] needs a name of its own"),
        ('[[notify]]\nname = "on_news"\nurl = "env:X"', ":2: a [[notify]] needs a name of its own"),
        ('[[notify]]\nname = "a"', ":1: notify 'a': needs a url"),
        ('[[notify]]\nname = "a"\nulr = "env:X"', ":3: notify 'a' has no key 'ulr'; did you mean 'url'?"),
        ('[[notify]]\nname = "a"\nurl = "wecombot://key"', ":3: notify 'a': 'url' holds a secret"),
        ('[[notify]]\nname = "a"\nurl = "mailtos://me:pass@example.org"', ":3: notify 'a': 'url' holds a secret"),
        ('[[notify]]\nname = "a"\nurl = "jsons://example.org/?token=x"', ":3: notify 'a': 'url' holds a secret"),
        ('[[notify]]\nname = "a"\nurl = "jsons://example.org/?+Authorization=x"', ":3: notify 'a': 'url' holds a sec"),
        ('[[notify]]\nname = "a"\nurl = "example.org"', ":3: notify 'a': 'url' is the address of a service"),
        ('[[notify]]\nname = "a"\nurl = "env:"', ":3: notify 'a': 'url' names no variable"),
        ('[[notify]]\nname = "a"\nurl = "env:X"\nget = ["new"]', ":4: notify 'a': 'get' is a list of"),
        ('[[notify]]\nname = "a"\nurl = "env:X"\nget = []', ":4: notify 'a': 'get' is a list of"),
        ('[[notify]]\nname = "a"\nurl = "env:X"\nget = [["news"]]', ":4: notify 'a': 'get' is a list of"),
        ('[[notify]]\nname = "a"\nurl = "env:X"\nform = "pdf"', ":4: notify 'a': 'form' is text or html"),
        ('[[notify]]\nname = "a"\nurl = "env:X"\nform = ["text"]', ":4: notify 'a': 'form' is text or html"),
        (
            '[[notify]]\nname = "a"\nurl = "env:X"\n[[notify]]\nname = "a"\nurl = "env:Y"',
            ":5: there is already a [[notify]] 'a'",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(f"{text}\n{SOURCE}")
    assert str(caught.value).startswith(f"/etc/noticediff.toml{told}"), str(caught.value)
