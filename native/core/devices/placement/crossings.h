// Which edges of a placed graph cross from one device to another, or from one memory to another.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "devices/placement/problem.h"

namespace permafrost::devices {

// Bits.
inline constexpr std::uint8_t kCrossesDevices = 1;
// Between host and device, or between two devices that have memories of their own. Also on a single device, where an
// output in its memory is an argument in the host's, or the other way round.
inline constexpr std::uint8_t kCrossesMemories = 2;

// By edge. `devices`: by node, -1: left open; nothing is said of the edges of those.
std::vector<std::uint8_t> FindCrossings(const Problem& problem, std::span<const std::int32_t> devices);

}  // namespace permafrost::devices
