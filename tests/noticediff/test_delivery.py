"""What a run tells goes each way once: files, commands, services; what fails goes out with a later run."""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import time_machine
from delivery_making import (
    FIRST,
    SECOND,
    configure,
    find_port,
    list_deliveries,
    list_states,
    mail_url,
    make_hook,
    notify,
    read_body,
    read_told,
    serve_mail,
)
from msgspec.structs import replace
from program_running import make_html, run_process, run_program, write_page
from pytest_httpserver import HTTPServer

from noticediff.output import save_file
from snapshots.store import open_store

DAY = dt.datetime(2025, 7, 2, 6, 0, tzinfo=dt.UTC)
FILES = ["digest-2025-07-02.html", "digest-2025-07-02.json", "digest-2025-07-02.md", "feed.atom"]


def list_files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "digests").iterdir())


def test_a_command_is_told_once_with_the_files_in_place(tmp_path: Path) -> None:
    config = configure(tmp_path, make_hook(tmp_path))
    with time_machine.travel(DAY, tick=False):
        runs = [run_program("--config", config, "track") for _ in range(2)]
    assert [run.exit_code for run in runs] == [0, 0], runs[0].output
    (told,) = read_told(tmp_path)
    assert (told["format"], told["kind"]) == ("noticediff.told", "news")
    assert told["title"] == "Category rules: everything learned so far: 1 new, 1 adjusted, 0 removed"
    assert "new: 金融業 › 個人征信 (in force since 2025-03-31)" in told["text"].splitlines()
    assert told["facts"] == json.loads((tmp_path / "digests" / "digest-2025-07-02.json").read_text())
    files = {form: str(tmp_path / "digests" / f"digest-2025-07-02.{form}") for form in ("html", "md", "json")}
    assert told["files"] == files
    assert told["where"] == files["html"]
    assert told["environment"] == {
        "NOTICEDIFF_TOLD_DELIVERY": told["delivery"],
        "NOTICEDIFF_TOLD_ID": told["id"],
        "NOTICEDIFF_TOLD_KIND": "news",
        "NOTICEDIFF_TOLD_TITLE": told["title"],
        **{f"NOTICEDIFF_TOLD_{form.upper()}": path for form, path in files.items()},
    }


def test_a_command_that_fails_is_told_again_by_the_next_run_under_the_same_key(tmp_path: Path) -> None:
    config = configure(tmp_path, make_hook(tmp_path))
    (tmp_path / "fails").touch()
    failed = run_program("--config", config, "--quiet", "track")
    assert failed.exit_code == 3
    (line,) = failed.stderr.splitlines()
    assert line.startswith("noticediff: notify 'on_news': 'Category rules: everything learned so far")
    assert line.endswith("ended with 1: the queue is full; the next run tries again")
    assert len(failed.stdout.splitlines()) == 3  # the rest of the run is done
    (tmp_path / "fails").unlink()
    again = run_program("--config", config, "track")
    assert (again.exit_code, again.stdout) == (0, "")
    first, second = read_told(tmp_path)
    assert first == second
    assert list_states(tmp_path) == {"on_news": "sent"}
    assert run_program("--config", config, "track").exit_code == 0
    assert len(read_told(tmp_path)) == 2


def test_a_command_has_its_time_and_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("noticediff.delivery.command.run_command.__kwdefaults__", {"limit": 0.5})
    script = "sleep 600 & echo $! > child; wait"
    config = configure(tmp_path, f"on_news = {json.dumps(['/bin/sh', '-c', f'cd {tmp_path}; {script}'])}")
    run = run_program("--config", config, "track")
    assert run.exit_code == 3
    assert "'/bin/sh' took longer than 0.5 seconds and was ended" in run.stderr
    child = Path(f"/proc/{(tmp_path / 'child').read_text().strip()}/stat")
    assert not child.exists() or ") Z " in child.read_text()


def test_a_command_that_is_not_there_is_a_failed_delivery(tmp_path: Path) -> None:
    config = configure(tmp_path, 'on_news = ["./nowhere"]')
    run = run_program("--config", config, "track")
    assert run.exit_code == 3
    assert f"'{tmp_path / 'nowhere'}' cannot be started: No such file or directory" in run.stderr
    checked = run_program("--config", config, "config", "check")
    assert checked.exit_code == 2
    assert "is no program that can be started" in checked.stderr


def test_no_shell_reads_a_command_nor_what_a_page_says(tmp_path: Path) -> None:
    hostile = FIRST.replace("個人征信", "$(touch pwned)`touch pwned`;touch pwned")
    write_page(tmp_path, "notice.txt", hostile)
    config = configure(tmp_path, make_hook(tmp_path).replace("]", ', "$(touch pwned)", "; touch pwned"]'))
    assert run_program("--config", config, "track").exit_code == 0
    assert len(read_told(tmp_path)) == 1
    assert not list(tmp_path.rglob("pwned"))
    assert not Path("pwned").exists()


def test_a_run_that_is_killed_while_it_sends_is_made_good_and_said_to_be_doubtful(tmp_path: Path) -> None:
    # The command arrives, and kills the run before it can note so: whether it arrived is not known any more.
    kill = f"cat >> {tmp_path}/told.jsonl; test -e {tmp_path}/survives || kill -9 $PPID"
    config = configure(tmp_path, f"on_news = {json.dumps(['/bin/sh', '-c', kill])}")
    killed = run_process("--config", config, "track", cwd=tmp_path)
    assert killed.returncode == -9
    assert list_states(tmp_path) == {"on_news": "sending"}
    (tmp_path / "survives").touch()
    run = run_program("--config", config, "track")
    assert run.exit_code == 0
    assert "the last run ended while it sent this; it is sent again, and may arrive twice" in run.stderr
    keys = [line for line in (tmp_path / "told.jsonl").read_text().splitlines() if '"delivery"' in line]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert list_states(tmp_path) == {"on_news": "sent"}


KILLED = """
import os, sys
from noticediff.delivery import dispatch, files
from snapshots.outbox import Outbox
from snapshots.store import Store

left = int(sys.argv.pop(1))

def guard(owner, name):
    step = getattr(owner, name)
    def guarded(*given, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)
        return step(*given, **named)
    setattr(owner, name, guarded)

for name in ("keep_digest", "keep_alarms", "save_stem", "save_filed", "save_delivery"):
    guard(Outbox, name)
guard(Store, "save_told")
guard(files, "save_file")
guard(dispatch, "send_parcel")

from noticediff.cli import main
main()
"""


@pytest.mark.parametrize("step", range(1, 13))
def test_a_run_killed_before_any_of_its_steps_is_made_good_by_the_next(tmp_path: Path, step: int) -> None:
    config = configure(tmp_path, make_hook(tmp_path))
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(step), "--config", str(config), "track"],
        cwd=tmp_path, env=os.environ, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    # The steps: the digest, that it tells, the alarms, the name, three files, the feed, filed, begun, sent, noted.
    assert killed.returncode == -9, killed.stderr
    before = {path.name: path.read_bytes() for path in (tmp_path / "digests").glob("digest-*")}
    again = run_program("--config", config, "track")
    assert again.exit_code == 0, again.output
    files = {path.suffix: path for path in (tmp_path / "digests").iterdir()}
    assert len({path.stem for path in files.values()} - {"feed"}) == 1
    assert set(files) == {".html", ".md", ".json", ".atom"}
    assert len(list((tmp_path / "digests").iterdir())) == 4
    assert before == {name: (tmp_path / "digests" / name).read_bytes() for name in before}
    assert len(read_told(tmp_path)) == (2 if step == 12 else 1)  # 12: sent, and killed before that was noted
    quiet = run_program("--config", config, "track")
    assert (quiet.exit_code, quiet.stdout) == (0, "")
    assert len(list((tmp_path / "digests").iterdir())) == 4


def test_a_torn_set_is_completed_under_its_own_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = configure(tmp_path)

    def tear(path: Path, content: bytes) -> None:
        if path.suffix == ".md":
            raise KeyboardInterrupt
        save_file(path, content)

    with time_machine.travel(DAY, tick=False):
        with monkeypatch.context() as patched:
            patched.setattr("noticediff.delivery.files.save_file", tear)
            run_program("--config", config, "track")
        assert list_files(tmp_path) == ["digest-2025-07-02.html"]
    with time_machine.travel(DAY + dt.timedelta(days=1), tick=False):
        run = run_program("--config", config, "track")
    assert list_files(tmp_path) == FILES
    assert len(run.stdout.splitlines()) == 3


def test_a_file_of_somebody_else_is_not_written_over(tmp_path: Path) -> None:
    config = configure(tmp_path)
    (tmp_path / "digests").mkdir()
    alien = write_page(tmp_path / "digests", "digest-2025-07-02.md", "my notes")
    with time_machine.travel(DAY, tick=False):
        run_program("--config", config, "track")
    assert alien.read_text() == "my notes"
    assert list_files(tmp_path)[0] == "digest-2025-07-02-2.html"


def test_a_mail_goes_out_with_its_styles_on_its_elements(tmp_path: Path) -> None:
    port = find_port()
    config = configure(tmp_path, notify("ops", mail_url(port)))
    with serve_mail(port) as box:
        run = run_program("--config", config, "track")
    assert run.exit_code == 0, run.output
    (mail,) = box.mails
    assert mail["Subject"].strip() == "Category rules: everything learned so far: 1 new, 1 adjusted, 0 removed"
    assert (mail["From"], mail["To"]) == ("noticediff <watch@example.org>", "ops@example.com")
    assert "new: 金融業 › 個人征信" in read_body(mail, "plain")
    page = read_body(mail, "html")
    assert "<style" not in page
    assert '<h1 style="' in page
    assert "金融許可證" in page
    assert "<nav" not in page


def test_a_mail_server_that_is_down_gets_the_mail_when_it_is_up(tmp_path: Path) -> None:
    port = find_port()
    config = configure(tmp_path, notify("ops", mail_url(port)))
    down = run_program("--config", config, "--quiet", "track")
    assert down.exit_code == 3
    assert f"not sent: 127.0.0.1:{port}: Connection refused; the next run tries again" in down.stderr
    with serve_mail(port) as box:
        box.refuses = "452 4.3.1 the disk is full"
        full = run_program("--config", config, "track")
        assert full.exit_code == 3
        assert "452 4.3.1 the disk is full" in full.stderr
        box.refuses = None
        assert [run_program("--config", config, "track").exit_code for _ in range(2)] == [0, 0]
    (mail,) = box.mails
    (delivery,) = list_deliveries(tmp_path)
    assert (delivery.state, delivery.tries, delivery.error) == ("sent", 3, None)
    assert mail["Message-ID"].endswith("@example.org>")


def test_a_mail_that_is_sent_twice_is_the_same_mail(tmp_path: Path) -> None:
    port = find_port()
    config = configure(tmp_path, notify("ops", mail_url(port)))
    with serve_mail(port) as box:
        run_program("--config", config, "track")
        with open_store(str(tmp_path / "notices.db")) as store:
            (delivery,) = store.outbox.list_deliveries(is_open=False)
            store.outbox.save_delivery(replace(delivery, state="sending"))
        run_program("--config", config, "track")
    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert read_body(first, "html") == read_body(second, "html")


def test_a_webhook_is_told_in_short_with_a_key_and_a_secret_from_the_environment(
    httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTICES_HOOK", httpserver.url_for("/hook?token=geheim").replace("http://", "json://"))
    httpserver.expect_request("/hook").respond_with_data("busy", status=503)
    config = configure(
        tmp_path, 'output_url = "https://intranet.example.org/notices/"', notify("chat", "env:NOTICES_HOOK")
    )
    run = run_program("--config", config, "track")
    assert run.exit_code == 3
    assert "geheim" not in run.output
    httpserver.clear()
    httpserver.expect_request("/hook").respond_with_data("ok")
    assert run_program("--config", config, "track").exit_code == 0
    ((request, _),) = httpserver.log
    body = json.loads(request.data)
    assert body["title"].startswith("Category rules: everything learned so far")
    last = body["message"].splitlines()[-1]
    assert last.startswith("Full digest: https://intranet.example.org/notices/digest-")
    (delivery,) = list_deliveries(tmp_path)
    assert len(request.headers["Idempotency-Key"]) == 32
    assert delivery.state == "sent"


def test_a_variable_that_the_environment_lacks_fails_the_delivery_and_not_the_run(tmp_path: Path) -> None:
    config = configure(tmp_path, notify("chat", "env:NOTICES_NOWHERE"))
    run = run_program("--config", config, "track")
    assert run.exit_code == 3
    assert "the environment has no NOTICES_NOWHERE; its url stands there" in run.stderr
    assert len(run.stdout.splitlines()) == 3
    checked = run_program("--config", config, "config", "check")
    assert (checked.exit_code, "NOTICES_NOWHERE" in checked.stderr) == (0, True)


def test_an_alarm_is_told_once_and_once_when_it_is_over(httpserver: HTTPServer, tmp_path: Path) -> None:
    source = f'url = "{httpserver.url_for("/notice")}"\nallow_private = true'
    config = configure(tmp_path, make_hook(tmp_path, "on_alarm"), source=source)
    codes = [run_program("--config", config, "--quiet", "track").exit_code for _ in range(3)]
    assert codes == [3, 3, 3]
    (begun,) = read_told(tmp_path)
    assert (begun["kind"], begun["title"]) == ("alarm", "noticediff: 1 alarm")
    assert begun["facts"]["begun"][0]["address"] == httpserver.url_for("/notice")
    assert begun["text"].startswith(f"source 'saved': {httpserver.url_for('/notice')}: ")
    httpserver.expect_request("/notice").respond_with_data(make_html(FIRST), content_type="text/html")
    assert [run_program("--config", config, "--quiet", "track").exit_code for _ in range(2)] == [0, 0]
    _, over = read_told(tmp_path)
    assert over["title"] == "noticediff: 1 over"
    assert over["text"].startswith("over; wrong since ")
    assert over["facts"]["begun"] == []


def test_an_alarm_whose_cause_changes_is_told_as_it_is_and_not_as_over(httpserver: HTTPServer, tmp_path: Path) -> None:
    source = f'url = "{httpserver.url_for("/notice")}"\nallow_private = true'
    config = configure(tmp_path, make_hook(tmp_path, "on_alarm"), source=source)
    run_program("--config", config, "track")
    httpserver.expect_request("/notice").respond_with_data("<p>please log in</p>", content_type="text/html")
    run_program("--config", config, "track")
    first, second = read_told(tmp_path)
    assert (first["title"], second["title"]) == ("noticediff: 1 alarm", "noticediff: 1 alarm")
    httpserver.clear()
    httpserver.expect_request("/notice").respond_with_data(make_html(FIRST), content_type="text/html")
    run_program("--config", config, "track")
    assert [told["title"] for told in read_told(tmp_path)][2:] == ["noticediff: 1 over"]


def test_a_channel_gets_what_it_asks_for(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/alarms").respond_with_data("ok")
    channel = notify("chat", httpserver.url_for("/alarms").replace("http:", "json:"), 'get = ["alarms"]')
    config = configure(tmp_path, channel)
    run_program("--config", config, "track")
    assert httpserver.log == []
    (tmp_path / "notice.txt").unlink()
    run_program("--config", config, "track")
    assert [json.loads(request.data)["type"] for request, _ in httpserver.log] == ["warning"]


def test_a_channel_that_is_not_configured_any_more_is_given_up_with_a_line(tmp_path: Path) -> None:
    config = configure(tmp_path, 'on_news = ["./nowhere"]')
    run_program("--config", config, "track")
    config = configure(tmp_path)
    run = run_program("--config", config, "--quiet", "track")
    assert run.exit_code == 0
    assert "was not sent and is not any more: the configuration has no such channel now" in run.stderr
    assert run_program("--config", config, "--quiet", "track").stderr == ""
    assert list_states(tmp_path) == {"on_news": "dropped"}


def test_a_channel_that_is_new_gets_what_is_new(tmp_path: Path) -> None:
    run_program("--config", configure(tmp_path), "track")
    config = configure(tmp_path, make_hook(tmp_path))
    run_program("--config", config, "track")
    assert read_told(tmp_path) == []
    write_page(tmp_path, "notice.txt", SECOND)
    run_program("--config", config, "track")
    assert len(read_told(tmp_path)) == 1


def test_one_message_that_no_server_takes_does_not_stop_those_behind_it(tmp_path: Path) -> None:
    # It fails for the first digest alone: the second one goes out.
    script = f"cat >> {tmp_path}/told.jsonl; ! ls {tmp_path}/first 2>/dev/null || rm {tmp_path}/first"
    script += "; case $NOTICEDIFF_TOLD_TITLE in *everything*) exit 1;; esac"
    config = configure(tmp_path, f"on_news = {json.dumps(['/bin/sh', '-c', script])}")
    assert run_program("--config", config, "track").exit_code == 3
    write_page(tmp_path, "notice.txt", SECOND)
    assert run_program("--config", config, "track").exit_code == 3
    assert [delivery.state for delivery in list_deliveries(tmp_path)] == ["waiting", "sent"]


def test_a_server_that_is_down_is_asked_twice_in_a_run_and_no_more(tmp_path: Path) -> None:
    config = configure(tmp_path, 'on_news = ["./nowhere"]')
    for months in ("2025年1-3月", "2025年4-6月", "2025年7-9月", "2025年10-12月"):
        write_page(tmp_path, "notice.txt", FIRST.replace("2025年1-3月", months).replace("營業執照", f"執照{months}"))
        run = run_program("--config", config, "--quiet", "track")
    assert len(run.stderr.splitlines()) == 2
    assert len(list_deliveries(tmp_path)) == 4


def test_a_dry_run_sends_nothing_and_says_what_would_go_where(tmp_path: Path) -> None:
    config = configure(tmp_path, make_hook(tmp_path), notify("ops", mail_url(find_port())))
    dry = run_program("--config", config, "track", "--dry-run")
    assert dry.exit_code == 0
    title = "Category rules: everything learned so far: 1 new, 1 adjusted, 0 removed"
    assert dry.stdout.splitlines()[-2:] == [f"would send to ops: {title}", f"would send to on_news: {title}"]
    assert read_told(tmp_path) == []
    assert run_program("--config", config, "track").exit_code == 3
    again = run_program("--config", config, "track", "--dry-run")
    assert again.stdout.splitlines() == [f"would send again to ops: {title}"]
    (tmp_path / "notice.txt").unlink()
    assert "would send to ops: noticediff: 1 alarm" in run_program("--config", config, "track", "--dry-run").stdout


def test_a_channel_can_be_tried(tmp_path: Path) -> None:
    port = find_port()
    config = configure(tmp_path, make_hook(tmp_path), notify("ops", mail_url(port)))
    assert run_program("--config", config, "notify", "test", "ops").exit_code == 3
    with serve_mail(port) as box:
        run = run_program("--config", config, "notify", "test", "ops")
    assert (run.exit_code, run.stderr) == (0, "notify 'ops': sent\n")
    (mail,) = box.mails
    assert mail["Subject"].strip() == "noticediff: a test of this channel"
    assert run_program("--config", config, "notify", "test", "on_news").exit_code == 0
    (told,) = read_told(tmp_path)
    assert set(told["files"]) == {"html", "md", "json"}
    assert not (tmp_path / "notices.db").exists()
    wrong = run_program("--config", config, "notify", "test", "op")
    assert (wrong.exit_code, "did you mean 'ops'?" in wrong.stderr) == (2, True)


def test_the_channels_are_listed_with_what_waits(tmp_path: Path) -> None:
    config = configure(tmp_path, make_hook(tmp_path), notify("ops", mail_url(1)))
    run_program("--config", config, "track")
    listed = run_program("--config", config, "notify", "list").stdout.splitlines()
    assert listed[0].startswith("ops: news and alarms, mailto://127.0.0.1:1?")
    assert "; 1 waiting: 127.0.0.1:1: Connection refused" in listed[0]
    assert listed[1].endswith("hook.py; nothing waits")


def test_news_that_cannot_be_written_go_out_all_the_same_but_not_to_commands(tmp_path: Path) -> None:
    port = find_port()
    blocked = write_page(tmp_path, "blocked", "a file")
    config = configure(tmp_path, 'output = "blocked"', make_hook(tmp_path), notify("ops", mail_url(port)))
    with serve_mail(port) as box:
        run = run_program("--config", config, "track")
    assert run.exit_code == 3
    assert (len(box.mails), read_told(tmp_path)) == (1, [])
    blocked.unlink()
    assert run_program("--config", config, "track").exit_code == 0
    assert len(read_told(tmp_path)) == 1


def test_the_doctor_names_a_torn_digest_file_and_writes_it_again(tmp_path: Path) -> None:
    config = configure(tmp_path, 'on_news = ["./nowhere"]')
    run_program("--config", config, "track")
    (page,) = (tmp_path / "digests").glob("digest-*.html")
    whole = page.read_bytes()
    page.write_bytes(whole[:100])
    sick = run_program("--config", config, "doctor")
    assert sick.exit_code == 6
    assert f"digests: {page}: is not what was told in it; `noticediff doctor --repair` mends it" in sick.stdout
    assert "digests: 1 delivery waits; `noticediff notify list` says why" in sick.stdout
    mended = run_program("--config", config, "doctor", "--repair")
    assert (mended.exit_code, page.read_bytes()) == (0, whole)
    assert f"repaired  {page}: written again" in mended.stdout
    page.unlink()  # somebody has tidied up
    assert run_program("--config", config, "doctor").exit_code == 0


def test_a_service_without_the_extra_is_a_failed_delivery_that_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "noticediff.delivery.services", raising=False)
    monkeypatch.setitem(sys.modules, "apprise", None)
    config = configure(tmp_path, make_hook(tmp_path), notify("ops", mail_url(1)))
    run = run_program("--config", config, "track")
    assert run.exit_code == 3
    assert "sending needs more; install noticediff[notify]" in run.stderr
    assert len(read_told(tmp_path)) == 1
    checked = run_program("--config", config, "config", "check")
    assert (checked.exit_code, "install noticediff[notify]" in checked.stderr) == (2, True)


def test_a_fault_in_one_channel_leaves_the_others_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("noticediff.delivery.mail.inline_styles", None)
    port = find_port()
    config = configure(tmp_path, make_hook(tmp_path), notify("ops", mail_url(port)))
    with serve_mail(port):
        run = run_program("--config", config, "track")
    assert run.exit_code == 3
    assert "not sent: a fault: TypeError: " in run.stderr
    assert list_states(tmp_path) == {"ops": "waiting", "on_news": "sent"}


def test_a_link_in_the_place_of_a_digest_is_not_written_through(tmp_path: Path) -> None:
    config = configure(tmp_path)
    (tmp_path / "digests").mkdir()
    with time_machine.travel(dt.datetime(2025, 7, 2, 3, tzinfo=dt.UTC), tick=False):
        (tmp_path / "digests" / "digest-2025-07-02.html").symlink_to(tmp_path / "elsewhere")
        run = run_program("--config", config, "track")
    assert run.exit_code == 0, run.output
    assert not (tmp_path / "elsewhere").exists()
    assert (tmp_path / "digests" / "digest-2025-07-02-2.html").is_file()


def test_a_linked_feed_and_a_linked_digest_are_replaced_and_not_written_through(tmp_path: Path) -> None:
    config = configure(tmp_path)
    folder, other = tmp_path / "digests", tmp_path / "of another user"
    folder.mkdir()
    other.write_text("kept")
    (folder / "feed.atom").symlink_to(other)
    run = run_program("--config", config, "track")
    assert run.exit_code == 0, run.output
    told = f"{folder / 'feed.atom'}: was a link, and is a file of its own now; link the folder instead"
    assert f"noticediff: {told}\n" in run.stderr
    assert not (folder / "feed.atom").is_symlink()
    assert "<feed" in (folder / "feed.atom").read_text()
    (digest,) = folder.glob("digest-*.md")
    content = digest.read_bytes()
    digest.unlink()
    digest.symlink_to(other)
    assert run_program("--config", config, "doctor", "--repair").exit_code == 0
    assert not digest.is_symlink()
    assert (digest.read_bytes(), other.read_text()) == (content, "kept")


def test_a_name_in_a_damaged_store_leads_out_of_no_folder(tmp_path: Path) -> None:
    config = configure(tmp_path)
    assert run_program("--config", config, "track").exit_code == 0
    with closing(sqlite3.connect(tmp_path / "notices.db")) as connection:
        connection.execute("UPDATE messages SET stem = '../outside', filed = NULL")
        connection.commit()
    assert run_program("--config", config, "track").exit_code == 0
    assert not (tmp_path / "outside.html").exists()
