"""Keys: made once, read by nobody else, and never told."""

import multiprocessing
import stat
from datetime import timedelta

import pytest
from click.testing import CliRunner

from learnpeace.certificates.credentials import checks, cli, keys
from learnpeace.certificates.credentials.keys import KeyUnreadable
from learnpeace.settings import Settings
from tests.conftest import NOON

pytestmark = pytest.mark.once


@pytest.fixture
def folder(tmp_path):
    """Return where keys will stand; it is not there yet."""
    return tmp_path / "data" / "keys"


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_need_makes_one_key_for_this_user_only(folder):
    ring = keys.ring(folder, at=NOON)

    assert len(ring.keys) == 1
    assert ring.newest.kid.startswith("key-20270302120000-")
    assert mode(folder) == 0o700
    assert {mode(file) for file in folder.iterdir()} == {0o600}
    assert keys.ring(folder, at=NOON).keys == ring.keys


def test_a_setting_says_where_keys_stand(monkeypatch, tmp_path):
    monkeypatch.setenv("LEARNPEACE_DATA_DIR", str(tmp_path / "data"))
    assert Settings.from_env().keys_folder == tmp_path / "data" / "keys"

    monkeypatch.setenv("LEARNPEACE_KEYS_DIR", str(tmp_path / "safe"))
    assert Settings.from_env().keys_folder == tmp_path / "safe"


def found_by(folder):
    return keys.ring(folder, at=NOON).newest.kid


def test_processes_that_begin_together_find_one_key(folder):
    with multiprocessing.get_context("fork").Pool(6) as pool:
        names = pool.map(found_by, [folder] * 24)

    assert len(set(names)) == 1
    assert len(list(folder.glob("*.pem"))) == len(list(folder.glob("*.pub"))) == 1


def test_a_new_key_signs_and_the_older_ones_stay(folder):
    old = keys.ring(folder, at=NOON).newest
    new = keys.rotate(folder, at=NOON + timedelta(days=1))
    third = keys.rotate(folder, at=NOON + timedelta(days=1))  # in the same second
    fourth = keys.rotate(folder, at=NOON - timedelta(days=9))  # by a clock that went back

    ring = keys.ring(folder, at=NOON)

    assert [key.kid for key in ring.keys] == [old.kid, new.kid, third.kid, fourth.kid]
    assert ring.newest.kid == fourth.kid
    assert old.sign(b"x") == ring.get(old.kid).sign(b"x")


def test_the_private_half_of_an_older_key_may_go_and_its_public_half_stays(folder):
    old = keys.ring(folder, at=NOON).newest
    signature = old.sign(b"a certificate")
    keys.rotate(folder, at=NOON)

    keys.retire(folder, old.kid)

    kept = keys.ring(folder, at=NOON).get(old.kid)
    kept.verifier().verify(signature, b"a certificate")
    with pytest.raises(KeyUnreadable):
        kept.sign(b"another")
    keys.retire(folder, old.kid)  # a second time changes nothing


def test_the_key_that_signs_is_not_retired_nor_one_without_its_public_half(folder):
    old = keys.ring(folder, at=NOON).newest
    with pytest.raises(KeyUnreadable):
        keys.retire(folder, old.kid)
    with pytest.raises(KeyUnreadable):
        keys.retire(folder, "key-of-nobody")
    keys.rotate(folder, at=NOON)
    (folder / f"{old.kid}.pub").unlink()

    with pytest.raises(KeyUnreadable):
        keys.retire(folder, old.kid)

    assert (folder / f"{old.kid}.pem").exists()


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_a_damaged_key_is_named_and_its_content_is_not(folder, content):
    kid = keys.ring(folder, at=NOON).newest.kid
    (folder / f"{kid}.pem").write_bytes(content)
    (folder / "key-99990101000000-ffffffff.pub").write_bytes(b"short")
    keys.ring.__globals__["_read"].cache_clear()

    with pytest.raises(KeyUnreadable) as error:
        keys.ring(folder, at=NOON)

    assert kid in str(error.value)
    assert error.value.__suppress_context__


def test_private_halves_stand_in_no_text_of_ours(folder):
    ring = keys.ring(folder, at=NOON)
    secret = (folder / f"{ring.newest.kid}.pem").read_text().splitlines()[1]
    salt = (folder / keys.ISSUERS).read_text()

    for text in (repr(ring), repr(ring.newest), str(ring)):
        assert secret not in text
        assert salt not in text
        assert "salt" not in text
        assert "private" not in text


@pytest.fixture
def run(app):
    """Return a function that runs `learnpeace keys …`."""

    def run_it(*words):
        return CliRunner().invoke(cli.keys, words, obj=lambda: app)

    return run_it


def test_keys_are_listed_without_being_made(run, settings):
    assert "No keys yet" in run("list").output
    assert run("list", "--json").output.strip() == "[]"
    assert not settings.keys_folder.exists()


def test_rotating_says_which_key_signs_and_forgets_older_ones_when_asked(run, settings):
    first = run("rotate").output
    second = run("rotate", "--forget-older")
    again = run("rotate", "--forget-older")

    assert "signs from now on" in first
    assert (second.exit_code, again.exit_code) == (0, 0)
    assert len(list(settings.keys_folder.glob("*.pem"))) == 1
    assert len(list(settings.keys_folder.glob("*.pub"))) >= 3
    lines = run("list").output.splitlines()
    assert lines[-1].endswith("signs")
    assert lines[0].endswith("retired, checks only")
    secret = next(settings.keys_folder.glob("*.pem")).read_text().splitlines()[1]
    assert secret not in run("list", "--json").output


def test_the_doctor_finds_what_others_may_read_and_what_is_missing(settings):
    assert next(words for _, words in checks.findings(settings)).startswith("No signing keys yet")
    ring = keys.ring(settings.keys_folder, at=NOON)
    assert all(is_well for is_well, _ in checks.findings(settings))
    private = settings.keys_folder / f"{ring.newest.kid}.pem"
    private.chmod(0o644)
    settings.keys_folder.chmod(0o755)

    wrong = [words for is_well, words in checks.findings(settings) if not is_well]

    assert [words.startswith("Others may read") for words in wrong] == [True, True]
    private.unlink()
    (settings.keys_folder / keys.ISSUERS).unlink()
    words = [words for is_well, words in checks.findings(settings) if not is_well]
    assert any("No key can sign" in line for line in words)
    assert any(line.startswith(f"{keys.ISSUERS}: missing") for line in words)


def test_the_doctor_says_which_file_is_damaged_and_never_what_is_in_it(settings):
    kid = keys.ring(settings.keys_folder, at=NOON).newest.kid
    (settings.keys_folder / f"{kid}.pem").write_text("a secret that was cut off")

    words = [words for is_well, words in checks.findings(settings) if not is_well]

    assert len(words) == 1
    assert kid in words[0]
    assert "secret that" not in words[0]
