#include "tensor/tiling.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace permafrost {

Result<Tiling> Tiling::Of(Region wanted, std::vector<Region> pieces, const std::string& about,
                          std::initializer_list<Stop> stops) {
  Tiling tiling(std::move(wanted), std::move(pieces));
  const Status status = tiling.Check(stops);
  if (status.code() == StatusCode::kAborted) return status;
  if (!status.ok()) return Status(status.code(), "bad slices (" + status.message() + "): " + about);
  return tiling;
}

// Each interval holds elements that some piece stores, so there are never more of them than stored elements.
Status Tiling::Check(std::initializer_list<Stop> stops) {
  if (wanted_.empty()) {
    is_one_run_ = pieces_.size() == 1;
    return is_one_run_ ? Status() : Status(StatusCode::kCheckpointMalformed, "a scalar in slices");
  }
  const std::uint64_t elements = ElementsOf(wanted_);
  std::vector<Walk> walks = Begin();
  for (;;) {
    for (const Stop& stop : stops) {
      if (Status status = stop.Check(); !status.ok()) return status;
    }
    if (Status status = GoOn(walks, Coordinates::kOneOfEachInterval); !status.ok()) return status;
    if (walks.empty()) return {};
    if (RunAt(walks).count == elements) is_one_run_ = true;
  }
}

std::optional<Run> Tiling::Next(Place& place) const {
  const bool has_begun = std::exchange(place.has_begun_, true);
  if (wanted_.empty()) return has_begun ? std::nullopt : std::optional(Run{0, 0, 1});
  if (!has_begun) place.walks_ = Begin();
  // Nothing is wrong on this way: `Check` has gone it.
  if (place.walks_.empty() || !GoOn(place.walks_, Coordinates::kEach).ok() || place.walks_.empty()) return std::nullopt;
  return RunAt(place.walks_);
}

std::vector<Tiling::Walk> Tiling::Begin() const {
  std::vector<std::size_t> all(pieces_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return {WalkAlong(0, std::move(all))};
}

// To the next run; after the last, no walks are left.
Status Tiling::GoOn(std::vector<Walk>& walks, Coordinates coordinates) const {
  while (!walks.empty()) {
    const std::size_t axis = walks.size() - 1;
    Walk& walk = walks.back();
    if (walk.end == wanted_[axis].end()) {
      if (axis > 0 && ++walks[axis - 1].at < walks[axis - 1].end) {
        Return(axis, walk);
      } else {
        walks.pop_back();
      }
      continue;
    }
    if (Status status = ToNextInterval(axis, walk); !status.ok()) return status;
    if (IsRun(axis, walk)) return {};
    walk.at = coordinates == Coordinates::kEach ? walk.start : walk.end - 1;
    walks.push_back(WalkAlong(axis + 1, walk.active));
  }
  return {};
}

Tiling::Walk Tiling::WalkAlong(std::size_t axis, std::vector<std::size_t> pieces) const {
  std::ranges::sort(pieces, {}, [&](std::size_t piece) { return pieces_[piece][axis].start; });
  Walk walk;
  walk.pieces = std::move(pieces);
  Return(axis, walk);
  return walk;
}

// To before the first interval.
void Tiling::Return(std::size_t axis, Walk& walk) const {
  walk.next = 0;
  walk.active.clear();
  walk.start = walk.end = wanted_[axis].start;
}

Status Tiling::ToNextInterval(std::size_t axis, Walk& walk) const {
  const auto extent = [&](std::size_t piece) -> const Extent& { return pieces_[piece][axis]; };
  walk.start = walk.end;
  std::erase_if(walk.active, [&](std::size_t piece) { return extent(piece).end() <= walk.start; });
  const auto is_left = [&] { return walk.next < walk.pieces.size(); };
  for (; is_left() && extent(walk.pieces[walk.next]).start <= walk.start; ++walk.next) {
    const std::size_t piece = walk.pieces[walk.next];
    if (extent(piece).end() > walk.start) walk.active.push_back(piece);
  }
  if (walk.active.empty()) {
    return {StatusCode::kCheckpointMalformed,
            "none holds index " + std::to_string(walk.start) + " of axis " + std::to_string(axis)};
  }
  if (walk.active.size() > 1 && axis + 1 == wanted_.size()) {
    return {StatusCode::kCheckpointMalformed,
            SliceText(pieces_[walk.active[0]]) + " and " + SliceText(pieces_[walk.active[1]]) + " overlap"};
  }
  walk.end = wanted_[axis].end();
  for (const std::size_t piece : walk.active) walk.end = std::min(walk.end, extent(piece).end());
  if (is_left()) walk.end = std::min(walk.end, extent(walk.pieces[walk.next]).start);
  return {};
}

// Whether the interval is all of one piece, and what is wanted of all inner axes is all that the piece has of them.
bool Tiling::IsRun(std::size_t axis, const Walk& walk) const {
  const auto inner = static_cast<std::ptrdiff_t>(axis) + 1;
  return walk.active.size() == 1 &&
         std::equal(wanted_.begin() + inner, wanted_.end(), pieces_[walk.active.front()].begin() + inner);
}

Run Tiling::RunAt(const std::vector<Walk>& walks) const {
  const Walk& last = walks.back();
  const std::size_t axis = walks.size() - 1;
  const Region& piece = pieces_[last.active.front()];
  Run run{last.active.front(), 0, static_cast<std::uint64_t>(last.end - last.start)};
  for (std::size_t i = 0; i < piece.size(); ++i) {
    const std::int64_t coordinate = i < axis ? walks[i].at : i == axis ? last.start : piece[i].start;
    run.first = run.first * static_cast<std::uint64_t>(piece[i].length) +
                static_cast<std::uint64_t>(coordinate - piece[i].start);
    if (i > axis) run.count *= static_cast<std::uint64_t>(piece[i].length);
  }
  return run;
}

}  // namespace permafrost
