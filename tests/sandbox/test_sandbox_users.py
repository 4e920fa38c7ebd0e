"""The sandbox where less is possible: ordinary users under tight limits, containers, older kernels."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TESTS = HERE.parent
BLOCKED = f"{HERE / 'test_sandbox.py'}::test_is_this_attack_blocked"
LIMITS = f"{HERE / 'test_sandbox_limits.py'}"
SEPARATION = f"{HERE / 'test_separation.py'}"
START = """
import sys
from grader.errors import SandboxError
from grader.engine.sandbox.levels import describe, probe
from grader.engine.sandbox.zygote import Zygote
sys.path.insert(0, {tests!r})
from confined import inside
try:
    with Zygote() as zygote, inside(zygote) as run:
        print(zygote.level, run("print(bool(open('/proc/self/status').read(1)))"))
except SandboxError as error:
    print(error)
    with Zygote("unsafe") as zygote, inside(zygote) as run:
        print(zygote.level, run("print(1)"))
print(describe(probe()))
"""
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="NOT TESTED: only root can make a poorer machine")


def on_poor_machine(options, command, tmp_path):
    tmp_path.chmod(0o755)
    environment = os.environ | {"POOR_HOME": str(tmp_path)}
    return subprocess.run(
        [sys.executable, TESTS / "poor_machine.py", *options.split(), "--", sys.executable, *command],
        capture_output=True, text=True, timeout=120, cwd=TESTS.parent, env=environment,
    )  # fmt: skip


@pytest.mark.parametrize(
    "options, tests",
    [
        ("--ordinary-user", "attack or daemon or bomb or environment"),
        ("--open-home --without unshare", "no-namespaces and (attack or bomb or many or allowed)"),
        ("--without landlock_create_ruleset", "full and attack"),
        ("--ordinary-user --mask-proc", "full and (attack or daemon or memory or allowed)"),
    ],
)
def test_does_the_sandbox_hold_there(options, tests, tmp_path):
    arguments = [
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        BLOCKED,
        LIMITS,
        SEPARATION,
        "-k",
        tests,
    ]
    done = on_poor_machine(options, arguments, tmp_path)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "skipped" not in done.stdout, done.stdout[-1000:]


@pytest.mark.parametrize(
    "options, expected",
    [
        ("--ordinary-user", "full True"),
        ("--lone-root", "full True"),
        ("--ordinary-user --mask-proc", "full FileNotFoundError"),
        ("--ordinary-user --without unshare", "no-namespaces PermissionError"),
        ("--open-home --without unshare", "('interpreter open to other users', 'yes')"),
        ("--without landlock_create_ruleset", "without landlock: files are confined by the mount namespace"),
        ("--without unshare landlock_create_ruleset", "--unsafe-no-sandbox\nunsafe 1"),
    ],
)
def test_is_the_level_found_by_trying(options, expected, tmp_path):
    done = on_poor_machine(options, ["-c", START.format(tests=str(TESTS))], tmp_path)
    assert expected in done.stdout, done.stdout + done.stderr[-1000:]
