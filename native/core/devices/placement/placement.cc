#include "devices/placement/placement.h"

#include <utility>

#include "devices/placement/choices.h"
#include "devices/placement/explain.h"
#include "devices/placement/groups.h"
#include "devices/placement/least_cut.h"

namespace permafrost::devices {

std::variant<Placement, Contradiction> Place(const Problem& problem) {
  const Groups groups(problem);
  auto asked = FindAsked(problem, groups);
  if (auto* contradiction = std::get_if<Contradiction>(&asked)) return std::move(*contradiction);
  const Choices choices(problem, groups, std::get<std::vector<std::int32_t>>(asked));
  return Explain(problem, groups, choices, CutLeast(problem, groups, choices));
}

}  // namespace permafrost::devices
