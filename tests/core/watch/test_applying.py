"""A patch is applied to what was run, and the old text stays beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lrtui.core.errors import ConfigError
from lrtui.core.watch.applying import apply, put_back
from lrtui.core.watch.sources import read_source

OLD, NEW = "a = 1\r\nb = 2\n", "a = 1\r\nb = 3\n"


def test_the_patched_text_takes_the_place_and_the_old_one_is_kept(tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    script.write_bytes(OLD.encode())
    script.chmod(0o750)
    (tmp_path / "train.py.orig").write_text("somebody's")
    (tmp_path / "train.py.new").symlink_to(tmp_path / "elsewhere")
    ((_, kept),) = apply({str(script): OLD}, {str(script): NEW}).items()
    assert (script.read_bytes(), script.stat().st_mode & 0o777) == (NEW.encode(), 0o750)
    assert read_source(Path(kept)) == OLD
    assert (tmp_path / "train.py.orig").read_text() == "somebody's"
    assert not (tmp_path / "elsewhere").exists()


def test_a_script_that_was_changed_since_is_left_alone(tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    script.write_text("other")
    with pytest.raises(ConfigError, match="was changed since it was run"):
        apply({str(script): OLD}, {str(script): NEW})
    assert [entry.name for entry in tmp_path.iterdir()] == ["train.py"]


def test_the_original_comes_back_unless_somebody_has_changed_the_script(tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    before, after = {str(script): OLD}, {str(script): NEW}
    script.write_bytes(OLD.encode())
    kept = apply(before, after)
    script.write_text("by hand")
    with pytest.raises(ConfigError, match="was changed since it was patched"):
        put_back(before, after, kept)
    assert script.read_text() == "by hand"
    script.write_bytes(NEW.encode())
    Path(kept[str(script)]).write_text("somebody's")
    with pytest.raises(ConfigError, match="is no longer the original"):
        put_back(before, after, kept)
    assert script.read_bytes() == NEW.encode()
    Path(kept[str(script)]).write_bytes(OLD.encode())
    put_back(before, after, kept)
    assert script.read_bytes() == OLD.encode()
    assert [entry.name for entry in tmp_path.iterdir()] == ["train.py"]
