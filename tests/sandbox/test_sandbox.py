"""Attacks from inside a student process, on each level that confines; each is also shown to work outside."""

import contextlib
import os
import platform
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy
import pytest
from confined import LEVELS, inside, require

import cs231nlib
from grader.engine.sandbox.zygote import Zygote

NUMBERS = ((56, 321, 250), (220, 280, 219))  # clone, bpf, keyctl on x86-64 and arm64
SECRET = "a-secret-of-the-grader"

ATTACKS = {
    # Network: every family, then what listens outside
    "socket of any family": """
        made = []
        for family in range(46):
            for kind in (1, 2, 3, 5):
                with contextlib.suppress(OSError):
                    made.append(socket.socket(family, kind))
        assert made
    """,
    "connect by TCP": "socket.create_connection(('127.0.0.1', PORT), 1)",
    "connect to an abstract socket": "socket.socket(socket.AF_UNIX).connect(ABSTRACT)",
    "connect to a socket file": "socket.socket(socket.AF_UNIX).connect(SOCKET_FILE)",
    "send to a datagram socket": "socket.socketpair(type=socket.SOCK_DGRAM)[0].sendto(b'x', ABSTRACT_DGRAM)",
    "fill sockets with the kernel's memory": """
        socket.socketpair()[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
    """,
    # Files
    "read the gradebook": "open(GRADEBOOK).read()",
    "list the course": "assert os.listdir(COURSE)",
    "read the tests": "open(TESTS).read()",
    "read the home": "assert [n for n in os.listdir(HOME) if not BASE.startswith(os.path.join(HOME, n))]",
    "read the users": "assert 'daemon' in open('/etc/passwd').read()",
    "read another submission": "open(OTHER).read()",
    "write the gradebook": "open(GRADEBOOK, 'a').write('x')",
    "write into a package": "open(PACKAGE + '/attack.py', 'w').close(); os.unlink(PACKAGE + '/attack.py')",
    "write into the course library": "open(LIBRARY, 'a').close()",
    "write into /usr": "open('/usr/attacked', 'w').close(); os.unlink('/usr/attacked')",
    "rename the gradebook": "os.rename(GRADEBOOK, GRADEBOOK + '2'); os.rename(GRADEBOOK + '2', GRADEBOOK)",
    "change the gradebook's mode": "os.chmod(GRADEBOOK, 0o666); assert os.stat(GRADEBOOK).st_mode & 2",
    "truncate the gradebook": "os.truncate(GRADEBOOK, 1)",
    "link to the gradebook": "os.link(GRADEBOOK, 'mine'); open('mine').read()",
    # Other processes
    "signal another process": "os.kill(VICTIM, 0)",
    "signal the parent": "assert os.getppid() > 1; os.kill(os.getppid(), 0)",
    "see other processes": """
        assert [p for p in os.listdir('/proc') if p.isdigit() and int(p) not in (1, os.getpid())]
    """,
    "read another environment": "open(f'/proc/{VICTIM}/environ').read()",
    "read another memory map": "open(f'/proc/{VICTIM}/maps').read()",
    "trace another process": """
        call('ptrace', 16, VICTIM, 0, 0)
        os.waitpid(VICTIM, 1 << 30)
        call('ptrace', 17, VICTIM, 0, 0)
    """,
    "read another memory": """
        local = ctypes.create_string_buffer(8)
        vector = (ctypes.c_void_p * 2)(ctypes.addressof(local), 8)
        remote = (ctypes.c_void_p * 2)(ctypes.addressof(local), 8)
        got = libc.process_vm_readv(VICTIM, vector, 1, remote, 1, 0)
        assert got == 8 or ctypes.get_errno() == 14  # a bad address, but the right to ask
    """,
    "limit another process": "resource.prlimit(VICTIM, resource.RLIMIT_NOFILE, (64, 64))",
    "slow another process": "os.setpriority(os.PRIO_PROCESS, VICTIM, 19)",
    "pin another process": "os.sched_setaffinity(VICTIM, {min(os.sched_getaffinity(0))})",
    "take another process's file": """
        handle = os.pidfd_open(VICTIM)
        assert libc.syscall(438, handle, 0, 0) >= 0
    """,
    # The kernel
    "mount": "call('mount', b'none', b'/tmp', b'tmpfs', 0, None); call('umount2', b'/tmp', 2)",
    "own namespaces": "call('unshare', 0x20000)",
    "own user namespace": "call('unshare', 0x10000000)",
    "own namespaces by clone": """
        child = call('syscall', CLONE, 0x10000000 | 17, 0, 0, 0, 0)
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
    """,
    "another root": "os.chroot('/usr')",
    "another user": "os.setresuid(12345, 12345, 12345); os.setresuid(12345, 12345, 12345)",
    "a higher limit": "resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
    "kernel keys": "call('syscall', KEYCTL, 0, -3, 0)",
    "shared memory": "call('shmget', 0, 4096, 0o1600)",
    "memory files": "os.memfd_create('x')",
    "BPF": "libc.syscall(BPF, 0, 0, 0); assert ctypes.get_errno() != 1",
    "io_uring": "call('syscall', 425, 1, ctypes.create_string_buffer(120))",
    "host name": "socket.sethostname(socket.gethostname())",
}  # fmt: skip
NEEDS_ROOT = {
    "write into /usr", "mount", "own namespaces", "another root", "another user", "host name",
    "a higher limit", "BPF",
}  # fmt: skip
PRELUDE = """
import contextlib, ctypes, os, resource, socket
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    result = getattr(libc, name)(*arguments)
    if result == -1:
        raise OSError(ctypes.get_errno(), name)
    return result
"""


def source(attack: str, world: dict) -> str:
    """The attack as a program that prints "open" or "blocked: why"."""
    facts = "".join(f"{name} = {value!r}\n" for name, value in world.items())
    body = textwrap.indent(textwrap.dedent(ATTACKS[attack]).strip(), "    ")
    ending = "except BaseException as error:\n    print('blocked:', repr(error))\nelse:\n    print('open')\n"
    return f"{PRELUDE}{facts}try:\n{body}\n{ending}"


@pytest.fixture(scope="module", params=LEVELS)
def zygote(request):
    require(request.param)
    with Zygote(request.param) as warm:
        yield warm


@pytest.fixture(scope="module")
def victim():
    with subprocess.Popen(["sleep", "1000"], env={"SECRET": SECRET}) as process:
        time.sleep(0.05)
        yield process
        process.kill()


@pytest.fixture(scope="module")
def world(tmp_path_factory, victim):
    """What there is to attack: a gradebook, another submission, listening sockets, a process."""
    folder = tmp_path_factory.mktemp("course")
    for name in ("gradebook.db", "other.ipynb"):
        (folder / name).write_text(SECRET)
    with contextlib.ExitStack() as stack:
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        places = {
            "ABSTRACT": (f"\0grader-test-{os.getpid()}", socket.SOCK_STREAM),
            "ABSTRACT_DGRAM": (f"\0grader-test-dgram-{os.getpid()}", socket.SOCK_DGRAM),
            "SOCKET_FILE": (str(folder / "socket"), socket.SOCK_STREAM),
        }
        for place, kind in places.values():
            listener = stack.enter_context(socket.socket(socket.AF_UNIX, kind))
            listener.bind(place)
            if kind == socket.SOCK_STREAM:
                listener.listen()
        yield {name: place for name, (place, _) in places.items()} | {
            "PORT": tcp.getsockname()[1],
            "COURSE": str(folder),
            "GRADEBOOK": str(folder / "gradebook.db"),
            "OTHER": str(folder / "other.ipynb"),
            "TESTS": __file__,
            "HOME": str(Path.home()),
            "BASE": sys.base_prefix,
            "PACKAGE": os.path.dirname(numpy.__file__),
            "LIBRARY": cs231nlib.__file__,
            "VICTIM": victim.pid,
            **dict(zip(("CLONE", "BPF", "KEYCTL"), NUMBERS[platform.machine() == "aarch64"], strict=True)),
        }


@pytest.mark.parametrize("attack", ATTACKS)
def test_is_this_attack_blocked(attack, zygote, world):
    with inside(zygote) as run:
        assert run(source(attack, world)).startswith("blocked")


@pytest.mark.parametrize("attack", ATTACKS)
def test_does_the_same_attack_succeed_outside(attack, world, tmp_path):
    if attack in NEEDS_ROOT and os.geteuid():
        pytest.skip(f"NOT TESTED: outside, {attack!r} needs root")
    done = subprocess.run(
        [sys.executable, "-c", source(attack, world)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.stdout == "open\n", done.stdout + done.stderr
