// Which devices a group can have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "devices/placement/groups.h"
#include "devices/placement/problem.h"

namespace permafrost::devices {

class Choices {
 public:
  // `askers`: what FindAsked found. All three must outlive this.
  Choices(const Problem& problem, const Groups& groups, std::span<const std::int32_t> askers);

  // Whether the node itself can be on the device. An op that no target knows is trusted where a rule asks something of
  // its group.
  bool CanHave(std::int32_t node, std::int32_t device) const;
  // The refusal of the node by a target, as a place in `vetoes`; -1: none.
  std::int32_t VetoOf(std::int32_t node, std::int32_t device) const;
  // Whether no target knows the node's op.
  bool IsStranger(std::int32_t node) const;

  // A node of the group that keeps it from the device; -1: the group can be there.
  std::int32_t Obstacle(std::size_t group, std::int32_t device) const;
  // A node of the group that no target knows; -1: none, or a rule asks something of the group.
  std::int32_t Stranger(std::size_t group) const { return strangers_[group]; }
  // The node that was asked; -1: none.
  std::int32_t Asker(std::size_t group) const { return askers_[group]; }
  // Where it is wanted; -1: nowhere, it is left open.
  std::int32_t Wanted(std::size_t group) const;
  // The first device that it can have, from where it is wanted down the chain; -1: it is left open.
  std::int32_t First(std::size_t group) const { return FirstFrom(group, Wanted(group)); }
  // Likewise, of those after a device.
  std::int32_t FirstAfter(std::size_t group, std::int32_t device) const;

 private:
  std::int32_t FirstFrom(std::size_t group, std::int32_t device) const;
  void FindObstacles();
  void SortVetoes();

  const Problem& problem_;
  const Groups& groups_;
  std::span<const std::int32_t> askers_;
  // By kind.
  std::vector<bool> is_known_;
  std::vector<std::int32_t> strangers_;
  // By group and target: the first node without a kernel there; -1: none.
  std::vector<std::int32_t> without_kernel_;
  // Places in `vetoes`, sorted by group, device and node.
  std::vector<std::int32_t> vetoes_;
};

}  // namespace permafrost::devices
