"""Reads memmapped packages, by TensorFlow's memmapped_file_system.cc and nothing of permafrost's."""

import dataclasses
import struct

from runtime import tf1

PREFIX = "memmapped_package://"


@dataclasses.dataclass
class Package:
    """A package taken apart."""

    # All bytes before the graph: the elements, with what is between them.
    elements: bytes
    # Offset, name and length of every region, the graph's last.
    regions: list
    graph: tf1.GraphDef


def parse_package(data):
    """Takes a package apart, as both old and new versions of TensorFlow do; raises ValueError where they would fail."""
    (start,) = struct.unpack("<Q", data[-8:])
    if start > len(data) - 8:
        raise ValueError("invalid directory offset")
    regions = [_element(payload) for _, payload in _fields(data[start:-8])]
    end = start
    for offset, name, length in reversed(regions):
        # Old versions have no lengths and take all up to the next region.
        if offset >= end or offset + length > end:
            raise ValueError(f"invalid region {name}")
        end = offset
    offset, name, length = regions[-1]
    if name != f"{PREFIX}." or offset + length != start:
        raise ValueError("the graph is not the last region")
    graph = tf1.GraphDef.FromString(data[offset : offset + length])
    return Package(data[:offset], regions, graph)


def _element(payload):
    fields = dict(_fields(payload))
    return fields.get(1, 0), fields[2].decode(), fields.get(3, 0)


def _fields(data):
    """Field numbers and values of a message of varints and bytes."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        value, at = _varint(data, at)
        if tag & 7 == 2:
            value, at = data[at : at + value], at + value
        yield tag >> 3, value


def _varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
