// Builds graphs to be placed, by hand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "devices/placement/placement.h"
#include "devices/placement/problem.h"

namespace permafrost::devices::test {

// Whether a target has a kernel for an op, and what of it is in host memory.
struct Kernel {
  KernelState state = KernelState::kExists;
  std::vector<bool> host_inputs = {};
  std::vector<bool> host_outputs = {};
};

inline const Kernel kKernel = {};
inline const Kernel kNoKernel = {KernelState::kNone};
inline const Kernel kUnknown = {KernelState::kUnknownOp};

class PlacementGraph {
 public:
  // Each device has a target of its own, and leads to the next.
  explicit PlacementGraph(const std::vector<bool>& are_hosts);

  // `kernels`: by device.
  std::int32_t AddKind(const std::string& op, const std::vector<Kernel>& kernels, Work work = Work::kLight);
  std::int32_t AddNode(std::int32_t kind, std::int32_t asked = -1);
  void AddEdge(std::int32_t producer, std::int32_t consumer, double bytes = 0, std::int32_t output = 0,
               std::int32_t input = 0);
  void Bind(std::int32_t first, std::int32_t second);
  void Veto(std::int32_t node, std::int32_t device, const std::string& reason);
  void Prefer(std::int32_t device) { problem_.preferred = device; }

  // Good until the graph changes.
  const Problem& problem();
  Placement Place();

 private:
  Problem problem_;
  std::vector<std::int32_t> kinds_, asked_, producers_, outputs_, consumers_, inputs_, firsts_, seconds_;
  std::vector<double> bytes_;
};

}  // namespace permafrost::devices::test
