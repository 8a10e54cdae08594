import pytest

from crmlib import config_file, workspace
from crmlib.errors import ConfigError


@pytest.mark.parametrize("name", ["Acme", "../x", "", "a b", "con", "com1", "-a", "é", "a" * 65, "a/b"])
def test_folder_names_that_some_system_would_misread_are_refused(tmp_path, name):
    with pytest.raises(ConfigError, match="cannot be a client's folder name"):
        workspace.create(tmp_path, name)


def test_a_new_client_s_template_loads_as_it_is(tmp_path):
    folder = workspace.create(tmp_path, "acme")
    assert {path.name for path in folder.iterdir()} >= {"client.yaml", "client.schema.json", "raw", "README.md"}
    assert workspace.load(folder).name.en == "Sample Co."


def test_a_new_client_with_a_preset_maps_by_it(tmp_path):
    folder = workspace.create(tmp_path, "acme", "eccube4_order")
    assert workspace.load(folder).sources[0].columns["amount"] == "支払合計"
    with pytest.raises(ConfigError, match="Did you mean 'eccube4_order'"):
        workspace.create(tmp_path, "other", "eccube4_orders")
    assert not (tmp_path / "other").exists()


def test_an_existing_folder_is_never_touched(tmp_path):
    workspace.create(tmp_path, "acme")
    with pytest.raises(ConfigError, match=r"exists already\n  Hint: Choose another name; nothing was changed\."):
        workspace.create(tmp_path, "acme")


def test_an_unknown_client_is_answered_with_the_nearest(tmp_path):
    workspace.create(tmp_path, "acme")
    with pytest.raises(ConfigError, match=r"there is no client 'acm' in .*\n  Hint: Did you mean 'acme'\?"):
        workspace.existing(tmp_path, "acm")
    assert workspace.names(tmp_path) == ["acme"]


def test_a_symbolic_link_is_no_client(tmp_path):
    workspace.create(tmp_path, "acme")
    (tmp_path / "linked").symlink_to(tmp_path / "acme")
    with pytest.raises(ConfigError, match="is a symbolic link"):
        workspace.existing(tmp_path, "linked")


@pytest.mark.parametrize("preset", config_file.preset_names())
def test_a_new_client_of_every_preset_loads(tmp_path, preset):
    source = workspace.load(workspace.create(tmp_path, "acme", preset)).sources[0]
    assert source.table == config_file.presets()[preset]["table"]
