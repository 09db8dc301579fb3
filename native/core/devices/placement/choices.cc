#include "devices/placement/choices.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace permafrost::devices {

Choices::Choices(const Problem& problem, const Groups& groups, std::span<const std::int32_t> askers)
    : problem_(problem), groups_(groups), askers_(askers), is_known_(problem.kinds.size()) {
  const std::size_t targets = problem.target_count;
  for (std::size_t kind = 0; kind < problem.kinds.size(); ++kind) {
    is_known_[kind] =
        std::ranges::any_of(std::span(problem.answers).subspan(kind * targets, targets),
                            [](const KernelAnswer& answer) { return answer.state != KernelState::kUnknownOp; });
  }
  FindObstacles();
  SortVetoes();
}

void Choices::FindObstacles() {
  const std::size_t targets = problem_.target_count;
  strangers_.assign(groups_.count(), -1);
  without_kernel_.assign(groups_.count() * targets, -1);
  for (std::size_t group = 0; group < groups_.count(); ++group) {
    for (const std::int32_t node : groups_.Members(group)) {
      if (IsStranger(node)) {
        if (askers_[group] < 0 && strangers_[group] < 0) strangers_[group] = node;
        continue;
      }
      const auto kind = static_cast<std::size_t>(problem_.kinds_of_nodes[static_cast<std::size_t>(node)]);
      for (std::size_t target = 0; target < targets; ++target) {
        std::int32_t& obstacle = without_kernel_[group * targets + target];
        const bool exists = problem_.answers[kind * targets + target].state == KernelState::kExists;
        if (!exists && obstacle < 0) obstacle = node;
      }
    }
  }
}

void Choices::SortVetoes() {
  vetoes_.resize(problem_.vetoes.size());
  std::iota(vetoes_.begin(), vetoes_.end(), 0);
  std::ranges::sort(vetoes_, {}, [this](std::int32_t place) {
    const auto& veto = problem_.vetoes[static_cast<std::size_t>(place)];
    return std::tuple(groups_.Of(veto.node), veto.device, veto.node, place);
  });
}

std::int32_t Choices::VetoOf(std::int32_t node, std::int32_t device) const {
  const std::tuple wanted(groups_.Of(node), device, node);
  const auto key = [this](std::int32_t place) {
    const auto& veto = problem_.vetoes[static_cast<std::size_t>(place)];
    return std::tuple(groups_.Of(veto.node), veto.device, veto.node);
  };
  const auto found = std::ranges::lower_bound(vetoes_, wanted, {}, key);
  return found != vetoes_.end() && key(*found) == wanted ? *found : -1;
}

bool Choices::IsStranger(std::int32_t node) const {
  return !is_known_[static_cast<std::size_t>(problem_.kinds_of_nodes[static_cast<std::size_t>(node)])];
}

bool Choices::CanHave(std::int32_t node, std::int32_t device) const {
  if (VetoOf(node, device) >= 0) return false;
  if (IsStranger(node)) return askers_[groups_.Of(node)] >= 0;
  const auto kind = static_cast<std::size_t>(problem_.kinds_of_nodes[static_cast<std::size_t>(node)]);
  const std::size_t target = problem_.devices[static_cast<std::size_t>(device)].target;
  return problem_.answers[kind * problem_.target_count + target].state == KernelState::kExists;
}

std::int32_t Choices::Obstacle(std::size_t group, std::int32_t device) const {
  if (strangers_[group] >= 0) return strangers_[group];
  const std::size_t target = problem_.devices[static_cast<std::size_t>(device)].target;
  const std::int32_t without_kernel = without_kernel_[group * problem_.target_count + target];
  if (without_kernel >= 0 || vetoes_.empty()) return without_kernel;
  const auto node_of = [this](std::int32_t place) { return problem_.vetoes[static_cast<std::size_t>(place)].node; };
  const auto found = std::ranges::lower_bound(vetoes_, std::tuple(group, device), {}, [&](std::int32_t place) {
    return std::tuple(groups_.Of(node_of(place)), problem_.vetoes[static_cast<std::size_t>(place)].device);
  });
  if (found == vetoes_.end() || groups_.Of(node_of(*found)) != group) return -1;
  return problem_.vetoes[static_cast<std::size_t>(*found)].device == device ? node_of(*found) : -1;
}

std::int32_t Choices::Wanted(std::size_t group) const {
  const std::int32_t asker = askers_[group];
  return asker < 0 ? problem_.preferred : problem_.asked[static_cast<std::size_t>(asker)];
}

std::int32_t Choices::FirstFrom(std::size_t group, std::int32_t device) const {
  while (device >= 0 && Obstacle(group, device) >= 0) {
    device = problem_.devices[static_cast<std::size_t>(device)].next;
  }
  return device;
}

std::int32_t Choices::FirstAfter(std::size_t group, std::int32_t device) const {
  return FirstFrom(group, problem_.devices[static_cast<std::size_t>(device)].next);
}

}  // namespace permafrost::devices
