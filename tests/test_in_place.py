import os
import stat

import pytest

from crmlib import in_place


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path):
    target = tmp_path / "numbers.json"
    target.write_bytes(b"a longer old text")
    assert in_place.write(target, b"new") == target
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path):
    target = tmp_path / "numbers.json"
    in_place.write(target, b"old")
    with pytest.raises(TypeError):
        in_place.write(target, None)
    assert target.read_bytes() == b"old"


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such modes")
def test_private_files_and_folders_are_their_owners_alone(tmp_path):
    in_place.write(tmp_path / "names.csv", b"", private=True)
    with in_place.folder(tmp_path / "quarantine", private=True):
        pass
    assert stat.S_IMODE((tmp_path / "names.csv").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "quarantine").stat().st_mode) == 0o700


def test_a_folder_holds_the_new_files_alone(tmp_path):
    target = tmp_path / "store"
    for name in ("first", "second"):
        with in_place.folder(target) as beside:
            (beside / name).touch()
    assert [path.name for path in target.iterdir()] == ["second"]
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_whose_files_cannot_be_written_leaves_the_old_one(tmp_path):
    target = tmp_path / "store"
    with in_place.folder(target) as beside:
        (beside / "old").touch()
    with pytest.raises(FileNotFoundError), in_place.folder(target) as beside:
        (beside / "new" / "part").touch()
    assert [path.name for path in target.iterdir()] == ["old"]
    with in_place.folder(target) as beside:
        assert list(beside.iterdir()) == []
