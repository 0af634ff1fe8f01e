"""The house rules that a machine can check: who may import whom, and who may read the clock."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from settings import Settings

ROOT = Path(__file__).resolve().parent.parent
GOVERNED_LIBRARIES = {"temporalio", "sqlalchemy", "fastapi"}
ROOTS = {"worker", "settings", "cli"}
MAY_IMPORT = {
    "domain": set[str](),
    "packs": {"domain"},
    "workflows": {"domain", "activities", "temporalio"},
    "activities": {"domain", "packs", "sealing", "storage", "temporalio"},
    "storage": {"domain", "sqlalchemy"},
    "sealing": {"domain", "storage"},
    "runtime": {"settings", "temporalio", "fastapi"},  # fastapi: the codec server
    "api": {"domain", "sealing", "storage", "runtime", "fastapi", "settings"},  # create_app
}
# The one door from HTTP to Temporal needs the client's types and the workflow's names.
EXCEPTIONS = {"api/gateway.py": {"temporalio", "workflows"}}
OURS = MAY_IMPORT.keys() | ROOTS

# What would give another result in a replay. `workflow.uuid4` and `workflow.random` would not.
CLOCKS_AND_CHANCE = {
    *(f"datetime.{name}" for name in ("now", "utcnow", "today")),
    "date.today",
    *(f"time.{name}" for name in ("time", "time_ns", "monotonic", "perf_counter", "sleep")),
    *(f"uuid.{name}" for name in ("uuid1", "uuid4", "uuid7")),
    *(f"os.{name}" for name in ("environ", "getenv", "urandom")),
}
MODULES_OF_CHANCE = {"random", "secrets"}


def _modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def _imports(file: Path) -> Iterator[tuple[str, int]]:
    """Each imported module, wherever in the file, and its line."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module, node.lineno


def _names_used(file: Path) -> Iterator[tuple[str, int]]:
    """`module.name` wherever it is used or imported, and its line."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            owner = node.value
            if isinstance(owner, ast.Name):
                yield f"{owner.id}.{node.attr}", node.lineno
            elif isinstance(owner, ast.Attribute):  # datetime.datetime.now
                yield f"{owner.attr}.{node.attr}", node.lineno
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_the_design_allows(package: str) -> None:
    allowed = MAY_IMPORT[package] | {package}

    strays = [
        f"{file.relative_to(ROOT)}:{line} imports {module}"
        for file in _modules(package)
        for module, line in _imports(file)
        if (top := module.partition(".")[0]) in OURS | GOVERNED_LIBRARIES
        and top not in allowed | EXCEPTIONS.get(str(file.relative_to(ROOT)), set())
    ]

    assert strays == []


@pytest.mark.parametrize("package", ["domain", "workflows"])
def test_no_clock_and_no_chance_where_a_replay_would_notice(package: str) -> None:
    used = [
        f"{file.relative_to(ROOT)}:{line} uses {name}"
        for file in _modules(package)
        for name, line in _names_used(file)
        if name in CLOCKS_AND_CHANCE
    ]
    imported = [
        f"{file.relative_to(ROOT)}:{line} imports {module}"
        for file in _modules(package)
        for module, line in _imports(file)
        if module in MODULES_OF_CHANCE
    ]

    assert used + imported == []


@pytest.mark.parametrize(
    "place", ["README.md", ".env.example", "docker-compose.yml", "Dockerfile", "Makefile"]
)
def test_only_settings_that_exist_are_named(place: str) -> None:
    named = set(re.findall(r"\bHOTLINE_[A-Z_]+\b", (ROOT / place).read_text(encoding="utf-8")))

    assert named - set(Settings.environment_variables()) == set()


def test_every_setting_is_in_the_readme_with_its_meaning() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    missing = [
        row
        for variable, meaning in Settings.environment_variables().items()
        if (row := f"| `{variable}` | {meaning} |") not in readme
    ]

    assert missing == []


def test_every_environment_variable_of_ours_is_a_setting() -> None:
    known = set(Settings.environment_variables())
    packages = [*MAY_IMPORT, "cli"]
    files = [file for package in packages for file in _modules(package)]

    unknown = {
        f"{file.relative_to(ROOT)} names {variable}"
        for file in [*files, ROOT / "worker.py", ROOT / "settings.py"]
        if file.exists()
        for variable in re.findall(r"\bHOTLINE_[A-Z_]+\b", file.read_text(encoding="utf-8"))
        if variable not in known
    }

    assert unknown == set()
