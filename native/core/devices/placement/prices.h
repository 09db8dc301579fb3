// What a placement costs, in bytes over a bus.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "devices/placement/choices.h"
#include "devices/placement/groups.h"
#include "devices/placement/problem.h"

namespace permafrost::devices {

// For each tensor and each device that it is sent to: as long as a transfer takes to begin, a bus carries about this
// much.
inline constexpr std::int64_t kCrossingPrice = 65536;

// Prices are whole numbers. Those of tensors end at 2^32, so that the sum over all tensors of a graph stays below 2^63.
class Prices {
 public:
  Prices(const Problem& problem, const Groups& groups);

  // The tensors of the graph that somebody reads, each as its edges.
  std::size_t tensor_count() const { return ends_.size(); }
  std::span<const std::int32_t> EdgesOf(std::size_t tensor) const;
  // For each memory that it is moved to.
  std::int64_t Moving(std::size_t tensor) const;

  // For a group that is not on the first device that it can have. Nothing of this for groups that have heavy nodes:
  // those stay.
  std::int64_t Leaving(std::size_t group) const { return leaving_[group]; }
  bool IsHeavy(std::size_t group) const { return is_heavy_[group]; }

  // How much dearer the whole placement becomes, as least_cut.h defines its price. `before`, `after`: by group.
  std::int64_t Change(const Choices& choices, std::span<const std::int32_t> before,
                      std::span<const std::int32_t> after) const;

 private:
  void FindTensors();
  void FindLeaving();
  // Places that a tensor is sent and moved to.
  struct Places {
    std::vector<std::int32_t> devices;
    std::vector<std::int32_t> memories;
  };
  // `places` is room to work in.
  std::int64_t TotalOf(std::size_t tensor, std::span<const std::int32_t> devices, Places& places) const;

  const Problem& problem_;
  const Groups& groups_;
  // Edges, sorted by the outputs of the nodes, and where each output's end.
  std::vector<std::int32_t> edges_;
  std::vector<std::size_t> ends_;
  std::vector<std::int64_t> leaving_;
  std::vector<bool> is_heavy_;
};

}  // namespace permafrost::devices
