"""Reads memmapped packages, by TensorFlow's memmapped_file_system.cc and nothing of permafrost's."""

import dataclasses
import struct

from runtime import tf1
from wire import split

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
    regions = [_element(payload) for _, payload, _ in split(data[start:-8])]
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
    fields = {number: value for number, value, _ in split(payload)}
    return fields.get(1, 0), fields[2].decode(), fields.get(3, 0)
