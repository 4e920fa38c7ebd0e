"""The system-call filter: a small BPF program, assembled by hand for x86-64 and arm64.

Forbidden is what reaches beyond the process (sockets, mounts, namespaces, other processes, kernel keys,
shared memory that no limit counts) and every call newer than this table. Source: kernel headers, seccomp(2).
"""

from __future__ import annotations

import ctypes
import errno
import struct

from grader.engine.sandbox.kernel_calls import MACHINE, syscall

_NEWEST = 462  # a later call is answered ENOSYS
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _RETURN, _EQUAL, _GREATER_OR_EQUAL, _ANY_BIT = 0x20, 0x06, 0x15, 0x35, 0x45
_AUDIT_ARCH = {"x86_64": 0xC000003E, "arm64": 0xC00000B7}
_SET_MODE_FILTER = 1
_AF_UNIX, _AF_INET, _AF_INET6, _AF_NETLINK = 1, 2, 10, 16
_ANY_NAMESPACE = 0x7E020000
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_DATAGRAM_BIT = 2  # in SOCK_DGRAM and SOCK_RAW, not in SOCK_STREAM and SOCK_SEQPACKET

# Name -> numbers on (x86_64, arm64); None where the architecture has no such call.
_FORBIDDEN = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272), "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
    "process_mrelease": (448, 448), "migrate_pages": (256, 238), "move_pages": (279, 239),
    "personality": (135, 92), "modify_ldt": (154, None),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "setns": (308, 268), "unshare": (272, 97), "open_tree": (428, 428), "move_mount": (429, 429),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    "connect": (42, 203), "bind": (49, 200), "listen": (50, 201), "setsockopt": (54, 208),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "syslog": (103, 116),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "lookup_dcookie": (212, 18),
    "fanotify_init": (300, 262), "vhangup": (153, 58), "acct": (163, 89), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "swapon": (167, 224), "swapoff": (168, 225), "reboot": (169, 142),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "iopl": (172, None), "ioperm": (173, None),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266),
    "adjtimex": (159, 171), "sethostname": (170, 161), "setdomainname": (171, 162),
    "shmget": (29, 194), "shmat": (30, 196), "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
}  # fmt: skip
_ABSENT = {  # answered ENOSYS: callers fall back
    "clone3": (435, 435), "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
}  # fmt: skip
_CLONE, _SOCKET, _SOCKETPAIR, _IOCTL = (56, 220), (41, 198), (53, 199), (16, 29)

# Without namespaces the same user's files and processes are within reach; landlock guards neither of these.
_FORBIDDEN_SHARED = {
    "chown": (92, None), "lchown": (94, None), "fchownat": (260, 54), "truncate": (76, 45),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "removexattr": (197, 14), "lremovexattr": (198, 15),
    "inotify_add_watch": (254, 27),
}  # fmt: skip
_PRETENDED_SHARED = {  # answered with success: refusing breaks shutil.copy; nobody leaves the process group
    "chmod": (90, None), "fchmodat": (268, 53), "fchmodat2": (452, 452), "utime": (132, None),
    "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88), "setsid": (112, 157),
    "setpgid": (109, 154),
}  # fmt: skip
_OWN_ONLY_SHARED = {  # name -> numbers, which argument is a process: it must be 0, the caller
    "prlimit64": ((302, 261), 0), "sched_setparam": ((142, 118), 0), "sched_setscheduler": ((144, 119), 0),
    "sched_setattr": ((314, 274), 0), "sched_setaffinity": ((203, 122), 0), "setpriority": ((141, 140), 1),
    "ioprio_set": ((251, 30), 1),
}  # fmt: skip


def restrict(*, shared: bool) -> None:
    """Install the filter for good; `shared` adds what matters without namespaces. Needs no_new_privs."""
    _install(assemble(shared))


def refuse_internet() -> None:
    """Let this process and its children make no socket of the internet any more. Needs no_new_privs."""
    lines = _native()
    for family in (_AF_INET, _AF_INET6):
        lines += _when(_SOCKET, 0, _line(_EQUAL, family, 0, 1), errno.EACCES)
    _install(b"".join([*lines, _line(_RETURN, _ALLOW)]))


def _install(program: bytes) -> None:
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    syscall("seccomp", _SET_MODE_FILTER, 0, header)


def assemble(shared: bool) -> bytes:
    """The program, eight bytes an instruction."""
    lines = [*_native(), _line(_GREATER_OR_EQUAL, _NEWEST + 1, 0, 1), _fail(errno.ENOSYS)]
    lines += _each(_FORBIDDEN, errno.EPERM) + _each(_ABSENT, errno.ENOSYS)
    lines += _when(_CLONE, 0, _line(_ANY_BIT, _ANY_NAMESPACE, 0, 1), errno.EPERM)
    lines += _when(_SOCKET, 0, _line(_EQUAL, _AF_NETLINK, 0, 1), errno.EOPNOTSUPP)  # libzmq aborts on others
    lines += _each({"socket": _SOCKET}, errno.EACCES)
    lines += _when(_SOCKETPAIR, 0, _line(_EQUAL, _AF_UNIX, 1, 0), errno.EACCES)
    lines += _when(_SOCKETPAIR, 1, _line(_ANY_BIT, _DATAGRAM_BIT, 0, 1), errno.EACCES)
    for request in (_TIOCSTI, _TIOCLINUX):
        lines += _when(_IOCTL, 1, _line(_EQUAL, request, 0, 1), errno.EPERM)
    if shared:
        lines += _each(_FORBIDDEN_SHARED, errno.EPERM) + _each(_PRETENDED_SHARED, 0)
        for numbers, argument in _OWN_ONLY_SHARED.values():
            lines += _when(numbers, argument, _line(_EQUAL, 0, 1, 0), errno.EPERM)
    return b"".join([*lines, _line(_RETURN, _ALLOW)])


def _native() -> list[bytes]:
    """Kill what calls by the table of another architecture; the number of the call is loaded then."""
    arch = _line(_EQUAL, _AUDIT_ARCH[MACHINE], 1, 0)
    return [_line(_LOAD, 4), arch, _line(_RETURN, _KILL_PROCESS), _line(_LOAD, 0)]


def _each(calls: dict, error: int) -> list[bytes]:
    numbers = [pair[MACHINE == "arm64"] for pair in calls.values()]
    return [part for n in numbers if n is not None for part in (_line(_EQUAL, n, 0, 1), _fail(error))]


def _when(numbers: tuple[int, int], argument: int, test: bytes, error: int) -> list[bytes]:
    """Fail the call when the low half of its argument passes the test (which else jumps one further)."""
    call = _line(_EQUAL, numbers[MACHINE == "arm64"], 0, 4)
    return [call, _line(_LOAD, 16 + 8 * argument), test, _fail(error), _line(_LOAD, 0)]


def _fail(error: int) -> bytes:
    return _line(_RETURN, _ERRNO | error)


def _line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
