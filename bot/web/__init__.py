"""Pages of the web chat and the kiosk: templates, styles, scripts, pictures. No build step."""

from pathlib import Path

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
ICONS = STATIC / "icons"
TEMPLATES = HERE / "templates"
