"""A process is ours only while the one that we started lives: a pid alone proves nothing."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from jobplus.stack.records import ProcessRecords, began
from jobplus.stack.spawning import spawn_detached


def _sleeper(folder: Path) -> int:
    command = (sys.executable, "-c", "import time; time.sleep(60)")
    return spawn_detached(command, dict(os.environ), folder / "sleeper.log")


def test_a_process_is_found_while_it_runs_and_not_after(tmp_path: Path) -> None:
    records = ProcessRecords(tmp_path)
    pid = _sleeper(tmp_path)
    records.write("sleeper", pid)
    assert records.running("sleeper") == pid

    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert records.running("sleeper") is None, "a zombie was taken for a running process"


def test_another_process_with_the_pid_of_ours_is_not_taken_for_it(tmp_path: Path) -> None:
    records = ProcessRecords(tmp_path)
    records.write("kafka", os.getpid())
    assert records.running("kafka") == os.getpid()

    path = tmp_path / "kafka.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "began": record["began"] + "1"}))
    assert records.running("kafka") is None


def test_a_process_whose_name_holds_brackets_and_spaces_is_read_right(tmp_path: Path) -> None:
    program = tmp_path / "a) S 1 (b"
    program.symlink_to("/bin/sleep")
    with subprocess.Popen([program, "60"]) as process:
        try:
            boot, ticks = str(began(process.pid)).split(":")
            assert boot
            assert int(ticks) > 1
        finally:
            process.kill()


def test_a_record_that_a_full_disk_or_a_crash_spoilt_names_no_process(tmp_path: Path) -> None:
    (tmp_path / "kafka.json").write_text('{"pid": 1')
    (tmp_path / "postgres.json").write_text('{"pid": 1, "began": null}')
    records = ProcessRecords(tmp_path)
    assert [records.running(name) for name in ("kafka", "postgres", "intake-api")] == [None, None, None]
