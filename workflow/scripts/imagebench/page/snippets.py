"""How to write and to read a format with nothing of this project: code that a reader can copy.

It is put together from the modules of ``recipes``, of which each definition that is needed is
taken, and what that needs in turn: other definitions, constants and imports.
"""

import ast
import sys
from dataclasses import dataclass
from pathlib import Path

from ..versions import NOT_INSTALLED, version
from .data_set import DataSet
from .recipe_code import Code

RECIPES = Path(__file__).parent / "recipes"

DISTRIBUTIONS = {"PIL": "pillow", "lance": "pylance"}
"""What is installed to import a module; for all others it has the module's name."""

WRITE = """
Path("STORE").mkdir()
write({arguments})
Path("STORE", "classes.json").write_text(json.dumps(names))
"""

READ = """

if __name__ == "__main__":
    images = Images({arguments})
    image, label = images[0]
    print(len(images), image.shape, label, images.classes.get(label))
    # torch.utils.data.DataLoader(
    #     images, batch_size=64, shuffle=True, num_workers=2{more},
    # )
"""


@dataclass(frozen=True)
class Snippets:
    """Code to copy.

    Attributes:
        install: the command that installs what it imports.
        given: where files or images, labels and names come from.
        write: what writes a store after that; None where nothing is to be written.
        read: what reads it.
        spawns: whether workers must be spawned, since they cannot be forked.
    """

    install: str
    given: str
    write: str | None
    read: str
    spawns: bool


def of(name: str, data: DataSet) -> Snippets | None:
    """Give the snippets of a backend.

    Args:
        name: of the backend.
        data: the images of the run.

    Returns:
        None if there are none for it.
    """
    plain, _, size = name.removesuffix("+threads").partition("@")
    first, _, codec = plain.partition("+")
    store = RECIPES / f"{'container' if codec else 'backend'}_{first}.py"
    keeps_files = codec == "original" or plain == "in_place"
    holds = {"blobs"} if codec else set()
    holds |= {"sized" if keeps_files else "shrunk"} if size else set()
    values = {**data.values, **({"SIZE": int(size)} if size else {})}
    code = Code(data.holds | holds, values)
    found = [store, *([RECIPES / f"codec_{codec}.py"] if codec else [])]
    if not all(file.exists() for file in found):
        return None
    given = code.text(RECIPES / f"given_{'folder' if data.is_folder else 'arrays'}.py")
    spawns = "WORKERS" in code.definitions(store)
    stays = plain == "in_place"
    write = None if stays else writing(code, found, data, keeps_files=keeps_files)
    read = reading(code, found, data, spawns=spawns)
    return Snippets(install(given, write or "", read), given, write, read, spawns)


def writing(code: Code, found: list[Path], data: DataSet, *, keeps_files: bool) -> str:
    """Put together what writes a store."""
    store, *codecs = found
    wanted = [*((codec, "encode") for codec in codecs), (store, "write")]
    before = ""
    if data.is_folder and not keeps_files:
        wanted.insert(0, (RECIPES / "picture.py", "pixels"))
        before = "\n\nimages = (pixels(file.read_bytes()) for file in files)"
    endings = [code.definitions(codec)["ENDING"].source.partition(" = ")[2] for codec in codecs]
    arguments = {
        "path": '"STORE"',
        "blobs": f"map(encode, {'files' if keeps_files else 'images'})",
        "images": "images",
        "labels": "labels",
        "names": "names",
        "ending": "".join(endings),
    }
    node = code.definitions(store)["write"].nodes[0]
    if isinstance(node, ast.ImportFrom):
        node = code.definitions(store.with_name(f"{node.module}.py"))["write"].nodes[0]
    assert isinstance(node, ast.FunctionDef)  # noqa: S101
    given = ", ".join(arguments[one.arg] for one in node.args.args)
    more = ["import json", "from pathlib import Path"]
    return code.joined(wanted, more) + (before or "\n") + WRITE.format(arguments=given)


def reading(code: Code, found: list[Path], data: DataSet, *, spawns: bool) -> str:
    """Put together what reads a store."""
    store, *codecs = found
    wanted = [*((codec, "decode") for codec in codecs), (store, "Store")]
    wanted.append((RECIPES / "images.py", "Images"))
    arguments, more = '"STORE"', ""
    if "Images" in code.definitions(store):
        wanted, arguments = [(store, "Images")], "files, labels, names"
    if data.differs:
        wanted.append((RECIPES / "images.py", "collate"))
        more += ", collate_fn=collate"
    if spawns:
        more += ', multiprocessing_context="spawn"'
    return code.joined(wanted) + READ.format(arguments=arguments, more=more)


def install(*texts: str) -> str:
    """Give the command that installs what code imports, in the versions that are installed here."""
    imported: set[str] = set()
    for node in (node for text in texts for node in ast.walk(ast.parse(text))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(str(node.module).partition(".")[0])
    names = [DISTRIBUTIONS.get(name, name) for name in imported - sys.stdlib_module_names]
    found = {name: version(name) for name in sorted(names)}
    pinned = [name if of == NOT_INSTALLED else f"{name}=={of}" for name, of in found.items()]
    return " ".join(["python -m pip install", *pinned]) if pinned else ""
