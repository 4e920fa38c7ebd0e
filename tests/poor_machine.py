"""Run a command on a poorer machine than this one (needs root):

python poor_machine.py [--OPTION...] [--without CALL...] -- COMMAND...

--open-home: an interpreter below a home that is closed to others is shown there.
--ordinary-user: the same, no root, and tight limits.
--lone-root: root of a user namespace in which there is no other user.
--mask-proc: something is mounted over a part of /proc, as containers do.
--without: system calls that are answered ENOSYS (landlock_...) or EPERM (all others), as older kernels or
containers do.
"""

import argparse
import ctypes
import errno
import os
import resource
import struct
import sys
import tempfile

from grader.engine.sandbox import kernel_calls as kernel
from grader.engine.sandbox import seccomp
from grader.engine.sandbox.processes import Processes
from grader.engine.sandbox.users import become, enter_user_namespace, reachable_by_others

USER = 61_234
MB = 1 << 20
NUMBERS = {"unshare": (272, 97), "landlock_create_ruleset": (444, 444), "open_tree": (428, 428)}
LIMITS = {
    resource.RLIMIT_AS: 4096 * MB,
    resource.RLIMIT_NPROC: 220,
    resource.RLIMIT_FSIZE: 700 * MB,
    resource.RLIMIT_NOFILE: 1024,
}


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("--open-home", "--ordinary-user", "--mask-proc", "--lone-root"):
        parser.add_argument(name, action="store_true")
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    kernel.unshare(kernel.CLONE_NEWNS)
    kernel.mount(None, "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    if options.mask_proc:
        kernel.mount("tmpfs", "/proc/sys/kernel", "tmpfs", kernel.MS_RDONLY)
    base = os.path.realpath(sys.base_prefix)
    if (options.open_home or options.ordinary_user) and not reachable_by_others([base]):
        open_the_way_to(base)
    if options.ordinary_user:
        be_ordinary()
    if options.lone_root:
        enter_user_namespace(Processes(), inside=0)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    if options.without:
        take_away(options.without)
    os.execv(options.command[0], options.command)


def be_ordinary() -> None:
    for name, amount in LIMITS.items():
        resource.setrlimit(name, (amount, amount))
    home = tempfile.mkdtemp(dir=os.environ.get("POOR_HOME"))
    os.chown(home, USER, USER)
    become(USER)
    kernel.drop_capabilities()
    os.environ.update(HOME=home, TMPDIR=home, USER="somebody")


def open_the_way_to(path: str) -> None:
    """Cover the closed top folder of `path` by an empty one, with only `path` in it."""
    tree = kernel.copy_mount(path)
    top = "/" + path.split("/")[1]
    kernel.mount("tmpfs", top, "tmpfs", 0, "size=1m,mode=755")
    os.makedirs(path)
    kernel.attach_mount(tree, path)


def take_away(calls: list[str]) -> None:
    """A filter of the same make as the sandbox's, with these calls in it."""
    lines = [seccomp._line(seccomp._LOAD, 0)]
    for call in calls:
        error = errno.ENOSYS if call.startswith("landlock") else errno.EPERM
        lines += seccomp._each({call: NUMBERS[call]}, error)
    program = b"".join([*lines, seccomp._line(seccomp._RETURN, seccomp._ALLOW)])
    buffer = ctypes.create_string_buffer(program, len(program))
    kernel.syscall("seccomp", 1, 0, struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer)))


if __name__ == "__main__":
    main()
