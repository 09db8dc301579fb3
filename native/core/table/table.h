// A table file: an index block that leads to data blocks of sorted keys and values.
#pragma once

#include <cstdint>
#include <string>

#include "io/byte_source.h"
#include "status.h"
#include "stop.h"
#include "table/block.h"

namespace permafrost {

// How many bytes the entries of a file may unfold to in memory. A few bytes can stand for a long key (prefixes) or for
// many entries (Snappy), so a small file could otherwise fill the memory. TensorFlow's own files stay far below. Always
// below 2^32, so 32 bits are enough to count into all keys.
std::uint64_t UnfoldingLimit(std::uint64_t file_size);

// Calls `visit` for every entry of the table in `file`, in order; keys strictly ascend or the walk fails, and so
// do the blocks. The key and the value are only lent for the call. `path` is for messages.
Status ForEachInTable(const ByteSource& file, const std::string& path, const Stop& stop, const EntryVisitor& visit);

}  // namespace permafrost
