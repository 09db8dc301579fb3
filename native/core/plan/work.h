// Cuts a plan into tasks that threads can do in any order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "plan/segment.h"

namespace permafrost {

// A stretch of a segment, and where it goes in the output.
struct Stretch {
  std::size_t segment = 0;
  std::uint64_t begin = 0;  // in the segment
  std::uint64_t end = 0;
  std::uint64_t at = 0;  // in the output
  bool is_whole = false;
};

// Neighbouring stretches: together one stretch of the output.
using Task = std::span<const Stretch>;

class Work {
 public:
  // Tasks are about `kTaskSize` long; a segment that has to be made in one go is never cut, however long it is.
  Work(const Checkpoint& checkpoint, std::span<const Segment> plan);

  std::size_t count() const { return ends_.size(); }
  Task task(std::size_t index) const;
  // The stretches of one segment, which neighbour each other.
  Task of_segment(std::size_t segment) const;

 private:
  std::vector<Stretch> stretches_;
  std::vector<std::size_t> ends_;  // of each task
};

inline constexpr std::uint64_t kTaskSize = std::uint64_t{4} * 1024 * 1024;

// How many threads take in `size` bytes of a checkpoint. `wanted` is what the user wants; 0: as many as are of use.
unsigned ThreadsFor(std::uint64_t size, unsigned wanted);

}  // namespace permafrost
