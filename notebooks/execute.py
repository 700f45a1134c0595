"""Run the notebooks and store what they put out: python notebooks/execute.py. The tests run them the same way."""

from __future__ import annotations

import argparse
import asyncio
import base64
import copy
import io
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")  # else jupyter_core warns that its folders will move

import matplotlib.font_manager  # noqa: F401  # builds its cache, which else the first plot would tell of
import nbformat
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode
from PIL import Image

NOTEBOOKS = sorted(Path(__file__).parent.glob("*.ipynb"))

_SECONDS = 300
"""Of one cell; far more than it takes, so that only what hangs is ended."""


class _ThisPython(KernelSpecManager):
    """Offers the interpreter that runs this, whatever kernels are installed."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(**get_kernel_dict())


def execute(paths: Sequence[Path]) -> list[NotebookNode]:
    """Run notebooks side by side, each in its own folder; an error is among its outputs."""
    with tempfile.TemporaryDirectory() as settings:
        return asyncio.run(_execute_all(paths, settings))


async def _execute_all(paths: Sequence[Path], settings: str) -> list[NotebookNode]:
    return await asyncio.gather(*(_execute(path, settings) for path in paths))


async def _execute(path: Path, settings: str) -> NotebookNode:
    notebook = nbformat.read(path, as_version=4)
    metadata = copy.deepcopy(notebook.metadata)
    client = NotebookClient(
        notebook,
        # Sockets of this user, not ports of the machine.
        km=AsyncKernelManager(
            kernel_spec_manager=_ThisPython(), connection_file=f"{settings}/{path.stem[:8]}.json", transport="ipc"
        ),
        resources={"metadata": {"path": str(path.parent)}},
        timeout=_SECONDS,
        allow_errors=True,
        record_timing=False,
        coalesce_streams=True,
        shutdown_kernel="immediate",
    )
    # Nothing of the user's own: no start-up files, no history.
    environment = {**os.environ, "IPYTHONDIR": settings, "PYTHONWARNINGS": "default"}
    await client.async_execute(env=environment, cleanup_kc=True)
    notebook.metadata = metadata  # without the version of the interpreter
    for output in _outputs(notebook):
        if "image/png" in output.get("data", ()):
            output.data["image/png"] = _shrunk(output.data["image/png"])
    return notebook


def _shrunk(picture: str) -> str:
    """Reduce a PNG, in base64, to a palette: a plot has few colours, and so a fifth of the size."""
    content = io.BytesIO()
    Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB").quantize(64).save(content, "PNG", optimize=True)
    return base64.b64encode(content.getvalue()).decode()


def _outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


def main() -> int:
    """Run notebooks and store what they put out; status 1 where a cell failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, default=NOTEBOOKS, metavar="NOTEBOOK", help="default: all")
    parser.add_argument("--into", type=Path, metavar="FOLDER", help="write there, not into the notebooks themselves")
    options = parser.parse_args()
    failed = False
    for path, notebook in zip(options.paths, execute(options.paths), strict=True):
        nbformat.write(notebook, options.into / path.name if options.into else path)
        for output in _outputs(notebook):
            if output.output_type == "error":
                failed = True
                sys.stderr.write(f"{path.name}: {output.ename}: {output.evalue}\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
