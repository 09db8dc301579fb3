// In which memory the tensors of a placed node are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "devices/placement/problem.h"

namespace permafrost::devices {

// The memory of a device is numbered as the device; that of the host, which all hosts' devices share:
inline constexpr std::int32_t kHostMemory = -1;

// Where a device has what no argument of an op is said to have elsewhere.
inline std::int32_t OwnMemory(const Problem& problem, std::int32_t device) {
  return problem.devices[static_cast<std::size_t>(device)].is_host ? kHostMemory : device;
}

inline std::int32_t MemoryOf(const Problem& problem, std::int32_t node, std::int32_t device, bool is_input,
                             std::int32_t port) {
  const Device& at = problem.devices[static_cast<std::size_t>(device)];
  if (at.is_host) return kHostMemory;
  const auto kind = static_cast<std::size_t>(problem.kinds_of_nodes[static_cast<std::size_t>(node)]);
  const KernelAnswer& answer = problem.answers[kind * problem.target_count + at.target];
  const std::vector<bool>& is_in_host = is_input ? answer.host_inputs : answer.host_outputs;
  // Of an op that nobody described, only the nodes know how many inputs and outputs there are.
  const auto place = static_cast<std::size_t>(port);
  return place < is_in_host.size() && is_in_host[place] ? kHostMemory : device;
}

// Where the tensor of an edge is made when its producer is on the device.
inline std::int32_t SourceMemory(const Problem& problem, std::size_t edge, std::int32_t device) {
  return MemoryOf(problem, problem.producers[edge], device, false, problem.outputs[edge]);
}

// Where it is wanted when its consumer is on the device.
inline std::int32_t WantedMemory(const Problem& problem, std::size_t edge, std::int32_t device) {
  return MemoryOf(problem, problem.consumers[edge], device, true, problem.inputs[edge]);
}

}  // namespace permafrost::devices
