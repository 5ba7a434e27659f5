"""A notebook run by nbclient, the library behind nbconvert and papermill."""

import nbformat
from nbclient import NotebookClient

cells = [
    "console.log('one'); const h = display.text('first'); 6 * 7",
    "h.update('second')",
    "clearOutput(); display.html('<b>x</b>'); clearOutput({ wait: true }); display.text('kept')",
    "throw new RangeError('allowed')",
    "({ big: 'x'.repeat(3) })",
]
notebook = nbformat.v4.new_notebook(
    cells=[nbformat.v4.new_code_cell(source) for source in cells],
    metadata={"kernelspec": {"name": "gradbook", "display_name": "g", "language": "typescript"}},
)
notebook.cells[3].metadata["tags"] = ["raises-exception"]
NotebookClient(notebook, timeout=60).execute()
nbformat.validate(notebook)

first, second, third, fourth, fifth = (cell.outputs for cell in notebook.cells)
assert [output.output_type for output in first] == ["stream", "display_data", "execute_result"], first
assert first[0].text == "one\n", first
assert first[1].data["text/plain"] == "second", first
assert first[2].data["text/plain"] == "42", first
assert second == [], second
assert [output.data["text/plain"] for output in third] == ["kept"], third
assert fourth[0].ename == "RangeError" and fourth[0].evalue == "allowed", fourth
assert "xxx" in fifth[0].data["text/plain"], fifth
assert [cell.execution_count for cell in notebook.cells] == [1, 2, 3, 4, 5]
print("as expected")
