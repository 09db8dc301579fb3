#include "plan/work.h"

#include <algorithm>

namespace permafrost {
namespace {

bool MayBeCut(const Checkpoint& checkpoint, const Segment& segment) {
  const auto* tensor = std::get_if<TensorSegment>(&segment);
  return tensor == nullptr || IsDivisible(checkpoint, tensor->part, tensor->encoding);
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
    const std::uint64_t step = MayBeCut(checkpoint, plan[i]) ? kTaskSize : std::max(size, kTaskSize);
    for (std::uint64_t begin = 0; begin < size; begin += step) {
      const std::uint64_t end = std::min(size, begin + step);
      stretches_.push_back({i, begin, end, at + begin, end - begin == size});
      task_size += end - begin;
      if (task_size >= kTaskSize) end_task();
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

}  // namespace permafrost
