#include "devices/placement/prices.h"

#include <algorithm>
#include <utility>

#include "devices/placement/memory.h"
#include "devices/placement/rows.h"

namespace permafrost::devices {

namespace {

constexpr double kMostBytes = 4294967296;

// What light nodes are worth where they are wanted: something, and more the more they have to do.
constexpr std::int64_t kLightPrice = 4096;
constexpr std::int64_t kBytesOfWork = 16;
// Of free nodes: so that they stay where nothing is won.
constexpr std::int64_t kFreePrice = 1;

std::int64_t CountDistinct(std::vector<std::int32_t>& places) {
  std::ranges::sort(places);
  return std::ranges::unique(places).begin() - places.begin();
}

}  // namespace

Prices::Prices(const Problem& problem, const Groups& groups) : problem_(problem), groups_(groups) {
  FindTensors();
  FindLeaving();
}

void Prices::FindTensors() {
  const Rows of_producers(problem_.kinds_of_nodes.size(), problem_.producers);
  const auto output_of = [this](std::int32_t edge) { return problem_.outputs[static_cast<std::size_t>(edge)]; };
  edges_.reserve(problem_.producers.size());
  for (std::size_t node = 0; node < of_producers.count(); ++node) {
    const auto edges = of_producers[node];
    const auto begin = static_cast<std::ptrdiff_t>(edges_.size());
    edges_.insert(edges_.end(), edges.begin(), edges.end());
    std::sort(edges_.begin() + begin, edges_.end(), [output_of](std::int32_t left, std::int32_t right) {
      return std::pair(output_of(left), left) < std::pair(output_of(right), right);
    });
    for (auto i = static_cast<std::size_t>(begin); i < edges_.size(); ++i) {
      if (i + 1 == edges_.size() || output_of(edges_[i + 1]) != output_of(edges_[i])) ends_.push_back(i + 1);
    }
  }
}

void Prices::FindLeaving() {
  leaving_.resize(groups_.count());
  is_heavy_.resize(groups_.count());
  for (std::size_t i = 0; i < problem_.kinds_of_nodes.size(); ++i) {
    const std::size_t group = groups_.Of(static_cast<std::int32_t>(i));
    const Work work = problem_.work[static_cast<std::size_t>(problem_.kinds_of_nodes[i])];
    leaving_[group] += work == Work::kFree ? kFreePrice : kLightPrice;
    if (work == Work::kHeavy) is_heavy_[group] = true;
  }
  for (std::size_t tensor = 0; tensor < tensor_count(); ++tensor) {
    const auto producer = problem_.producers[static_cast<std::size_t>(EdgesOf(tensor).front())];
    const auto kind = static_cast<std::size_t>(problem_.kinds_of_nodes[static_cast<std::size_t>(producer)]);
    if (problem_.work[kind] == Work::kFree) continue;
    leaving_[groups_.Of(producer)] += Moving(tensor) / kBytesOfWork;
  }
}

std::span<const std::int32_t> Prices::EdgesOf(std::size_t tensor) const {
  const std::size_t begin = tensor == 0 ? 0 : ends_[tensor - 1];
  return std::span(edges_).subspan(begin, ends_[tensor] - begin);
}

std::int64_t Prices::Moving(std::size_t tensor) const {
  const double bytes = problem_.bytes[static_cast<std::size_t>(EdgesOf(tensor).front())];
  return bytes > 0 ? static_cast<std::int64_t>(std::min(bytes, kMostBytes)) : 0;  // 0 for NaN
}

std::int64_t Prices::TotalOf(std::size_t tensor, std::span<const std::int32_t> devices, Places& places) const {
  const auto edges = EdgesOf(tensor);
  const auto first = static_cast<std::size_t>(edges.front());
  const std::int32_t source = devices[groups_.Of(problem_.producers[first])];
  if (source < 0) return 0;
  const std::int32_t made_in = SourceMemory(problem_, first, source);
  places.devices.clear();
  places.memories.clear();
  for (const std::int32_t i : edges) {
    const auto edge = static_cast<std::size_t>(i);
    const std::int32_t device = devices[groups_.Of(problem_.consumers[edge])];
    if (device < 0) continue;
    if (device != source) places.devices.push_back(device);
    const std::int32_t memory = WantedMemory(problem_, edge, device);
    if (memory != made_in) places.memories.push_back(memory);
  }
  return CountDistinct(places.devices) * kCrossingPrice + CountDistinct(places.memories) * Moving(tensor);
}

std::int64_t Prices::Change(const Choices& choices, std::span<const std::int32_t> before,
                            std::span<const std::int32_t> after) const {
  std::int64_t change = 0;
  std::vector<bool> is_moved(before.size());
  for (std::size_t group = 0; group < before.size(); ++group) {
    if (before[group] == after[group]) continue;
    is_moved[group] = true;
    if (before[group] == choices.First(group)) change += leaving_[group];
    if (after[group] == choices.First(group)) change -= leaving_[group];
  }
  Places places;
  for (std::size_t tensor = 0; tensor < tensor_count(); ++tensor) {
    const auto edges = EdgesOf(tensor);
    const bool is_touched = is_moved[groups_.Of(problem_.producers[static_cast<std::size_t>(edges.front())])] ||
                            std::ranges::any_of(edges, [&](std::int32_t edge) {
                              return is_moved[groups_.Of(problem_.consumers[static_cast<std::size_t>(edge)])];
                            });
    if (is_touched) change += TotalOf(tensor, after, places) - TotalOf(tensor, before, places);
  }
  return change;
}

}  // namespace permafrost::devices
