// The raw Snappy format, decoding only: what table blocks of compression type 1 hold.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace permafrost::snappy {

// Nothing where the input is malformed. Allocates no more than a fixed multiple of the input's size, whatever size the
// input declares.
std::optional<std::vector<std::byte>> Decompress(std::span<const std::byte> input);

}  // namespace permafrost::snappy
