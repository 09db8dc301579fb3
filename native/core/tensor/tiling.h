// Which of the stored pieces of a tensor holds which elements of a wanted region.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "status.h"
#include "stop.h"
#include "tensor/region.h"

namespace permafrost {

// Neighbouring elements of the wanted region that are neighbours in a piece too.
struct Run {
  std::size_t piece = 0;    // index into the pieces
  std::uint64_t first = 0;  // the first element's place in the piece
  std::uint64_t count = 0;
};

// Of the runs, none is kept: there may be nearly as many as elements. They are found anew, one after the other.
class Tiling {
 public:
  // Regions in any order; `wanted` has elements, and each piece has some of them. Fails with kCheckpointMalformed where
  // the pieces leave a gap in the wanted region or overlap there, and with kAborted when any of the stops was
  // asked for; `about` ends the message.
  static Result<Tiling> Of(Region wanted, std::vector<Region> pieces, const std::string& about,
                           std::initializer_list<Stop> stops = {});

  // True where the whole of the wanted region is one run.
  bool is_one_run() const { return is_one_run_; }

  // How far somebody is with the runs. Lasts as long as the tiling, which may be moved.
  class Place;

  // The runs of the wanted region in row-major order, one a call; nothing after the last. Within each piece the runs go
  // from front to back.
  std::optional<Run> Next(Place& place) const;

 private:
  // A walk along one axis, over the pieces that hold the coordinates of the outer axes where it stands.
  struct Walk {
    std::vector<std::size_t> pieces;  // by where they start
    std::size_t next = 0;             // of these, the first that the walk has not come to
    std::vector<std::size_t> active;  // those that hold the interval from `start` to `end`, where they do not change
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::int64_t at = 0;  // in the interval, where the inner axes are walked along
  };
  enum class Coordinates : std::uint8_t { kEach, kOneOfEachInterval };

  Tiling(Region wanted, std::vector<Region> pieces) : wanted_(std::move(wanted)), pieces_(std::move(pieces)) {}

  Status Check(std::initializer_list<Stop> stops);
  std::vector<Walk> Begin() const;
  Status GoOn(std::vector<Walk>& walks, Coordinates coordinates) const;
  Walk WalkAlong(std::size_t axis, std::vector<std::size_t> pieces) const;
  void Return(std::size_t axis, Walk& walk) const;
  Status ToNextInterval(std::size_t axis, Walk& walk) const;
  bool IsRun(std::size_t axis, const Walk& walk) const;
  Run RunAt(const std::vector<Walk>& walks) const;

  Region wanted_;
  std::vector<Region> pieces_;
  bool is_one_run_ = false;
};

class Tiling::Place {
  friend class Tiling;

  bool has_begun_ = false;
  std::vector<Walk> walks_;  // from the outermost axis to that along which the run lies
};

}  // namespace permafrost
