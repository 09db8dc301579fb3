// A table file: an index block that leads to data blocks of sorted keys and values.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "status.h"
#include "table/block.h"

namespace permafrost {

// Calls `visit` for every entry of the table in `file`, in order; keys strictly ascend or the walk fails. The key and
// the value are only lent for the call. `path` is for messages.
Status ForEachInTable(std::span<const std::byte> file, const std::string& path, const EntryVisitor& visit);

}  // namespace permafrost
