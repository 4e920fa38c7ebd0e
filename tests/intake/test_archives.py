"""Hostile and broken archives: refused with a reason, and the rest is collected."""

import zipfile
from functools import partial

import pytest
from downloads import NOTEBOOK, OTHER, outcomes, submitted, zipped
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.intake import archives, parcel, quota
from grader.intake.collect import collect
from grader.intake.contents import Member
from grader.intake.roster import Sender
from grader.intake.sent_file import SentFile
from grader.plainfiles import name_problem


def member(name, mode=0o100644, **fields):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    for field, value in fields.items():
        setattr(info, field, value)
    return info


HOSTILE = {
    "traversal": (member("../../../../nbgrader_config.py"), "leads out"),
    "absolute": (member("/etc/passwd"), "leads out"),
    "windows": (member("..\\..\\win.txt"), "leads out"),
    "drive": (member("C:\\win.txt"), "leads out"),
    "link": (member("link", 0o120777), "a link or a device"),
    "device": (member("dev", 0o020666), "a link or a device"),
    "pipe": (member("pipe", 0o010644), "a link or a device"),
    "control": (member("a\x1b[2Jb"), "control characters"),
    "dots": (member("a/./b"), "not a plain one"),
    "long": (member("x" * 300), "too long"),
    "deep": (member("/".join("d" * 60)), "too deep"),
    "case": (member("PS1.IPYNB"), "same name"),
    "file as folder": (member("ps1.ipynb/x"), "same name"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_member_is_refused_and_the_rest_collected(course, download, case, tmp_path):
    info, why = HOSTILE[case]
    inner = zipped([("ps1.ipynb", NOTEBOOK), (info, b"evil")])
    made = download("class", {"alice/sub.zip": inner, "bob/sub.zip": zipped({"ps1.ipynb": NOTEBOOK})})
    outside = sorted(tmp_path.rglob("*"))
    intake = collect("ps1", [made], course)
    assert [(entry.student, why in entry.why) for entry in intake.refused] == [("alice", True)]
    assert outcomes(intake) == {"alice": "new", "bob": "new"}
    assert submitted(course) == {f"{name}/ps1/ps1.ipynb": NOTEBOOK for name in ("alice", "bob")}
    assert [p for p in sorted(tmp_path.rglob("*")) if "submitted" not in p.parts] == outside


def test_names_that_differ_only_in_unicode_form_collide(course, download):
    inner = zipped({"ps1.ipynb": NOTEBOOK, "caf\u00e9.txt": b"1", "cafe\u0301.txt": b"2"})
    intake = collect("ps1", [download("d", {"alice/sub.zip": inner})], course)
    assert [entry.why for entry in intake.refused] == ["another file has the same name"]
    assert submitted(course)["alice/ps1/caf\u00e9.txt"] == b"1"


def test_utf_8_names_without_their_flag_are_read_as_such(course, download):
    inner = zipped({"ps1.ipynb": NOTEBOOK, "gr\u00f6\u00dfe.txt": b"1"})
    for header, flags in ((b"PK\3\4", 7), (b"PK\1\2", 9)):
        at = inner.rindex(header) + flags
        assert inner[at] == 8
        inner = inner[:at] + b"\0" + inner[at + 1 :]
    collect("ps1", [download("d", {"alice/sub.zip": inner})], course)
    assert "alice/ps1/gr\u00f6\u00dfe.txt" in submitted(course)


def encrypted(data):
    """The same archive with the flag of encryption on its first member."""
    flagged = bytearray(data)
    flagged[data.index(b"PK\1\2") + 8] |= 1
    return bytes(flagged)


GOOD_ZIP = zipped({"ps1.ipynb": NOTEBOOK})


BOMB = zipped({"ps1.ipynb": b" " * (archives.MAX_FILE - 1)})


BROKEN = {
    "cut": (GOOD_ZIP[: len(GOOD_ZIP) // 2], "not a whole zip"),
    "no zip": (b"hello", "not a whole zip"),
    "damaged": (GOOD_ZIP.replace(GOOD_ZIP[60:80], b"\xff" * 20), "damaged"),
    "encrypted": (encrypted(GOOD_ZIP), "encrypted"),
    "bomb": (BOMB, "zip bomb"),
    "large": (zipped({"ps1.ipynb": b" " * (archives.MAX_FILE + 1)}), "larger than"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_archive_is_told_and_kept_as_it_came(course, download, case):
    data, why = BROKEN[case]
    made = download("class", {"alice/sub.zip": data, "bob/sub.zip": GOOD_ZIP})
    intake = collect("ps1", [made], course)
    assert [(entry.student, why in entry.why) for entry in intake.refused] == [("alice", True)]
    assert submitted(course) == {"alice/ps1/sub.zip": data, "bob/ps1/ps1.ipynb": NOTEBOOK}


def test_archives_in_archives_are_opened_twice_and_no_deeper(course, download):
    data = GOOD_ZIP
    for student in ("alice", "bob"):
        data = zipped({"inner.zip": data})
        collect("ps1", [download(student, {f"{student}/sub.zip": data})], course)
    assert set(submitted(course)) == {"alice/ps1/ps1.ipynb", "bob/ps1/sub.zip"}


def test_a_member_named_like_another_student_stays_with_its_sender(course, download):
    forged = "ps1_bob_attempt_2026-02-01-10-00-00_x/ps1.ipynb"
    inner = zipped({"ps1.ipynb": NOTEBOOK, forged: OTHER})
    made = download("ps1_alice_attempt_2026-01-05-10-00-00_sub.zip", {})
    made.write_bytes(inner)
    assert outcomes(collect("ps1", [made], course)) == {"alice": "new"}


def test_a_table_of_contents_too_large_is_refused_unread(course, download):
    end = b"PK\5\6" + b"\0" * 6 + b"\xff\xff" + (archives.MAX_DIRECTORY + 1).to_bytes(4, "little") + b"\0" * 6
    made = download("class", {"alice/sub.zip": b"x" * 100 + end, "bob/sub.zip": GOOD_ZIP})
    intake = collect("ps1", [made], course)
    assert [entry.why for entry in intake.refused] == ["it has far too many members"]
    assert outcomes(intake)["bob"] == "new"


def test_very_many_members_are_bounded_and_the_notebook_is_among_those_taken(course, download):
    files = {"ps1.ipynb": NOTEBOOK} | {f"f{n}": b"" for n in range(quota.MAX_FILES + 299)}
    intake = collect("ps1", [download("d", {"alice/sub.zip": zipped(files)})], course)
    assert intake.collected[0].files == quota.MAX_FILES
    assert len(intake.refused) == 201
    assert (intake.refused[0].why, intake.refused[-1].path) == (quota.TOO_MUCH, "100 more")
    assert "alice/ps1/ps1.ipynb" in submitted(course)


def test_archives_without_a_notebook_are_not_unpacked_without_end(course, download, monkeypatch):
    files = {f"alice/{n}.zip": zipped({f"{n}{m}.csv": b"1" * 5000 for m in range(3)}) for n in range(3)}
    monkeypatch.setattr(parcel, "Quota", partial(parcel.Quota, to_read=8000))
    intake = collect("ps1", [download("d", files)], course)
    assert set(submitted(course)) == {"alice/ps1/0.zip"}
    assert {entry.why for entry in intake.refused} == {quota.TOO_MUCH}
    assert [entry.path for entry in intake.refused] == ["02.csv", "1.zip", "2.zip"]


def test_an_entry_that_claims_less_than_it_holds_is_damaged(course, download):
    data = bytearray(zipped({"ps1.ipynb": NOTEBOOK}))
    at = data.index(b"PK\1\2") + 24
    data[at : at + 4] = (10).to_bytes(4, "little")
    intake = collect("ps1", [download("d", {"alice/sub.zip": bytes(data)})], course)
    assert [entry.why for entry in intake.refused] == ["it is damaged"]


CHANGES = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=6)


@settings(max_examples=300, deadline=None)
@given(CHANGES, CHANGES, st.integers(1, 20_000))
def test_an_archive_changed_at_random_is_unpacked_or_told(front, back, length):
    data = bytearray(zipped({"ps1.ipynb": b"{}", "a/b.txt": b"x" * 100, "c.txt": b""}))
    for at, byte in front:
        data[at % len(data)] = byte
    for at, byte in back:
        data[-1 - at % 200] = byte  # the table of contents
    sent = bytes(data[:length])
    packed = parcel.pack([SentFile(Sender(("a",)), "sub.zip", Member("sub.zip", lambda: sent))], {}, [])
    assert packed.files
    assert all(name_problem(path) == "" and ".." not in path.split("/") for path in packed.files)
