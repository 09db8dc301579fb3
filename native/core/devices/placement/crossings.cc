#include "devices/placement/crossings.h"

#include <cstddef>

#include "devices/placement/memory.h"

namespace permafrost::devices {

std::vector<std::uint8_t> FindCrossings(const Problem& problem, std::span<const std::int32_t> devices) {
  std::vector<std::uint8_t> crossings(problem.producers.size());
  for (std::size_t edge = 0; edge < crossings.size(); ++edge) {
    const std::int32_t from = devices[static_cast<std::size_t>(problem.producers[edge])];
    const std::int32_t to = devices[static_cast<std::size_t>(problem.consumers[edge])];
    if (from < 0 || to < 0) continue;
    if (from != to) crossings[edge] |= kCrossesDevices;
    if (SourceMemory(problem, edge, from) != WantedMemory(problem, edge, to)) crossings[edge] |= kCrossesMemories;
  }
  return crossings;
}

}  // namespace permafrost::devices
