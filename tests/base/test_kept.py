"""What is kept for the next start: never another content, never at the price of an error."""

import os

import pytest

from geo import settings
from geo.base import content, kept
from geo.base.content import content_of, hash_of
from geo.places import boundaries
from geo.places.embedded import embedded_file


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty folder for what is kept."""
    monkeypatch.setattr(settings, "CACHE_DIR", tmp_path / "cache")
    return tmp_path / "cache"


def _made(found: list[int], of: bytes = b"1", kind: str = "kind") -> bytes:
    def make() -> bytes:
        found.append(1)
        return b"made of " + of

    return kept.kept(kind, of, make)


def test_it_is_made_once(folder):
    found: list[int] = []
    assert [_made(found), _made(found)] == [b"made of 1"] * 2
    assert len(found) == 1
    assert _made(found, b"2") == b"made of 2"
    assert len(found) == 2
    assert folder.stat().st_mode & 0o077 == 0


def test_it_is_made_again_by_another_program(monkeypatch):
    found: list[int] = []
    _made(found)
    monkeypatch.setattr(kept, "program", lambda: "another")
    _made(found)
    assert len(found) == 2


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 100])
def test_a_damaged_file_is_made_again(folder, damage):
    found: list[int] = []
    _made(found)
    (file,) = (folder / "kind").iterdir()
    file.write_bytes(damage)
    assert _made(found) == b"made of 1"
    assert len(found) == 2
    assert _made(found) == b"made of 1"
    assert len(found) == 2


def test_a_folder_that_cannot_be_written_to_costs_time_only(folder):
    folder.write_text("a file where the folder would be")
    found: list[int] = []
    assert [_made(found), _made(found)] == [b"made of 1"] * 2
    assert len(found) == 2


def test_what_others_may_have_written_is_not_read(folder):
    found: list[int] = []
    _made(found)
    folder.chmod(0o777)
    _made(found)
    assert len(found) == 2


def test_the_oldest_are_forgotten(folder, monkeypatch):
    monkeypatch.setattr(kept, "_MOST", 3)
    for number in range(5):
        kept.keep("kind", str(number), b"")
        for age, path in enumerate(sorted((folder / "kind").iterdir(), reverse=True)):
            os.utime(path, (1000 - age, 1000 - age))
    assert sorted(path.name for path in (folder / "kind").iterdir()) == ["2", "3", "4"]


def test_shapes_are_kept_as_they_are_made():
    level = embedded_file("overview").read_bytes()
    first = boundaries._packed.__wrapped__(level, "overview")
    kept_since = boundaries._packed.__wrapped__(level, "overview")
    boundaries._packed.cache_clear()
    assert (
        first
        == kept_since
        == boundaries.shapes.compressed(boundaries.arcs.packed(boundaries._arcs(level, "overview")))
    )


def test_names_and_contents_of_files_count_and_compiled_ones_do_not(tmp_path):
    folder = tmp_path / "some"
    (folder / "__pycache__").mkdir(parents=True)
    found = [hash_of(content_of(folder))]
    (folder / "a.py").write_text("1")
    found.append(hash_of(content_of(folder)))
    (folder / "a.py").write_text("2")
    found.append(hash_of(content_of(folder)))
    (folder / "a.py").rename(folder / "b.py")
    found.append(hash_of(content_of(folder)))
    assert len(set(found)) == len(found)
    (folder / "__pycache__" / "b.pyc").write_text("3")
    assert hash_of(content_of(folder)) == found[-1]


def test_the_program_is_its_files_and_the_versions_of_its_libraries(tmp_path, monkeypatch):
    def now() -> str:
        content.program.cache_clear()
        return content.program()

    (tmp_path / "program").mkdir()
    monkeypatch.setattr(content, "_PROGRAM", tmp_path / "program")
    found = [now()]
    (tmp_path / "program" / "page.js").write_text("1")
    found.append(now())
    monkeypatch.setattr(content.sys, "path", [str(tmp_path)])
    found.append(now())
    (tmp_path / "library-1.0.dist-info").mkdir()
    found.append(now())
    (tmp_path / "library-1.0.dist-info").rename(tmp_path / "library-1.1.dist-info")
    found.append(now())
    monkeypatch.undo()
    content.program.cache_clear()
    assert len(set(found)) == len(found)
