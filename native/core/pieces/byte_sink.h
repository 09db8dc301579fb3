// Where bytes go that are made block by block.
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "status.h"

namespace permafrost {

// Takes the next bytes; a failure ends whatever makes them and is passed on.
using ByteSink = std::function<Status(std::span<const std::byte>)>;

// Half of a common L2 cache: what the checksum has just read is still there when the sink copies it. A multiple of
// every element size.
inline constexpr std::size_t kBlockSize = std::size_t{256} * 1024;

}  // namespace permafrost
