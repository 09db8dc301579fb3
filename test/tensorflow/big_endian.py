"""Rewrites a checkpoint as a machine of the other byte order would have written it."""

import struct

import ml_dtypes
from runtime import np, tf
from wire import field, varint

_TABLE = [0] * 256
for _byte in range(256):
    _crc = _byte
    for _ in range(8):
        _crc = _crc >> 1 ^ (0x82F63B78 if _crc & 1 else 0)
    _TABLE[_byte] = _crc


def _masked_crc(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17 & 0xFFFFFFFF) + 0xA282EAD8) & 0xFFFFFFFF


def _stored(array):
    """The bytes of a tensor, and the masked checksum of its entry."""
    if array.dtype != object:
        if array.dtype == ml_dtypes.bfloat16:
            array = array.view(np.uint16)
        data = array.astype(array.dtype.newbyteorder(">")).tobytes()
        return data, _masked_crc(data)
    elements = [bytes(element) for element in array.ravel()]
    lengths = b"".join(struct.pack(">I", len(element)) for element in elements)
    checksum = struct.pack(">I", _masked_crc(lengths))
    text = b"".join(elements)
    data = b"".join(varint(len(element)) for element in elements) + checksum + text
    return data, _masked_crc(lengths + checksum + text)


def _block(records):
    """A block without its trailer: no prefix is shared, and every record is a restart point."""
    out, restarts = b"", []
    for key, value in records:
        restarts.append(len(out))
        out += varint(0) + varint(len(key)) + varint(len(value)) + key + value
    restarts = restarts or [0]
    return out + struct.pack(f"<{len(restarts) + 1}I", *restarts, len(restarts))


def _table(records):
    out, handles = b"", []
    last = records[-1][0]
    for block in (lambda: records, lambda: [], lambda: [(last, handles[0])]):
        contents = _block(block())
        handles.append(varint(len(out)) + varint(len(contents)))
        out += contents + b"\0" + struct.pack("<I", _masked_crc(contents + b"\0"))
    return out + (handles[1] + handles[2]).ljust(40, b"\0") + bytes.fromhex("57fb808b247547db")


def make_big_endian(prefix):
    """Replaces the checkpoint, whose tensors must all be whole."""
    reader = tf.train.load_checkpoint(prefix)
    data, records = b"", [(b"", field(1, 1) + field(2, 1) + field(3, field(1, 1)))]
    types = reader.get_variable_to_dtype_map()
    for name, shape in sorted(reader.get_variable_to_shape_map().items()):
        stored, crc = _stored(np.asarray(reader.get_tensor(name)))
        dims = b"".join(field(2, field(1, size)) for size in shape)
        entry = field(1, types[name].as_datatype_enum) + field(2, dims)
        entry += field(4, len(data)) + field(5, len(stored))
        records.append((name.encode(), entry + b"\x35" + struct.pack("<I", crc)))
        data += stored
    with open(f"{prefix}.index", "wb") as file:
        file.write(_table(records))
    with open(f"{prefix}.data-00000-of-00001", "wb") as file:
        file.write(data)
