// One block of a table: sorted keys and values, keys compressed by what they share with the key before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "status.h"

namespace permafrost {

// The key is only lent for the call; the value lives as long as the block. A failure ends the walk and is passed on.
using EntryVisitor = std::function<Status(std::string_view key, std::span<const std::byte> value)>;

inline constexpr std::size_t kLongestKey = std::size_t{64} * 1024;

// Calls `visit` for every entry of the block in order. Anything malformed ends the walk with a kCheckpointMalformed
// that names `path`; entries before it have been visited by then. Key order is the caller's to check. `key_budget` is
// how many bytes of whole keys the walk may still make out of the compressed ones; it is counted down.
Status ForEachInBlock(std::span<const std::byte> block, const std::string& path, std::uint64_t& key_budget,
                      const EntryVisitor& visit);

}  // namespace permafrost
