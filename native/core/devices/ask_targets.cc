#include "devices/ask_targets.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "devices/op_kind.h"
#include "tensor/dtype.h"

namespace permafrost::devices {

namespace {

bool HasStrings(const std::vector<OpTensor>& tensors) {
  return std::ranges::any_of(
      tensors, [](const OpTensor& each) { return each.dtype == static_cast<std::int32_t>(DataType::kString); });
}

// Strings are objects of the host, which no other memory can hold. Kernels of other devices that take some all the same
// work on the host, so there is nothing to win there.
void RefuseStrings(const OpKind& kind, const Target& target, KernelAnswer& answer) {
  if (target.is_host() || answer.state != KernelState::kExists) return;
  if (!HasStrings(kind.inputs) && !HasStrings(kind.outputs)) return;
  answer.state = KernelState::kNone;
  answer.reason = "strings are in the memory of the host";
}

}  // namespace

Status AskAboutKinds(std::span<const Target* const> targets, Problem& problem) {
  problem.answers.clear();
  problem.answers.reserve(problem.kinds.size() * targets.size());
  for (const OpKind& kind : problem.kinds) {
    for (const Target* target : targets) {
      Result<KernelAnswer> answer = target->FindKernel(kind);
      if (!answer.ok()) return answer.status();
      problem.answers.push_back(std::move(answer).value());
      RefuseStrings(kind, *target, problem.answers.back());
      std::string& reason = problem.answers.back().reason;
      if (reason.empty()) reason = "no kernel for " + kind.name + " on " + target->name();
    }
  }
  return {};
}

Status AskAboutNodes(std::span<const Target* const> targets, std::span<const std::uint32_t> indexes,
                     const std::function<std::string_view(std::size_t)>& name_of, Problem& problem) {
  problem.vetoes.clear();
  for (std::size_t device = 0; device < problem.devices.size(); ++device) {
    const std::size_t column = problem.devices[device].target;
    const Target& target = *targets[column];
    if (!target.refuses()) continue;
    for (std::size_t node = 0; node < problem.kinds_of_nodes.size(); ++node) {
      const auto kind = static_cast<std::size_t>(problem.kinds_of_nodes[node]);
      if (problem.answers[kind * targets.size() + column].state == KernelState::kNone) continue;
      Result<std::optional<std::string>> veto = target.Veto(name_of(node), problem.kinds[kind], indexes[device]);
      if (!veto.ok()) return veto.status();
      if (!veto.value().has_value()) continue;
      problem.vetoes.push_back(
          {static_cast<std::int32_t>(node), static_cast<std::int32_t>(device), *std::move(veto).value()});
    }
  }
  return {};
}

}  // namespace permafrost::devices
