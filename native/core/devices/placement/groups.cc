#include "devices/placement/groups.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace permafrost::devices {

namespace {

// Sets of nodes that grow together. The root of a set is its smallest node.
class DisjointSets {
 public:
  explicit DisjointSets(std::size_t count) : parents_(count) { std::iota(parents_.begin(), parents_.end(), 0); }

  std::int32_t RootOf(std::int32_t node) {
    while (Parent(node) != node) {
      Parent(node) = Parent(Parent(node));
      node = Parent(node);
    }
    return node;
  }

  void Unite(std::int32_t first, std::int32_t second) {
    const auto [smaller, larger] = std::minmax({RootOf(first), RootOf(second)});
    Parent(larger) = smaller;
  }

 private:
  std::int32_t& Parent(std::int32_t node) { return parents_[static_cast<std::size_t>(node)]; }

  std::vector<std::int32_t> parents_;
};

std::vector<std::int32_t> NumberGroups(const Problem& problem) {
  const std::size_t nodes = problem.kinds_of_nodes.size();
  DisjointSets sets(nodes);
  for (std::size_t i = 0; i < problem.bond_firsts.size(); ++i)
    sets.Unite(problem.bond_firsts[i], problem.bond_seconds[i]);
  std::vector<std::int32_t> groups(nodes);
  std::int32_t count = 0;
  for (std::size_t i = 0; i < nodes; ++i) {
    const auto node = static_cast<std::int32_t>(i);
    const std::int32_t root = sets.RootOf(node);
    groups[i] = root == node ? count++ : groups[static_cast<std::size_t>(root)];
  }
  return groups;
}

std::size_t CountGroups(std::span<const std::int32_t> groups) {
  return groups.empty() ? 0 : static_cast<std::size_t>(*std::ranges::max_element(groups)) + 1;
}

// A shortest way over bonds from one node to another of its group.
std::vector<std::int32_t> FindPath(const Problem& problem, std::int32_t from, std::int32_t to) {
  const std::size_t nodes = problem.kinds_of_nodes.size();
  const Rows as_first(nodes, problem.bond_firsts);
  const Rows as_second(nodes, problem.bond_seconds);
  constexpr std::int32_t kNever = -1;
  // Searched from the end, so that the steps lead towards it.
  std::vector<std::int32_t> towards(nodes, kNever);
  towards[static_cast<std::size_t>(to)] = to;
  std::vector<std::int32_t> found = {to};
  for (std::size_t next = 0; next < found.size() && towards[static_cast<std::size_t>(from)] == kNever; ++next) {
    const auto node = static_cast<std::size_t>(found[next]);
    for (const auto& [bonds, others] :
         {std::pair(as_first[node], problem.bond_seconds), std::pair(as_second[node], problem.bond_firsts)}) {
      for (const std::int32_t bond : bonds) {
        const std::int32_t other = others[static_cast<std::size_t>(bond)];
        if (towards[static_cast<std::size_t>(other)] != kNever) continue;
        towards[static_cast<std::size_t>(other)] = found[next];
        found.push_back(other);
      }
    }
  }
  std::vector<std::int32_t> path = {from};
  while (path.back() != to) path.push_back(towards[static_cast<std::size_t>(path.back())]);
  return path;
}

}  // namespace

Groups::Groups(const Problem& problem)
    : of_nodes_(NumberGroups(problem)), members_(CountGroups(of_nodes_), of_nodes_) {}

std::variant<std::vector<std::int32_t>, Contradiction> FindAsked(const Problem& problem, const Groups& groups) {
  std::vector<std::int32_t> askers(groups.count(), -1);
  for (std::size_t i = 0; i < problem.asked.size(); ++i) {
    const std::int32_t asked = problem.asked[i];
    if (asked < 0) continue;
    const auto node = static_cast<std::int32_t>(i);
    std::int32_t& asker = askers[groups.Of(node)];
    if (asker < 0) {
      asker = node;
    } else if (problem.asked[static_cast<std::size_t>(asker)] != asked) {
      return Contradiction{asker, node, FindPath(problem, asker, node)};
    }
  }
  return askers;
}

}  // namespace permafrost::devices
