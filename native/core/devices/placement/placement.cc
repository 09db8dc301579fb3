#include "devices/placement/placement.h"

#include <cstddef>
#include <utility>

#include "devices/placement/choices.h"
#include "devices/placement/explain.h"
#include "devices/placement/groups.h"

namespace permafrost::devices {

std::variant<Placement, Contradiction> Place(const Problem& problem) {
  const Groups groups(problem);
  auto asked = FindAsked(problem, groups);
  if (auto* contradiction = std::get_if<Contradiction>(&asked)) return std::move(*contradiction);
  const Choices choices(problem, groups, std::get<std::vector<std::int32_t>>(asked));
  std::vector<std::int32_t> devices(groups.count());
  for (std::size_t group = 0; group < groups.count(); ++group) devices[group] = choices.First(group);
  return Explain(problem, groups, choices, devices);
}

}  // namespace permafrost::devices
