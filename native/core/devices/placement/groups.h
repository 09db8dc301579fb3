// Nodes that must stay together, as groups.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "devices/placement/placement.h"
#include "devices/placement/problem.h"
#include "devices/placement/rows.h"

namespace permafrost::devices {

// Counted in the order of their first nodes. A node without bonds is a group of its own.
class Groups {
 public:
  explicit Groups(const Problem& problem);

  std::size_t count() const { return members_.count(); }
  std::size_t Of(std::int32_t node) const {
    return static_cast<std::size_t>(of_nodes_[static_cast<std::size_t>(node)]);
  }
  // In rising order.
  std::span<const std::int32_t> Members(std::size_t group) const { return members_[group]; }

 private:
  std::vector<std::int32_t> of_nodes_;
  Rows members_;
};

// By group, its first node that a rule asks to be on a device; -1: none. All nodes of a group that are asked must be
// asked the same.
std::variant<std::vector<std::int32_t>, Contradiction> FindAsked(const Problem& problem, const Groups& groups);

}  // namespace permafrost::devices
