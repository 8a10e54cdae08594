import pytest
from click.testing import CliRunner

from crmlib import __version__
from crmlib.cli import main


@pytest.fixture
def crmlib(tmp_path):
    def call(*arguments):
        return CliRunner().invoke(main, ["--data-dir", str(tmp_path), *arguments])

    return call


def commands():
    return sorted(main.commands)


@pytest.mark.parametrize("command", commands())
def test_every_command_has_help_with_an_example(crmlib, command):
    result = crmlib(command, "--help")
    assert result.exit_code == 0
    assert "Examples:" in result.output
    assert f"crmlib {command}" in result.output.split("Examples:")[1]


def test_version(crmlib):
    assert __version__ in crmlib("--version").output


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["new", "Not Good"], 2, "'Not Good' cannot be a client's folder name"),
        (["run", "nobody"], 2, "there is no client 'nobody' in "),
        (["run"], 2, "give one client, or --all"),
        (["run", "acme", "--all"], 2, "give one client, or --all"),
        (["run", "acme", "--lang", "jp"], 2, "language 'jp' is unknown\n  Hint: Known: ja, en."),
        (["run", "acme", "--formats", "pdf,doc"], 2, "format 'doc' is unknown"),
        (["run", "acme", "--only", "retention,lvt"], 2, "diagnostic 'lvt' is unknown\n  Hint: Did you mean 'ltv'?"),
        (["run", "acme", "--jobs", "0"], 2, "0 is not in the range 1<=x<=64"),
        (["intake", "acme"], 1, "raw/*.csv: there is no such file"),
        (["verify", "acme"], 1, "there is no finished run"),
        (["verify", "acme", "--ful"], 2, "No such option"),
        (["rnu", "acme"], 2, "No such command 'rnu'"),
    ],
)
def test_wrong_use_is_a_message_and_an_exit_code_never_a_traceback(crmlib, arguments, code, message):
    crmlib("new", "acme")
    result = crmlib(*arguments)
    assert (result.exit_code, message in result.output) == (code, True), result.output
    assert "Traceback" not in result.output


def test_new_says_what_to_do_next(crmlib, tmp_path):
    result = crmlib("new", "acme")
    assert result.exit_code == 0
    assert f"Put the client's exports into {tmp_path / 'acme' / 'raw'}" in result.output


def test_a_full_disk_is_said_in_a_sentence(crmlib, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device", "client.yaml")

    monkeypatch.setattr("crmlib.workspace.create", full)
    result = crmlib("new", "acme")
    assert (result.exit_code, result.output.strip()) == (1, "crmlib: No space left on device: client.yaml")
