// The raw Snappy format, decoding only: what table blocks of compression type 1 hold.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace permafrost::snappy {

// The size that the input declares, or nothing where no input of this length can hold so much.
std::optional<std::size_t> DeclaredSize(std::span<const std::byte> input);

// Nothing where the input is malformed. Allocates no more than a fixed multiple of the input's size, whatever size the
// input declares.
std::optional<std::vector<std::byte>> Decompress(std::span<const std::byte> input);

}  // namespace permafrost::snappy
