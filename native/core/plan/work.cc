#include "plan/work.h"

#include <algorithm>
#include <thread>

namespace permafrost {
namespace {

// A multiple of the size of any element.
constexpr std::uint64_t kCutUnit = 16;

// Copying into the page cache of one file is one thread's work at a time, so more than this only wait for each other.
constexpr unsigned kMostThreads = 4;

bool MayBeCut(const Checkpoint& checkpoint, const Segment& segment) {
  const auto* tensor = std::get_if<TensorSegment>(&segment);
  return tensor == nullptr || IsDivisible(checkpoint, tensor->part, tensor->form);
}

// Where a segment that begins at `at` of the output is cut after `begin`: where the output is a multiple of kTaskSize,
// or a little before it, at the end of an element.
std::uint64_t NextCut(std::uint64_t at, std::uint64_t begin) {
  const auto cut_before = [&](std::uint64_t boundary) { return (boundary - at) / kCutUnit * kCutUnit; };
  const std::uint64_t boundary = ((at + begin) / kTaskSize + 1) * kTaskSize;
  const std::uint64_t cut = boundary - at >= kCutUnit ? cut_before(boundary) : 0;
  return cut > begin ? cut : cut_before(boundary + kTaskSize);
}

}  // namespace

Work::Work(const Checkpoint& checkpoint, std::span<const Segment> plan) {
  std::uint64_t at = 0;
  std::uint64_t task_size = 0;
  const auto end_task = [&] {
    if (task_size > 0) ends_.push_back(stretches_.size());
    task_size = 0;
  };
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const std::uint64_t size = SizeOf(plan[i]);
    if (task_size + size > kTaskSize) end_task();
    const bool may_be_cut = MayBeCut(checkpoint, plan[i]);
    for (std::uint64_t begin = 0, end = 0; begin < size; begin = end) {
      end = may_be_cut ? std::min(size, NextCut(at, begin)) : size;
      stretches_.push_back({i, begin, end, at + begin, end - begin == size});
      task_size += end - begin;
      if (end < size || task_size >= kTaskSize) end_task();
    }
    at += size;
  }
  end_task();
}

Task Work::task(std::size_t index) const {
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  return Task(stretches_).subspan(begin, ends_[index] - begin);
}

Task Work::of_segment(std::size_t segment) const {
  const auto [first, last] = std::ranges::equal_range(stretches_, segment, {}, &Stretch::segment);
  return {first, last};
}

unsigned ThreadsFor(std::uint64_t size, unsigned wanted) {
  if (wanted > 0) return wanted;
  // Starting a thread takes as long as copying a task.
  const auto useful = static_cast<unsigned>(std::min<std::uint64_t>(size / kTaskSize + 1, kMostThreads));
  return std::min(useful, std::max(std::thread::hardware_concurrency(), 1u));
}

}  // namespace permafrost
