#include "placement_graph.h"

#include <utility>

namespace permafrost::devices::test {

PlacementGraph::PlacementGraph(const std::vector<bool>& are_hosts) {
  const auto count = static_cast<std::int32_t>(are_hosts.size());
  for (std::int32_t i = 0; i < count; ++i) {
    const auto target = static_cast<std::size_t>(i);
    problem_.devices.push_back({target, are_hosts[target], i + 1 < count ? i + 1 : -1});
  }
  problem_.target_count = are_hosts.size();
  problem_.preferred = 0;
}

std::int32_t PlacementGraph::AddKind(const std::string& op, const std::vector<Kernel>& kernels, Work work) {
  problem_.kinds.push_back({op, {}, {}, {}});
  problem_.work.push_back(work);
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    const auto& [state, host_inputs, host_outputs] = kernels[i];
    std::string reason = state != KernelState::kExists ? "no " + op + " on " + std::to_string(i) : "";
    problem_.answers.push_back({state, host_inputs, host_outputs, std::move(reason)});
  }
  return static_cast<std::int32_t>(problem_.kinds.size() - 1);
}

std::int32_t PlacementGraph::AddNode(std::int32_t kind, std::int32_t asked) {
  kinds_.push_back(kind);
  asked_.push_back(asked);
  return static_cast<std::int32_t>(kinds_.size() - 1);
}

void PlacementGraph::AddEdge(std::int32_t producer, std::int32_t consumer, double bytes, std::int32_t output,
                             std::int32_t input) {
  producers_.push_back(producer);
  outputs_.push_back(output);
  consumers_.push_back(consumer);
  inputs_.push_back(input);
  bytes_.push_back(bytes);
}

void PlacementGraph::Bind(std::int32_t first, std::int32_t second) {
  firsts_.push_back(first);
  seconds_.push_back(second);
}

void PlacementGraph::Veto(std::int32_t node, std::int32_t device, const std::string& reason) {
  problem_.vetoes.push_back({node, device, reason});
}

const Problem& PlacementGraph::problem() {
  problem_.kinds_of_nodes = kinds_;
  problem_.asked = asked_;
  problem_.producers = producers_;
  problem_.outputs = outputs_;
  problem_.consumers = consumers_;
  problem_.inputs = inputs_;
  problem_.bytes = bytes_;
  problem_.bond_firsts = firsts_;
  problem_.bond_seconds = seconds_;
  return problem_;
}

Placement PlacementGraph::Place() { return std::get<Placement>(devices::Place(problem())); }

}  // namespace permafrost::devices::test
