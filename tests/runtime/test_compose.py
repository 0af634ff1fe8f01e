"""The production shape is a file that Compose accepts, and `.env.example` names all it asks for."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_example_names_every_required_variable() -> None:
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    required = set(re.findall(r"\$\{(\w+):\?\}", compose))

    assert required <= set(re.findall(r"^(\w+)=", example, re.MULTILINE))


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not here")
def test_compose_accepts_the_filled_in_example(tmp_path: Path) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    filled = tmp_path / "env"
    filled.write_text(re.sub(r"=$", "=x", example, flags=re.MULTILINE), encoding="utf-8")

    command = ["docker-compose", "--env-file", str(filled), "--file", "docker-compose.yml"]
    subprocess.run([*command, "config", "--quiet"], cwd=ROOT, check=True)
