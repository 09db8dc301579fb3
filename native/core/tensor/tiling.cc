#include "tensor/tiling.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace permafrost {

Result<Tiling> Tiling::Of(Region wanted, std::vector<Region> pieces, const std::string& about) {
  Tiling tiling(std::move(wanted), std::move(pieces));
  std::vector<std::size_t> all(tiling.pieces_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  Status status;
  if (!tiling.wanted_.empty()) {
    status = tiling.Split(0, std::move(all), tiling.root_);
  } else if (all.size() == 1) {
    tiling.root_.push_back({0, 1, 0, {}});
  } else {
    status = {StatusCode::kCheckpointMalformed, "a scalar in slices"};
  }
  if (!status.ok()) return Status(status.code(), "bad slices (" + status.message() + "): " + about);
  return tiling;
}

// Goes along the axis with the pieces that hold the current coordinate. Every interval that is made holds elements
// that some piece stores, so there are never more intervals than stored elements.
Status Tiling::Split(std::size_t axis, std::vector<std::size_t> candidates, std::vector<Interval>& intervals) const {
  const auto extent = [&](std::size_t piece) -> const Extent& { return pieces_[piece][axis]; };
  std::ranges::sort(candidates, {}, [&](std::size_t piece) { return extent(piece).start; });
  std::vector<std::size_t> active;
  auto next = candidates.begin();
  for (std::int64_t at = wanted_[axis].start; at < wanted_[axis].end();) {
    std::erase_if(active, [&](std::size_t piece) { return extent(piece).end() <= at; });
    for (; next != candidates.end() && extent(*next).start <= at; ++next) {
      if (extent(*next).end() > at) active.push_back(*next);
    }
    if (active.empty()) {
      return {StatusCode::kCheckpointMalformed,
              "none holds index " + std::to_string(at) + " of axis " + std::to_string(axis)};
    }
    std::int64_t end = wanted_[axis].end();
    for (const std::size_t piece : active) end = std::min(end, extent(piece).end());
    if (next != candidates.end()) end = std::min(end, extent(*next).start);
    Interval interval{at, end, active.front(), {}};
    if (active.size() > 1 && axis + 1 == wanted_.size()) {
      return {StatusCode::kCheckpointMalformed,
              SliceText(pieces_[active[0]]) + " and " + SliceText(pieces_[active[1]]) + " overlap"};
    }
    if (active.size() > 1 || !IsRun(axis, active.front())) {
      if (Status status = Split(axis + 1, active, interval.inner); !status.ok()) return status;
    }
    intervals.push_back(std::move(interval));
    at = end;
  }
  return {};
}

// Whether what is wanted of all axes within this one is all that the piece has of them.
bool Tiling::IsRun(std::size_t axis, std::size_t piece) const {
  const auto inner = static_cast<std::ptrdiff_t>(axis) + 1;
  return std::equal(wanted_.begin() + inner, wanted_.end(), pieces_[piece].begin() + inner);
}

Run Tiling::RunAt(std::size_t axis, const Interval& interval, std::span<const std::int64_t> at) const {
  const Region& piece = pieces_[interval.piece];
  Run run{interval.piece, 0, static_cast<std::uint64_t>(interval.end - interval.start)};
  for (std::size_t i = 0; i < piece.size(); ++i) {
    const std::int64_t coordinate = i < axis ? at[i] : i == axis ? interval.start : piece[i].start;
    run.first = run.first * static_cast<std::uint64_t>(piece[i].length) +
                static_cast<std::uint64_t>(coordinate - piece[i].start);
    if (i > axis) run.count *= static_cast<std::uint64_t>(piece[i].length);
  }
  return run;
}

std::optional<Run> Tiling::Next(Place& place) const {
  std::vector<Place::Level>& levels = place.levels_;
  std::vector<std::int64_t>& at = place.at_;
  if (!place.has_begun_) {
    place.has_begun_ = true;
    at.resize(std::max<std::size_t>(wanted_.size(), 1));
    levels.push_back({root_});
  }
  while (!levels.empty()) {
    Place::Level& level = levels.back();
    const std::size_t axis = levels.size() - 1;
    if (level.next == level.intervals.size()) {
      levels.pop_back();
      if (axis > 0) ++at[axis - 1];
      continue;
    }
    const Interval& interval = level.intervals[level.next];
    if (interval.inner.empty()) {
      ++level.next;
      return RunAt(axis, interval, at);
    }
    // Whatever lies before it, an earlier interval has left there.
    at[axis] = std::max(at[axis], interval.start);
    if (at[axis] == interval.end) {
      ++level.next;
      continue;
    }
    at[axis + 1] = interval.inner.front().start;
    levels.push_back({interval.inner});
  }
  return std::nullopt;
}

}  // namespace permafrost
