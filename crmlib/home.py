"""Where the workbench's own files lie. The workbench is a checkout: templates and notebooks stand beside the package."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "templates"
FONTS = TEMPLATES / "fonts"
NOTEBOOKS = ROOT / "notebooks"
CLIENT_DATA = ROOT / "client_data"
