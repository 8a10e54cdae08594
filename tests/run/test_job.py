"""A whole run of the demonstration client: published figures, the same bytes again, resumed, verified, private."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from crmlib.text import catalogue

from . import deck_walk

pytestmark = pytest.mark.slow


def crmlib(data_dir, *arguments, **options):
    command = [sys.executable, "-m", "crmlib", "--data-dir", str(data_dir), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, **options)


def only_run(data_dir, as_of):
    [folder] = (data_dir / "cdnow" / "runs").glob(f"{as_of}_*")
    return folder


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    done = crmlib(folder, "demo")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def numbers(data_dir):
    return json.loads((only_run(data_dir, "1998-06-30") / "numbers.json").read_text("utf-8"))


def test_the_demo_prints_where_the_decks_are(data_dir):
    done = crmlib(data_dir, "demo")
    assert done.returncode == 0
    assert "finished before, nothing to do" in done.stdout
    for name in (
        "deck_ja.html",
        "deck_en.html",
        "deck_ja.pdf",
        "deck_en.pdf",
        "deck_ja.pptx",
        "deck_en.pptx",
        "tables.xlsx",
        "numbers.json",
        "findings.json",
        "manifest.json",
    ):
        assert f"{only_run(data_dir, '1998-06-30') / name}" in done.stdout


# Holdout: Fader & Hardie's CDNOW figures, tracking curve at week 78 and conditional expectations of weeks 40-78.
HOLDOUT = {
    "ltv.holdout.bg_nbd.tracking.actual": 4339,
    "ltv.holdout.bg_nbd.tracking.predicted": 4161,
    "ltv.holdout.bg_nbd.conditional.actual": 1882,
    "ltv.holdout.bg_nbd.conditional.predicted": 1653,
}


@pytest.mark.parametrize("key", HOLDOUT)
def test_the_holdout_is_the_published_one(numbers, key):
    assert numbers[key]["value"] == pytest.approx(HOLDOUT[key], rel=0.005)


def test_f2_keys_are_there_with_intervals(numbers):
    for days in (90, 180, 365):
        entry = numbers[f"retention.f2_km.{days}d"]
        assert 0 < entry["lower"] < entry["value"] < entry["upper"] < 1
        assert entry["n"] == 2357
    assert "retention.f2_days.median" in numbers


# Fader, Hardie & Lee (2005), table 2 (BG/NBD); Fader & Hardie (2013), section 5 (Gamma-Gamma): calibration to 1997-09-30.
PUBLISHED = {
    "ltv.bg_nbd.r": 0.243,
    "ltv.bg_nbd.alpha": 4.414,
    "ltv.bg_nbd.a": 0.793,
    "ltv.bg_nbd.b": 2.426,
    "ltv.bg_nbd.log_likelihood": -9582.43,
    "ltv.gamma_gamma.p": 6.25,
    "ltv.gamma_gamma.q": 3.74,
    "ltv.gamma_gamma.v": 15.44,
}


@pytest.fixture(scope="module")
def calibration(data_dir):
    done = crmlib(data_dir, "run", "cdnow", "--as-of", "1997-09-30", "--formats", "pdf", "--lang", "en")
    assert done.returncode == 0, done.stderr
    return json.loads((only_run(data_dir, "1997-09-30") / "numbers.json").read_text("utf-8"))


@pytest.mark.parametrize("key", PUBLISHED)
def test_the_parameters_are_the_published_ones(calibration, key):
    assert calibration[key]["value"] == pytest.approx(PUBLISHED[key], rel=0.005)


def test_another_machine_s_clock_zone_language_and_hashing_give_the_same_bytes(data_dir, tmp_path, numbers):
    env = {
        **os.environ,
        "TZ": "Pacific/Kiritimati",
        "LANG": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "7",
        "OMP_NUM_THREADS": "1",
    }
    done = crmlib(tmp_path, "demo", "--formats", "html", "--lang", "ja", "--jobs", "1", env=env)
    assert done.returncode == 0, done.stderr
    again = (only_run(tmp_path, "1998-06-30") / "numbers.json").read_bytes()
    assert again == (only_run(data_dir, "1998-06-30") / "numbers.json").read_bytes()
    here, there = (only_run(folder, "1998-06-30") / "deck_ja.html" for folder in (data_dir, tmp_path))
    apart = [pair for pair in zip(_pieces(here), _pieces(there), strict=False) if pair[0] != pair[1]]
    assert not apart, f"{len(apart)} pieces differ, first: {apart[0]}"
    assert here.read_bytes() == there.read_bytes()


def _pieces(html):
    return html.read_text("utf-8").split("<")


def test_a_run_killed_in_the_middle_is_resumed_and_gives_the_same_numbers(tmp_path, numbers):
    command = [
        sys.executable,
        "-m",
        "crmlib",
        "--data-dir",
        str(tmp_path),
        "demo",
        "--formats",
        "html",
        "--lang",
        "en",
        "--jobs",
        "1",
    ]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as running:
        deadline = time.monotonic() + 120
        while (
            not list(tmp_path.glob("cdnow/runs/.*.partial/notebooks/retention.ipynb")) and time.monotonic() < deadline
        ):
            time.sleep(0.05)
        running.send_signal(signal.SIGKILL)
    assert list(tmp_path.glob("cdnow/runs/[!.]*")) == []
    done = crmlib(tmp_path, "run", "cdnow", "--formats", "html", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "cdnow: retention" not in done.stderr, "a notebook that was done is run again"
    assert "cdnow: ltv" in done.stderr
    assert json.loads((only_run(tmp_path, "1998-06-30") / "numbers.json").read_text("utf-8")) == numbers
    assert list(tmp_path.glob("cdnow/runs/.*")) == []


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -9)])
def test_a_stopped_run_leaves_no_process_and_no_half_result(tmp_path, number, code):
    command = [sys.executable, "-m", "crmlib", "--data-dir", str(tmp_path), "demo", "--jobs", "1"]
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=env) as running:
        deadline = time.monotonic() + 120
        while not list(tmp_path.glob("cdnow/runs/.*/notebooks/retention.ipynb")) and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.7)
        family = psutil.Process(running.pid).children(recursive=True)
        running.send_signal(number)
        assert running.wait(20) == code
    assert len(family) >= 3  # tracker, fork server, a kernel
    _, alive = psutil.wait_procs(family, 10)
    assert alive == []
    assert list(tmp_path.glob("cdnow/runs/[!.]*")) == []
    assert list(tmp_path.glob("crmlib-*")) == []


def test_verify_compares_every_number_and_finds_one_that_was_changed(data_dir, numbers):
    whole = crmlib(data_dir, "verify", "cdnow", only_run(data_dir, "1998-06-30").name)
    assert (whole.returncode, whole.stdout.strip().endswith(f"{len(numbers)} numbers compared, 0 differ.")) == (
        0,
        True,
    ), whole.stdout
    path = only_run(data_dir, "1998-06-30") / "numbers.json"
    kept = path.read_text("utf-8")
    try:
        value = numbers["ltv.bg_nbd.r"]["value"]
        path.write_text(kept.replace(f'"value": {value}', f'"value": {value * 1.001}'), "utf-8")
        changed = crmlib(data_dir, "verify", "cdnow", only_run(data_dir, "1998-06-30").name)
        assert changed.returncode == 1
        assert "ltv.bg_nbd.r: was " in changed.stdout
        assert "1 differ." in changed.stdout
    finally:
        path.write_text(kept, "utf-8")


def test_nothing_that_a_run_writes_names_the_machine_or_a_customer(data_dir):
    customer = "00004"  # the first of the sample; its pseudonym may appear, the number may not
    for path in only_run(data_dir, "1998-06-30").rglob("*"):
        if path.suffix in (".json", ".ipynb", ".html"):
            text = path.read_text("utf-8")
            assert str(data_dir) not in text, path.name
            assert f"{Path.home()}/" not in text, path.name
            assert not re.search(rf"\b{customer}\b", re.sub(r"base64,[^\"')]*", "", text)), path.name


def test_raw_is_never_changed(data_dir):
    from crmlib.demo import cdnow_sample

    assert (data_dir / "cdnow" / "raw" / "CDNOW_sample.txt").read_bytes() == cdnow_sample().read_bytes()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_number_of_the_deck_is_in_numbers_json(data_dir, numbers, language):
    html = (only_run(data_dir, "1998-06-30") / f"deck_{language}.html").read_text("utf-8")
    seen = list(deck_walk.measured(html))
    known = list(deck_walk.known_values(numbers))
    texts = " ".join(str(text) for text in catalogue(language).values())
    literals = {
        value for _, value, _ in deck_walk.measured(re.sub(r"\{[^}]*\}", "", texts))
    }  # the templates' own digits

    def bound(value, half):
        points = (
            known_value * 100 for known_value in known
        )  # differences of shares are shown as points without a unit
        return value in literals or any(abs(value - k) <= half * 1.0001 for k in (*known, *points))

    assert len(seen) > 150
    assert sorted({token for token, value, half in seen if not bound(value, half)}) == []


def test_no_page_of_our_own_clients_is_left_out(data_dir):
    manifests = [json.loads(path.read_text("utf-8")) for path in data_dir.glob("*/runs/[!.]*/manifest.json")]
    assert manifests
    for made in manifests:
        assert made["status"] == "done"
        assert "left_out" not in made
