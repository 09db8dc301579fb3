#include "devices/placement/check_problem.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace permafrost::devices {

namespace {

// A GraphDef of 2 GiB, the most that there is, has fewer. With it, no sum of prices leaves 63 bits (prices.h).
constexpr std::size_t kMostRows = std::size_t{1} << 27;

// Whether all are in [lowest, end).
bool AreWithin(std::span<const std::int32_t> column, std::int32_t lowest, std::size_t end) {
  return std::ranges::all_of(column, [lowest, end](std::int32_t value) {
    return value >= lowest && (value < 0 || static_cast<std::size_t>(value) < end);
  });
}

// Whether every chain of devices ends. Each device is looked at twice at most.
bool DoChainsEnd(std::span<const Device> devices) {
  constexpr std::int32_t kNever = -1;
  std::vector<std::int32_t> seen_from(devices.size(), kNever);
  for (std::size_t start = 0; start < devices.size(); ++start) {
    const auto mark = static_cast<std::int32_t>(start);
    auto at = mark;
    while (at >= 0 && seen_from[static_cast<std::size_t>(at)] == kNever) {
      seen_from[static_cast<std::size_t>(at)] = mark;
      at = devices[static_cast<std::size_t>(at)].next;
    }
    if (at >= 0 && seen_from[static_cast<std::size_t>(at)] == mark) return false;
  }
  return true;
}

std::optional<std::string> FindDeviceDefect(const Problem& problem) {
  const std::size_t count = problem.devices.size();
  if (count > kMostRows) return "too many devices";
  for (const Device& device : problem.devices) {
    if (device.target >= problem.target_count) return "a device of no target";
    if (device.next < -1 || (device.next >= 0 && static_cast<std::size_t>(device.next) >= count)) {
      return "a device before one that does not exist";
    }
  }
  if (!DoChainsEnd(problem.devices)) return "a chain of devices that comes back";
  if (!AreWithin(std::span(&problem.preferred, 1), -1, count)) return "a preference for no device";
  return AreWithin(problem.asked, -1, count) ? std::nullopt : std::optional("a node asked to be on no device");
}

std::optional<std::string> FindEdgeDefect(const Problem& problem) {
  const std::size_t nodes = problem.kinds_of_nodes.size();
  const std::size_t edges = problem.producers.size();
  if (edges > kMostRows) return "too many edges";
  if (problem.outputs.size() != edges || problem.consumers.size() != edges || problem.inputs.size() != edges ||
      problem.bytes.size() != edges) {
    return "columns of edges that differ in length";
  }
  if (!AreWithin(problem.producers, 0, nodes) || !AreWithin(problem.consumers, 0, nodes)) {
    return "an edge of no node";
  }
  const bool are_ports = AreWithin(problem.outputs, 0, kMostRows) && AreWithin(problem.inputs, 0, kMostRows);
  return are_ports ? std::nullopt : std::optional("an edge of no output or no input");
}

std::optional<std::string> FindBondDefect(const Problem& problem) {
  const std::size_t nodes = problem.kinds_of_nodes.size();
  const std::size_t bonds = problem.bond_firsts.size();
  if (bonds > kMostRows) return "too many bonds";
  if (problem.bond_seconds.size() != bonds) return "columns of bonds that differ in length";
  const bool are_nodes = AreWithin(problem.bond_firsts, 0, nodes) && AreWithin(problem.bond_seconds, 0, nodes);
  return are_nodes ? std::nullopt : std::optional("a bond of no node");
}

}  // namespace

std::optional<std::string> FindDefect(const Problem& problem) {
  if (problem.kinds_of_nodes.size() > kMostRows) return "too many nodes";
  if (problem.asked.size() != problem.kinds_of_nodes.size()) return "columns of nodes that differ in length";
  if (problem.work.size() != problem.kinds.size()) return "columns of kinds that differ in length";
  if (!AreWithin(problem.kinds_of_nodes, 0, problem.kinds.size())) return "a node of no kind";
  if (auto defect = FindDeviceDefect(problem)) return defect;
  if (auto defect = FindEdgeDefect(problem)) return defect;
  return FindBondDefect(problem);
}

}  // namespace permafrost::devices
