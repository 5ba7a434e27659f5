"""Writes test/golden/files/: small files of the safetensors package and of NumPy, which our own readers and writers are compared with.

    python test/golden/files.py        needs numpy and safetensors
"""
import pathlib

import numpy as np
from safetensors.numpy import save_file

folder = pathlib.Path(__file__).with_name("files")
folder.mkdir(exist_ok=True)
grid = np.arange(6, dtype=np.float64).reshape(2, 3) - 2.5

ours = {
    "layer/W": grid,
    "layer/b": np.array([1.5, -0.25], dtype=np.float32),
    "count": np.array(7, dtype=np.int32),
    "mask": np.array([True, False, True]),
    "nothing": np.zeros((0, 4)),
    "special": np.array([np.nan, np.inf, -np.inf, -0.0, 5e-324]),
}
save_file(ours, folder / "ours.safetensors", metadata={"by": "numpy"})
foreign = {
    "half": np.array([1, -2.5, 65504, 6e-8, 6.1e-5, np.inf, np.nan], dtype=np.float16),
    "long": np.array([2**53 - 1, -3], dtype=np.int64),
    "unsigned": np.array([2**32 - 1, 0], dtype=np.uint32),
    "short": np.array([-300, 300], dtype=np.int16),
    "word": np.array([65535], dtype=np.uint16),
    "byte": np.array([200, 3], dtype=np.uint8),
    "sbyte": np.array([-100], dtype=np.int8),
}
save_file(foreign, folder / "foreign.safetensors")
save_file({"long": np.array([2**53], dtype=np.int64)}, folder / "huge.safetensors")

for name, array in {
    "float64": grid,
    "float32": grid.astype(np.float32),
    "int32": grid.astype(np.int32),
    "bool": grid > 0,
    "scalar": np.array(2.5),
    "vector": np.array([1.0, 2.0]),
    "fortran": np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)),
    "bigendian": grid.astype(">f4"),
    "long": grid.astype(np.int64),
    "half": grid.astype(np.float16),
    "complex": grid.astype(complex),
    "records": np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
}.items():
    np.save(folder / f"{name}.npy", array)
np.savez(folder / "stored.npz", points=grid, count=np.array(7, dtype=np.int32))
np.savez_compressed(folder / "deflated.npz", points=grid, count=np.array(7, dtype=np.int32))
