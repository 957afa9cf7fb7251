"""Builds the wheel with the built command and page inside: `npm run build`, then `python integrations/python/build.py OUT`.

Further arguments are names of files to leave out, such as `*.wasm` for a wheel without scoring.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PARTS = ("package.json", "LICENSE", "bin", "dist", "dist-cli")


LEAN = ("*.map", "*.d.ts", "*.d.mts", "*.d.cts")
LEFT_OUT = {"onnxruntime-web"}  # 130 MB, which `espalier score` alone needs: the page brings its own


def dependencies() -> set[str]:
    """Names of the packages that the command needs when it runs, and of those that they need."""
    found: set[str] = set()
    waiting = [ROOT]
    while waiting:
        told = json.loads((waiting.pop() / "package.json").read_text("utf-8"))
        for name in set(told.get("dependencies", {})) - found - LEFT_OUT:
            found.add(name)
            waiting.append(ROOT / "node_modules" / name)
    return found


def build(out: Path, without: tuple[str, ...] = ()) -> Path:
    """The wheel's path. Raises FileNotFoundError where the page is not built."""
    for part in PARTS:
        if not (ROOT / part).exists():
            raise FileNotFoundError(f"{part} is missing: run npm run build first")
    lean = shutil.ignore_patterns(*LEAN, *without)
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        shutil.copytree(HERE, project, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build", "checks"))
        inside = project / "espalier" / "package"
        inside.mkdir()
        for part in PARTS:
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, inside / part, ignore=lean)
            else:
                shutil.copy(ROOT / part, inside / part)
        for name in dependencies():
            shutil.copytree(ROOT / "node_modules" / name, inside / "node_modules" / name, ignore=lean)
        pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--wheel-dir", str(out), str(project)], check=True)
    return next(out.glob("espalier_workbench-*.whl"))


if __name__ == "__main__":
    print(build(Path(sys.argv[1]), tuple(sys.argv[2:])))
