"""The master key comes from exactly one place, and a complaint never repeats it."""

import base64
import hashlib
import stat
import sys

import pytest

from lingpai.config import ConfigInvalidError, config_of, load_config, master_keys

# Always the same: they stand in the names of tests, which all workers have to agree on.
KEY, FORMER = (base64.b64encode(hashlib.sha256(bytes([n])).digest()).decode() for n in (1, 2))


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("MASTER_KEY", "MASTER_KEY_FILE", "MASTER_KEY_COMMAND", "MASTER_KEY_PREVIOUS"):
        monkeypatch.delenv(f"LINGPAI_{name}", raising=False)


def program(tmp_path, body: str) -> str:
    file = tmp_path / "a key service.py"
    file.write_text(body)
    return f'{sys.executable} "{file}" --name "two words"'


def key_file(tmp_path, text: str = KEY, mode: int = 0o600) -> str:
    file = tmp_path / "some.key"
    file.write_text(text)
    file.chmod(mode)
    return str(file)


def complaint(**given) -> str:
    with pytest.raises(ConfigInvalidError) as caught:
        load_config(None, **given)
    text = str(caught.value)
    assert KEY not in text
    return text


def test_a_program_prints_it_and_is_given_its_words_without_a_shell(tmp_path):
    body = f"import sys\nassert sys.argv[1:] == ['--name', 'two words'], sys.argv\nprint({KEY!r})"
    config = load_config(None, master_key_command=program(tmp_path, body))
    assert config.master_key.reveal() == KEY
    assert KEY not in repr(config)


def test_what_looks_like_a_shell_is_not_one(tmp_path):
    assert "ended with" in complaint(master_key_command=f"cat /dev/null ; echo {FORMER}")
    assert not (tmp_path / "made").exists()
    complaint(master_key_command="true > made")
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (f"import sys; print({KEY!r}); sys.exit(3)", "ended with 3"),
        (f"import sys; sys.stderr.write({KEY!r}); sys.exit(1)", "ended with 1"),
        ("print('c2hvcnQ=')", "must have 32 bytes, has 5"),
        ("print('not a key')", "is not base64"),
        ("import sys; sys.stdout.buffer.write(b'\\xff')", "did not print base64"),
        ("", "must have 32 bytes"),
    ],
)
def test_a_program_that_fails_is_told_without_what_it_said(tmp_path, capfd, body, words):
    assert words in complaint(master_key_command=program(tmp_path, body))
    said = capfd.readouterr()
    assert KEY not in said.out + said.err


def test_a_program_that_is_not_there_and_one_that_hangs_are_told(tmp_path, monkeypatch):
    assert "cannot be run: FileNotFoundError" in complaint(master_key_command="/no/such/program")
    monkeypatch.setattr("lingpai.config.master_key._LONGEST_RUN", 0.2)
    assert "took longer" in complaint(master_key_command=program(tmp_path, "import time; time.sleep(60)"))
    assert "words" in complaint(master_key_command='unfinished "quote')


def test_two_places_are_one_too_many(tmp_path, monkeypatch):
    command = program(tmp_path, f"print({KEY!r})")
    both = complaint(master_key_command=command, master_key_file=key_file(tmp_path))
    assert "master_key_command, master_key_file" in both
    monkeypatch.setenv("LINGPAI_MASTER_KEY", KEY)
    assert "LINGPAI_MASTER_KEY, master_key_command" in complaint(master_key_command=command)
    assert load_config(None).master_key.reveal() == KEY


def test_a_complaint_is_in_both_languages(tmp_path):
    assert "chmod 600" in (told := complaint(master_key_file=key_file(tmp_path, mode=0o644)))
    assert "其他用户可读" in told


@pytest.mark.parametrize("mode", [0o400, 0o600])
def test_a_file_for_its_owner_alone_is_taken(tmp_path, mode):
    file = key_file(tmp_path, mode=mode)
    assert stat.S_IMODE((tmp_path / "some.key").stat().st_mode) == mode
    assert config_of(master_key_file=file).master_key.reveal() == KEY


def test_the_former_key_stands_behind_the_present_one(tmp_path):
    former = tmp_path / "former.key"
    former.touch(mode=0o600)
    former.write_text(FORMER)
    config = load_config(None, master_key_file=key_file(tmp_path), master_key_previous_file=str(former))
    assert len(master_keys(config)) == 2
    assert master_keys(config)[0] != master_keys(config)[1]
    assert "master_key_previous_file" in complaint(
        master_key_file=key_file(tmp_path), master_key_previous_file=str(tmp_path / "nowhere.key")
    )
    assert len(master_keys(load_config(None, master_key_file=key_file(tmp_path)))) == 1
