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
  const LeastCut cut = CutLeast(problem, groups, choices);
  Placement placement = Explain(problem, groups, choices, cut.devices);
  placement.is_cut_short = cut.is_cut_short;
  return placement;
}

}  // namespace permafrost::devices
