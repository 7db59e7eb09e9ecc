"""The main job on a real cluster, and what is left of it when a part of the cluster fails: everything."""

import csv
import re
import signal
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app import create_app
from app.settings import Settings
from tests import servers
from tests.cluster.conftest import Cluster
from tests.factories import ANSWER, TEXT

# One cluster is enough, so all of these run in one process of a parallel run.
pytestmark = pytest.mark.xdist_group("cluster")

WAITING = "SELECT key, error FROM outbox WHERE done_at IS NULL ORDER BY id"


def send(cluster: Cluster, number: int) -> list[dict[str, Any]]:
    """Petitions of several senders; their receipts."""
    return [
        cluster.visitor().send_petition(
            text=f"{TEXT} Việc thứ {n}.", contact={"email": f"sender{n}@example.org"}
        )
        for n in range(number)
    ]


def statuses(cluster: Cluster, receipts: list[dict[str, Any]]) -> list[str]:
    """Where petitions stand, in order."""
    codes = [receipt["code"] for receipt in receipts]
    found = dict(cluster.ask("SELECT code, status FROM petitions WHERE code = ANY(%s)", codes))
    return [found[code] for code in codes]


def wait_for_desk(cluster: Cluster, receipts: list[dict[str, Any]], timeout: float = 120) -> None:
    """Wait until the classifier has looked at all of them."""
    servers.wait_until(
        lambda: set(statuses(cluster, receipts)) == {"triage"}, "the classifier to look", timeout
    )


def check_nothing_lost_nothing_twice(cluster: Cluster, receipts: list[dict[str, Any]]) -> None:
    """Each petition classified once, each receipt mailed, and a mail that came twice is the same mail."""
    for receipt in receipts:
        kinds = cluster.ask(
            "SELECT e.kind FROM events e JOIN petitions p ON p.id = e.petition_id WHERE p.code = %s ORDER BY seq",
            receipt["code"],
        )
        assert kinds == [("submitted",), ("triaged",)]
        suggestions = cluster.ask(
            "SELECT count(*) FROM suggestions s JOIN petitions p ON p.id = s.petition_id WHERE code = %s",
            receipt["code"],
        )
        assert suggestions == [(1,)]
    same = defaultdict(set)
    for mail in cluster.mail.messages:
        same[str(mail.message["Message-ID"])].add((mail.recipients, mail.subject, mail.text))
    for receipt in receipts:
        identity = f"<{receipt['code']}.1.submitter@pakn.example.vn>"
        ((recipients, _subject, text),) = same[identity]
        assert len(recipients) == 1
        assert receipt["secret"] in text
    assert "0 broken" in cluster.command("timeline", "verify")


def test_a_petition_travels_from_the_citizen_to_the_export(cluster: Cluster, tmp_path: Path) -> None:
    citizen, desk, officer, approver = (
        cluster.visitor(),
        *(cluster.staff(name) for name in ("desk", "officer", "approver")),
    )
    (receipt,) = send(cluster, 1)
    code = receipt["code"]
    case = f"/cases/{code}"
    wait_for_desk(cluster, [receipt])
    assert code in desk.page("/desk").text

    desk.submit(case, f"{code}/assign", assign_agency="BKHCN")
    # A mail that events have overtaken is not sent: the agency is told only if nobody there was quicker.
    cluster.wait_until_nothing_waits()
    assert code in officer.page("/inbox").text
    officer.submit(
        case,
        acknowledge_officer=str(cluster.ask("SELECT id FROM staff WHERE username = 'officer'")[0][0]),
        acknowledge_task="Kiểm tra trạm phát sóng",
        acknowledge_deadline=receipt["respond_by"],
        acknowledge_expected_result="Văn bản trả lời",
    )
    officer.submit(case, f"{code}/draft", draft_body=ANSWER)
    officer.submit(case, f"{code}/submit-draft", **officer.points(case))
    approver.submit(case, f"{code}/approve")
    approver.submit(case, f"{code}/publish")
    assert citizen.standing(receipt)["status"] == "answered"

    cluster.wait_until_nothing_waits()
    mails = [mail for mail in cluster.mail.messages if mail.recipients == ("sender0@example.org",)]
    # Two workers send side by side: which mail comes first is not promised.
    mails.sort(key=lambda mail: int(str(mail.message["Message-ID"]).split(".")[1]))
    assert [str(mail.message["Message-ID"]).split(".")[1] for mail in mails] == ["1", "3", "4", "8"]
    link = re.search(r"https://pakn\.example\.vn(/surveys/\S+)\?rating=5", mails[-1].text)
    assert link
    citizen.submit(link[1], rating="5")
    assert cluster.ask("SELECT rating FROM surveys") == [(5,)]
    told = [mail for mail in cluster.mail.messages if mail.recipients == ("officer@staff.example",)]
    assert [code in mail.subject for mail in told] == [True]

    assert "0 broken" in cluster.command("timeline", "verify", code)
    check_export(cluster, tmp_path)


def check_export(cluster: Cluster, folder: Path) -> None:
    """The month's export, once the month is over."""
    today = datetime.now(UTC) + timedelta(hours=7)
    later = datetime.now(UTC) + timedelta(days=32)
    environment = {**cluster.environment, "PORT": "8000"}
    app = create_app(Settings.from_environment(environment, folder), lambda: later)
    month = f"{today:%Y-%m}"
    words = ["export", "satisfaction", "--month", month, "--out", str(folder / "out")]
    result = app.test_cli_runner().invoke(args=words)
    assert result.exit_code == 0, result.output
    with (folder / "out" / f"satisfaction-{month}.csv").open(encoding="utf-8-sig") as file:
        (line,) = [row for row in csv.DictReader(file) if "BKHCN" in row.values()]
    assert (line["received"], line["answered"], line["mean_rating"]) == ("1", "1", "5.0000")
    with app.app_context():
        from app.extensions import db

        db.engine.dispose()


def test_with_redis_away_petitions_are_taken_in_and_worked_off_later(cluster: Cluster) -> None:
    cluster.redis.kill()
    receipts = send(cluster, 4)
    time.sleep(3)
    assert set(statuses(cluster, receipts)) == {"received"}
    cluster.redis.start()
    wait_for_desk(cluster, receipts)
    cluster.wait_until_nothing_waits()
    check_nothing_lost_nothing_twice(cluster, receipts)
    assert "Traceback" not in cluster.application.log


def test_a_mail_server_that_refuses_for_a_while(cluster: Cluster) -> None:
    with cluster.mail.failing():
        receipts = send(cluster, 3)
        failed = "SELECT count(*) FROM outbox WHERE done_at IS NULL AND error = 'SMTPDataError'"
        servers.wait_until(lambda: cluster.ask(failed) == [(3,)], "the mails to be refused", 60)
        wait_for_desk(cluster, receipts)
    cluster.wait_until_nothing_waits()
    check_nothing_lost_nothing_twice(cluster, receipts)
    for worker in cluster.workers:
        assert "example.org" not in worker.log_text(), "a log names nobody"


def test_a_worker_killed_in_the_middle(cluster: Cluster) -> None:
    """It dies holding a petition's row; once its lease has run out, the other worker does the work."""
    receipt, killed = a_worker_killed_in_the_middle(cluster)
    assert killed.returncode == -signal.SIGKILL
    assert statuses(cluster, [receipt]) == ["received"]
    # Five minutes pass.
    with cluster.connect() as connection:
        connection.execute(
            "UPDATE outbox SET lease_until = now() - interval '1 second' WHERE done_at IS NULL"
        )
    wait_for_desk(cluster, [receipt])
    cluster.wait_until_nothing_waits()
    check_nothing_lost_nothing_twice(cluster, [receipt])
    receipts = send(cluster, 5)
    wait_for_desk(cluster, receipts)
    cluster.wait_until_nothing_waits()
    check_nothing_lost_nothing_twice(cluster, receipts)


def a_worker_killed_in_the_middle(cluster: Cluster) -> tuple[dict[str, Any], servers.Process]:
    """Hold a petition's row so that a worker must wait for it within its task, and kill that worker there."""
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%%petitions%%'"
    )
    for _ in range(5):
        (receipt,) = send(cluster, 1)
        with cluster.connect() as connection:
            locked = "SELECT id FROM petitions WHERE code = %s AND status = 'received' FOR UPDATE"
            row = connection.execute(locked, (receipt["code"],)).fetchone()
            if row is None:
                continue
            servers.wait_until(lambda: cluster.ask(waiting) == [(1,)], "a worker to be in the middle", 60)
            ((job,),) = cluster.ask("SELECT id FROM outbox WHERE key = %s", f"classify:{row[0]}")
            (busy,) = [worker for worker in cluster.workers if f"(outbox-{job})" in worker.log_text()]
            busy.kill()
        return receipt, busy
    pytest.fail("the workers were quicker five times")


def test_nothing_is_left_over(cluster: Cluster) -> None:
    assert cluster.ask(WAITING) == []
    assert "Traceback" not in cluster.application.log
    assert "ok    outbox" in cluster.command("doctor")
