// The cheapest way to say of each of many things whether it moves or stays, where prices are set on single things and
// on pairs: a minimum cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace permafrost::devices {

class MinCut {
 public:
  using Vertex = std::int32_t;

  Vertex AddVertex();
  // Prices are not negative and add up; all together they stay below 2^62.
  void ChargeMoved(Vertex vertex, std::int64_t price) { if_moved_[static_cast<std::size_t>(vertex)] += price; }
  void ChargeKept(Vertex vertex, std::int64_t price) { if_kept_[static_cast<std::size_t>(vertex)] += price; }
  // Where `moved` moves and `kept` does not.
  void ChargeApart(Vertex moved, Vertex kept, std::int64_t price);

  struct Solution {
    // By vertex.
    std::vector<bool> moves;
    bool is_least;
  };
  // Of all ways that cost the least, the one that moves the fewest: a vertex that it moves, all of them move.
  //
  // `steps` is how often a vertex or an arc may be looked at; what it takes is taken off. Where that does not suffice,
  // those vertices move that are certain to by then. They are some of those above, and cost no more than if none moved.
  Solution Solve(std::int64_t& steps) const;

 private:
  std::vector<std::int64_t> if_moved_;
  std::vector<std::int64_t> if_kept_;
  struct Pair {
    Vertex moved;
    Vertex kept;
    std::int64_t price;
  };
  std::vector<Pair> pairs_;

  friend class Preflow;
};

}  // namespace permafrost::devices
