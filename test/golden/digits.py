"""Writes lib/data/digits_data.ts: the handwritten digits that scikit-learn brings, deflated.

    python test/golden/digits.py        needs scikit-learn; docs/decisions/0011-data.md says where they come from
"""
import base64
import pathlib
import zlib

import numpy as np
from sklearn.datasets import load_digits

digits = load_digits()
pixels = digits.data.astype(np.uint8)
assert (pixels == digits.data).all() and pixels.max() == 16
deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
raw = pixels.tobytes() + digits.target.astype(np.uint8).tobytes()
text = base64.b64encode(deflater.compress(raw) + deflater.flush()).decode()
target = pathlib.Path(__file__).parents[2] / "lib" / "data" / "digits_data.ts"
target.write_text(f"""/**
 * The UCI data set Optical Recognition of Handwritten Digits (E. Alpaydin, C. Kaynak, 1998), its test set, under the Creative
 * Commons Attribution 4.0 licence: {len(pixels)} images of 8 × 8 pixels from 0 to 16, then their digits, one byte each,
 * deflated, in base64. Written by test/golden/digits.py.
 */
export const deflatedDigits: string =
  "{text}";
""")
