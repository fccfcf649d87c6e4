import pytest

from tests.public_data import FOLDER, public_data


def test_a_data_set_is_looked_up_in_the_folder_of_the_variable(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    (tmp_path / "graphs").mkdir()
    (tmp_path / "graphs" / "path.txt").touch()
    assert public_data("graphs") == tmp_path / "graphs"
    assert public_data("graphs/path.txt").is_file()


@pytest.mark.parametrize(("required", "outcome"), [("0", pytest.skip.Exception), ("1", pytest.fail.Exception)])
def test_without_it_the_test_is_skipped_or_fails_if_data_is_required(tmp_path, monkeypatch, required, outcome):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    monkeypatch.setenv("REQUIRE_DATA", required)
    with pytest.raises(outcome, match=f"the public data set cdnow is not in {tmp_path}; set {FOLDER}"):
        public_data("cdnow")
