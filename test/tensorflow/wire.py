"""Protobuf's wire format by hand: to write what a serialiser would write otherwise."""


def varint(value, padding=0):
    """A varint; `padding` makes it longer than it must be, which readers must accept."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    for _ in range(padding):
        out[-1] |= 0x80
        out.append(0)
    return bytes(out)


def field(number, value, padding=0):
    """A length-delimited field (bytes) or a varint field (int)."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value, padding)
    return varint(number << 3 | 2) + varint(len(value), padding) + value


def split(data):
    """Splits a message into (number, value, raw bytes of the whole field)."""
    fields, at = [], 0
    while at < len(data):
        start = at
        tag, at = _read_varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = _read_varint(data, at)
        elif kind == 2:
            size, at = _read_varint(data, at)
            value, at = data[at:at + size], at + size
        else:
            size = {1: 8, 5: 4}[kind]
            value, at = data[at:at + size], at + size
        fields.append((tag >> 3, value, data[start:at]))
    return fields


def change(data, path, edit):
    """Replaces each message at a path of field numbers by edit(bytes); the order is kept."""
    if not path:
        return edit(data)
    return b"".join(
        field(number, change(value, path[1:], edit)) if number == path[0] else raw
        for number, value, raw in split(data)
    )


def reorder(key):
    """An edit that sorts a message's fields by key(number); equal keys keep their order."""
    return lambda data: b"".join(raw for _, _, raw in sorted(split(data), key=lambda f: key(f[0])))


def reverse(number):
    """An edit that turns round the entries of one repeated field, and keeps the others."""

    def edit(data):
        fields = split(data)
        turned = iter([raw for n, _, raw in reversed(fields) if n == number])
        return b"".join(next(turned) if n == number else raw for n, _, raw in fields)

    return edit


def _read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
