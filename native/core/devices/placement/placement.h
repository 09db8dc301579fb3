// Decides which device each node of a graph goes to. docs/devices.md says how, in words.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "devices/placement/problem.h"

namespace permafrost::devices {

// How a node came to be where it is.
enum class Cause : std::uint8_t {
  kAsAsked,   // where a rule or the preference wanted it; or left open, as wanted
  kNoKernel,  // its own op cannot be where it was wanted
  kVeto,      // a target refused it there
  kBond,      // a node that it must stay with cannot be where it was wanted, or was asked to be here, or is unknown
  kJoined,    // to save crossings: it could be where it was wanted
  kNowhere,   // left open: its own op keeps it from a device, none is left that can have it; or no target knows the op
};

struct Placement {
  // By node: a device; -1: left open.
  std::vector<std::int32_t> devices;
  std::vector<Cause> causes;
  // By node: the sentence that says why, for kBond that of the culprit, as a place in `reasons`; -1: none.
  std::vector<std::int32_t> reasons_of_nodes;
  std::vector<std::string> reasons;
  // By node: for kBond, the node whose doing it is; else -1.
  std::vector<std::int32_t> culprits;
  // The search for what to join ended before it was through (least_cut.h): other ways may save more.
  bool is_cut_short = false;
};

// Two nodes that must stay together were asked to be on different devices.
struct Contradiction {
  std::int32_t first;
  std::int32_t second;
  // How they are bound: nodes from the first to the second, each bound to the next.
  std::vector<std::int32_t> path;
};

// Of a problem that FindDefect finds nothing wrong with and whose `answers` are filled in.
std::variant<Placement, Contradiction> Place(const Problem& problem);

}  // namespace permafrost::devices
