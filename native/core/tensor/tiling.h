// Which of the stored pieces of a tensor holds which elements of a wanted region.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "status.h"
#include "tensor/region.h"

namespace permafrost {

// Neighbouring elements of the wanted region that are neighbours in a piece too.
struct Run {
  std::size_t piece = 0;    // index into the pieces
  std::uint64_t first = 0;  // the first element's place in the piece
  std::uint64_t count = 0;
};

class Tiling {
 public:
  // Regions in any order; `wanted` has elements, and each piece has some of them. Fails with kCheckpointMalformed where
  // the pieces leave a gap in the wanted region or overlap there; `about` ends the message.
  static Result<Tiling> Of(Region wanted, std::vector<Region> pieces, const std::string& about);

  // True where the whole of the wanted region is one run.
  bool is_one_run() const { return root_.size() == 1 && root_.front().inner.empty(); }

  // How far somebody is with the runs. Lasts as long as the tiling, which may be moved.
  class Place;

  // The runs of the wanted region in row-major order, one a call; nothing after the last. Within each piece the runs go
  // from front to back.
  std::optional<Run> Next(Place& place) const;

 private:
  // Coordinates along one axis over which the pieces do not change.
  struct Interval {
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::size_t piece = 0;        // where `inner` is empty: all of the inner axes are a run of this piece
    std::vector<Interval> inner;  // the next axis, for each coordinate of this one
  };

  Tiling(Region wanted, std::vector<Region> pieces) : wanted_(std::move(wanted)), pieces_(std::move(pieces)) {}

  Status Split(std::size_t axis, std::vector<std::size_t> candidates, std::vector<Interval>& intervals) const;
  bool IsRun(std::size_t axis, std::size_t piece) const;
  Run RunAt(std::size_t axis, const Interval& interval, std::span<const std::int64_t> at) const;

  Region wanted_;
  std::vector<Region> pieces_;
  std::vector<Interval> root_;
};

class Tiling::Place {
  friend class Tiling;

  // One axis: the intervals of it, and which of them is next.
  struct Level {
    std::span<const Interval> intervals;
    std::size_t next = 0;
  };

  bool has_begun_ = false;
  std::vector<Level> levels_;
  std::vector<std::int64_t> at_;  // of each level but the last, the coordinate within its interval
};

}  // namespace permafrost
