#include "devices/placement/explain.h"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace permafrost::devices {

namespace {

// Sentences, each once.
class Reasons {
 public:
  std::int32_t NumberOf(const std::string& reason) {
    const auto [found, is_new] = numbers_.try_emplace(reason, static_cast<std::int32_t>(sentences_.size()));
    if (is_new) sentences_.push_back(reason);
    return found->second;
  }
  std::vector<std::string> Take() && { return std::move(sentences_); }

 private:
  std::unordered_map<std::string, std::int32_t> numbers_;
  std::vector<std::string> sentences_;
};

struct Verdict {
  Cause cause = Cause::kAsAsked;
  std::int32_t reason = -1;
  std::int32_t culprit = -1;
};

class Explainer {
 public:
  Explainer(const Problem& problem, const Choices& choices) : problem_(problem), choices_(choices) {}

  Verdict Judge(std::int32_t node, std::size_t group, std::int32_t device) {
    const std::int32_t asked = problem_.asked[static_cast<std::size_t>(node)];
    if (device == (asked >= 0 ? asked : problem_.preferred)) return {};
    const std::int32_t stranger = choices_.Stranger(group);
    if (device < 0 && stranger >= 0) {
      if (choices_.IsStranger(node)) return {Cause::kNowhere, reasons_.NumberOf(WhyStranger(node))};
      return {Cause::kBond, reasons_.NumberOf(WhyStranger(stranger)), stranger};
    }
    const std::int32_t wanted = choices_.Wanted(group);
    const std::int32_t first = choices_.First(group);
    if (wanted != first) {
      // Why it is not where it was wanted. Nodes left open tell of later devices too: only together do they say why
      // none is left.
      const std::int32_t end = device < 0 ? first : Next(wanted);
      for (std::int32_t passed = wanted; passed != end; passed = Next(passed)) {
        if (!choices_.CanHave(node, passed)) return Blame(node, passed, device);
      }
      const std::int32_t culprit = choices_.Obstacle(group, wanted);
      return {Cause::kBond, reasons_.NumberOf(WhyNot(culprit, wanted)), culprit};
    }
    if (device != first) return {Cause::kJoined};
    return {Cause::kBond, reasons_.NumberOf("a rule asks for it"), choices_.Asker(group)};
  }

  std::vector<std::string> TakeReasons() && { return std::move(reasons_).Take(); }

 private:
  // The node cannot be on `passed`.
  Verdict Blame(std::int32_t node, std::int32_t passed, std::int32_t device) {
    const std::int32_t reason = reasons_.NumberOf(WhyNot(node, passed));
    if (device < 0) return {Cause::kNowhere, reason};
    return {choices_.VetoOf(node, passed) >= 0 ? Cause::kVeto : Cause::kNoKernel, reason};
  }

  const std::string& WhyNot(std::int32_t node, std::int32_t device) const {
    const std::int32_t veto = choices_.VetoOf(node, device);
    return veto >= 0 ? problem_.vetoes[static_cast<std::size_t>(veto)].reason : WhyNoKernel(node, device);
  }

  const std::string& WhyNoKernel(std::int32_t node, std::int32_t device) const {
    const auto kind = static_cast<std::size_t>(problem_.kinds_of_nodes[static_cast<std::size_t>(node)]);
    const std::size_t target = problem_.devices[static_cast<std::size_t>(device)].target;
    return problem_.answers[kind * problem_.target_count + target].reason;
  }

  // Of an op that no target knows.
  std::string WhyStranger(std::int32_t node) const {
    const OpKind& kind =
        problem_.kinds[static_cast<std::size_t>(problem_.kinds_of_nodes[static_cast<std::size_t>(node)])];
    const bool is_described = !kind.inputs.empty() || !kind.outputs.empty();
    return is_described ? "no target has a kernel for " + kind.name : "op " + kind.name + " is unknown";
  }

  std::int32_t Next(std::int32_t device) const { return problem_.devices[static_cast<std::size_t>(device)].next; }

  const Problem& problem_;
  const Choices& choices_;
  Reasons reasons_;
};

}  // namespace

Placement Explain(const Problem& problem, const Groups& groups, const Choices& choices,
                  std::span<const std::int32_t> devices) {
  const std::size_t nodes = problem.kinds_of_nodes.size();
  Placement placement;
  placement.devices.resize(nodes);
  placement.causes.resize(nodes);
  placement.reasons_of_nodes.resize(nodes);
  placement.culprits.resize(nodes);
  Explainer explainer(problem, choices);
  for (std::size_t i = 0; i < nodes; ++i) {
    const auto node = static_cast<std::int32_t>(i);
    const std::size_t group = groups.Of(node);
    const Verdict verdict = explainer.Judge(node, group, devices[group]);
    placement.devices[i] = devices[group];
    placement.causes[i] = verdict.cause;
    placement.reasons_of_nodes[i] = verdict.reason;
    placement.culprits[i] = verdict.culprit;
  }
  placement.reasons = std::move(explainer).TakeReasons();
  return placement;
}

}  // namespace permafrost::devices
