"""JupyterLab on a client, in a real browser."""

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest

from crmlib import config_file, demo, intake, workbench
from crmlib.home import NOTEBOOKS
from crmlib.run import notebooks
from crmlib.run.parameters import declared


@pytest.fixture
def folder(tmp_path):
    folder = demo.prepare(tmp_path, "cdnow")
    intake.refreshed(config_file.load(folder))
    return folder


def test_the_client_gets_copies_that_open_its_own_data(folder):
    paths = workbench.prepared(folder)
    assert [declared(path)["client_dir"] for path in paths] == [".."] * len(paths)
    assert all(cell.execution_count is None for cell in nbformat.read(paths[0], 4).cells if cell.cell_type == "code")


def test_a_consultant_s_changes_are_kept(folder):
    first = workbench.prepared(folder)[0]
    first.write_text(first.read_text("utf-8").replace('"ja"', '"en"'), "utf-8")
    kept = first.read_text("utf-8")
    workbench.prepared(folder)
    assert first.read_text("utf-8") == kept


@pytest.fixture
def lab(folder):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start = (
        "import sys; from pathlib import Path; from crmlib import workbench; "
        "sys.exit(workbench.open_lab(Path(sys.argv[1]), 'cdnow', sys.argv[2:]))"
    )
    extra = ["--no-browser", "--allow-root", f"--ServerApp.port={port}", "--IdentityProvider.token=secret"]
    command = [sys.executable, "-c", start, str(folder.parent), *extra]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for(lambda: urllib.request.urlopen(f"{url}/api?token=secret", timeout=5).status == 200)
            yield url
        finally:
            subprocess.run(
                [sys.executable, "-m", "jupyter_server", "stop", str(port)], check=False, capture_output=True
            )
            server.terminate()


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except OSError:
            pass
        assert time.monotonic() < deadline, "JupyterLab did not answer"
        time.sleep(0.3)


@pytest.mark.full
def test_the_exporters_are_in_the_export_menu_and_the_notebook_runs(lab, folder):
    from selenium import webdriver
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    job = notebooks.Job(
        NOTEBOOKS / "retention.ipynb", folder / "lab" / "executed.ipynb", {"client_dir": ".."}, folder / "lab"
    )
    assert notebooks.execute(job, {"client": "CDNOW", "as_of": "1998-06-30", "lang": "en"}) is None
    offered = json.load(urllib.request.urlopen(f"{lab}/api/nbconvert?token=secret", timeout=30))
    assert {"deck_html", "deck_pdf"} <= set(offered)
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for flag in ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--window-size=1500,1000",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync"):  # fmt: skip
        options.add_argument(flag)
    browser = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
    try:
        browser.get(f"{lab}/lab/tree/lab/retention.ipynb?token=secret")
        wait = WebDriverWait(browser, 60)
        wait.until(lambda b: b.find_elements(By.CSS_SELECTOR, ".jp-NotebookPanel .jp-Cell"))
        click_menu(browser, wait, "File")
        click_menu(browser, wait, "Save and Export Notebook As")
        wait.until(lambda b: "CRM deck (PDF)" in b.page_source or "Deck_pdf" in b.page_source)
        browser.get(f"{lab}/lab/tree/lab/executed.ipynb?token=secret")  # written by a run: not trusted, so sanitised
        loaded = "return [...document.querySelectorAll('.jp-OutputArea img[src^=data]')].filter(i => i.naturalWidth > 300).length"
        wait.until(lambda b: b.execute_script(f"{SCROLL}; {loaded}") >= 1)
    finally:
        browser.quit()
    exported = urllib.request.urlopen(f"{lab}/nbconvert/deck_pdf/lab/executed.ipynb?token=secret", timeout=60)
    assert exported.read(5) == b"%PDF-"


SCROLL = "[...document.querySelectorAll('.jp-Cell')].at(-1)?.scrollIntoView()"  # JupyterLab draws what is in sight


def click_menu(browser, wait, text):
    from selenium.webdriver.common.by import By

    path = f"//*[contains(@class, 'lm-MenuBar-itemLabel') or contains(@class, 'lm-Menu-itemLabel')][starts-with(., '{text}')]"
    wait.until(lambda b: b.find_elements(By.XPATH, path))
    browser.find_element(By.XPATH, path).click()
