"""A notebook with parameters, run by papermill."""

import atexit
import os
import shutil
import tempfile

import nbformat
import papermill

folder = tempfile.mkdtemp()
atexit.register(shutil.rmtree, folder)
given, filled = os.path.join(folder, "in.ipynb"), os.path.join(folder, "out.ipynb")
new = nbformat.v4.new_code_cell
cells = [
    new("const alpha: number = 0.5; // how fast\nlet name = 'x'\nconst options = {}", metadata={"tags": ["parameters"]}),
    new("JSON.stringify([alpha, name, options, list, flag, nothing, Number.isNaN(odd)])"),
]
kernelspec = {"name": "gradbook", "display_name": "g", "language": "typescript"}
nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec}), given)

parameters = papermill.inspect_notebook(given)
assert list(parameters) == ["alpha", "name", "options"], parameters
assert parameters["alpha"]["inferred_type_name"] == "number", parameters
assert parameters["alpha"]["help"] == "how fast", parameters

values = {
    "alpha": 0.1,
    "name": 'a "b"\n${c} ü',
    "options": {"a-b": [1, {"c": None}]},
    "list": [1, 2.5, "x"],
    "flag": True,
    "nothing": None,
    "odd": float("nan"),
}
notebook = papermill.execute_notebook(given, filled, values, kernel_name="gradbook", progress_bar=False)
text = notebook.cells[-1].outputs[0].data["text/plain"]
for part in ("[0.1,", '\\\\n${c} ü', '{"a-b":[1,{"c":null}]}', '[1,2.5,"x"],true,null,true]'):
    assert part in text, (part, text)
print("as expected")
