"""Writes the files beside this one with SciPy: python write.py"""

import numpy as np
from scipy.io import savemat
from scipy.sparse import csc_matrix

NUMBERS = {
    "a": np.array([[0, 1, 255]], dtype=np.uint8),
    "i1": np.array([[-128, 127]], dtype=np.int8),
    "i2": np.array([[-32768, 32767, 5]], dtype=np.int16),
    "u2": np.array([[65535, 1, 2]], dtype=np.uint16),
    "i4": np.array([[-2147483648, 2147483647]], dtype=np.int32),
    "u4": np.array([[2147483647, 7]], dtype=np.uint32),
    "i8": np.array([[-3, 4]], dtype=np.int64),
    "u8": np.array([[3, 4]], dtype=np.uint64),
    "single": np.array([[2.0, -16777216.0]], dtype=np.float32),
    "columns_first": np.array([[1, 2, 3], [4, 5, 6]], dtype=np.float64),
    "none": np.zeros((0, 3)),
}
savemat("plain.mat", NUMBERS, do_compression=False)
savemat("compressed.mat", NUMBERS, do_compression=True)
savemat("fraction.mat", {"labels": np.array([1.0, 1.5])})
savemat("beyond.mat", {"labels": np.array([2**31], dtype=np.uint32)})
savemat("largest.mat", {"labels": np.array([2**64 - 1], dtype=np.uint64)})
savemat("complex.mat", {"labels": np.array([1 + 2j])})
savemat("text.mat", {"labels": "rose"})
savemat("cell.mat", {"labels": np.array([1, "rose"], dtype=object)})
savemat("structure.mat", {"labels": {"rose": 1}})
savemat("sparse.mat", {"labels": csc_matrix([[0.0, 1.0]])})
savemat("old.mat", {"labels": np.array([1.0])}, format="4")
