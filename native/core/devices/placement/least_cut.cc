#include "devices/placement/least_cut.h"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <span>
#include <utility>

#include "devices/placement/memory.h"
#include "devices/placement/min_cut.h"
#include "devices/placement/prices.h"

namespace permafrost::devices {

namespace {

constexpr MinCut::Vertex kNoVertex = -1;

// Every round makes the placement cheaper, and the first nearly all of it. These end what would go on for pennies: so
// many rounds, and cuts that save less than this part of what was saved before.
constexpr std::size_t kMostRounds = 8;
constexpr std::int64_t kPenny = 1024;

// Where an end of a tensor is: a device, or a memory.
struct End {
  std::int32_t if_kept;
  std::int32_t if_moved;
  MinCut::Vertex vertex;  // kNoVertex: it is not asked
};

enum class When : std::uint8_t { kAlways, kIfKept, kIfMoved };

// A consumer that has a tensor in some place.
struct Claim {
  std::int32_t place;
  When when;
  MinCut::Vertex vertex;

  friend auto operator<=>(const Claim&, const Claim&) = default;
};

// The question whether groups move to one device, while all others keep theirs.
class Move {
 public:
  Move(const Problem& problem, const Groups& groups, const Prices& prices, std::span<const std::int32_t> devices,
       std::int32_t to)
      : problem_(problem),
        groups_(groups),
        prices_(prices),
        devices_(devices),
        to_(to),
        has_one_host_(std::ranges::count(problem.devices, true, &Device::is_host) == 1),
        vertices_(devices.size(), kNoVertex) {}

  // Asks the group. `first`: the first device that it can have.
  void Ask(std::size_t group, std::int32_t first) {
    const MinCut::Vertex vertex = cut_.AddVertex();
    vertices_[group] = vertex;
    if (devices_[group] == first) cut_.ChargeMoved(vertex, prices_.Leaving(group));
    if (to_ == first) cut_.ChargeKept(vertex, prices_.Leaving(group));
    is_asked_ = true;
  }

  struct Outcome {
    // By group, where it is then.
    std::vector<std::int32_t> devices;
    bool is_least;
  };
  // `steps`: as of MinCut, and one for each group and edge.
  Outcome Solve(std::int64_t& steps) {
    Outcome outcome = {{devices_.begin(), devices_.end()}, true};
    if (!is_asked_) return outcome;
    for (std::size_t tensor = 0; tensor < prices_.tensor_count(); ++tensor) ChargeTensor(tensor);
    steps -= static_cast<std::int64_t>(devices_.size() + problem_.producers.size());
    const auto [moves, is_least] = cut_.Solve(steps);
    outcome.is_least = is_least;
    for (std::size_t group = 0; group < devices_.size(); ++group) {
      const MinCut::Vertex vertex = vertices_[group];
      if (vertex != kNoVertex && moves[static_cast<std::size_t>(vertex)]) outcome.devices[group] = to_;
    }
    return outcome;
  }

 private:
  End DeviceOf(std::size_t group) const {
    const MinCut::Vertex vertex = vertices_[group];
    return {devices_[group], vertex == kNoVertex ? devices_[group] : to_, vertex};
  }

  void ChargeTensor(std::size_t tensor) {
    const auto edges = prices_.EdgesOf(tensor);
    const auto first = static_cast<std::size_t>(edges.front());
    const End source = DeviceOf(groups_.Of(problem_.producers[first]));
    if (source.if_kept < 0) return;
    bool is_any_asked = source.vertex != kNoVertex;
    consumers_.clear();
    consumer_memories_.clear();
    const std::int64_t moving = prices_.Moving(tensor);
    for (const std::int32_t i : edges) {
      const auto edge = static_cast<std::size_t>(i);
      const End end = DeviceOf(groups_.Of(problem_.consumers[edge]));
      if (end.if_kept < 0) continue;
      is_any_asked = is_any_asked || end.vertex != kNoVertex;
      consumers_.push_back(end);
      consumer_memories_.push_back(
          {WantedMemory(problem_, edge, end.if_kept), WantedMemory(problem_, edge, end.if_moved), end.vertex});
    }
    if (!is_any_asked) return;
    const End source_memory = {SourceMemory(problem_, first, source.if_kept),
                               SourceMemory(problem_, first, source.if_moved), source.vertex};
    // Most tensors are sent where they are moved, which takes half of the vertices.
    if (has_one_host_ && IsInOwnMemory(source, source_memory) &&
        std::ranges::equal(consumers_, consumer_memories_,
                           [this](const End& device, const End& memory) { return IsInOwnMemory(device, memory); })) {
      ChargeTransfers(source, consumers_, kCrossingPrice + moving);
    } else {
      ChargeTransfers(source, consumers_, kCrossingPrice);
      if (moving > 0) ChargeTransfers(source_memory, consumer_memories_, moving);
    }
  }

  bool IsInOwnMemory(const End& device, const End& memory) const {
    const auto own = [this](std::int32_t at) { return OwnMemory(problem_, at); };
    return own(device.if_kept) == memory.if_kept && own(device.if_moved) == memory.if_moved;
  }

  // The price, for each place where consumers are and the source is not.
  void ChargeTransfers(const End& source, std::span<const End> consumers, std::int64_t price) {
    MakeClaims(consumers);
    for (auto begin = claims_.begin(); begin != claims_.end();) {
      const auto end =
          std::find_if(begin, claims_.end(), [&](const Claim& claim) { return claim.place != begin->place; });
      ChargePlace(source, {begin, end}, price);
      begin = end;
    }
  }

  void MakeClaims(std::span<const End> consumers) {
    claims_.clear();
    for (const End& end : consumers) {
      if (end.if_kept == end.if_moved) {
        claims_.push_back({end.if_kept, When::kAlways, kNoVertex});
      } else {
        claims_.push_back({end.if_kept, When::kIfKept, end.vertex});
        claims_.push_back({end.if_moved, When::kIfMoved, end.vertex});
      }
    }
    if (claims_.size() < 2) return;
    std::ranges::sort(claims_);
    const auto rest = std::ranges::unique(claims_);
    claims_.erase(rest.begin(), rest.end());
  }

  void ChargePlace(const End& source, std::span<const Claim> claims, std::int64_t price) {
    const bool is_there_if_kept = source.if_kept == claims.front().place;
    const bool is_there_if_moved = source.if_moved == claims.front().place;
    if (is_there_if_kept && is_there_if_moved) return;
    if (claims.front().when == When::kAlways) {
      if (is_there_if_kept) cut_.ChargeMoved(source.vertex, price);
      if (is_there_if_moved) cut_.ChargeKept(source.vertex, price);
      return;
    }
    const auto split = std::ranges::find(claims, When::kIfMoved, &Claim::when);
    if (const std::span kept(claims.begin(), split); !kept.empty()) {
      const MinCut::Vertex any = AnyOf(kept, price);
      if (is_there_if_kept) {
        cut_.ChargeApart(source.vertex, any, price);
      } else {
        cut_.ChargeKept(any, price);
      }
    }
    if (const std::span moved(split, claims.end()); !moved.empty()) {
      const MinCut::Vertex any = AnyOf(moved, price);
      if (is_there_if_moved) {
        cut_.ChargeApart(any, source.vertex, price);
      } else {
        cut_.ChargeMoved(any, price);
      }
    }
  }

  // A vertex that is kept when any of the claims' is, or that moves when any of theirs does, as the claims have it.
  // What is charged for it is not more than the price.
  MinCut::Vertex AnyOf(std::span<const Claim> claims, std::int64_t price) {
    if (claims.size() == 1) return claims.front().vertex;
    const MinCut::Vertex any = cut_.AddVertex();
    for (const Claim& claim : claims) {
      if (claim.when == When::kIfKept) {
        cut_.ChargeApart(any, claim.vertex, price);
      } else {
        cut_.ChargeApart(claim.vertex, any, price);
      }
    }
    return any;
  }

  const Problem& problem_;
  const Groups& groups_;
  const Prices& prices_;
  std::span<const std::int32_t> devices_;
  std::int32_t to_;
  bool has_one_host_;
  MinCut cut_;
  std::vector<MinCut::Vertex> vertices_;  // by group
  bool is_asked_ = false;
  std::vector<End> consumers_;
  std::vector<End> consumer_memories_;
  std::vector<Claim> claims_;
};

// Groups that may move, with the first device that each can have.
std::vector<std::pair<std::size_t, std::int32_t>> FindMovable(const Groups& groups, const Choices& choices,
                                                              const Prices& prices,
                                                              std::span<const std::int32_t> devices) {
  std::vector<std::pair<std::size_t, std::int32_t>> movable;
  for (std::size_t group = 0; group < groups.count(); ++group) {
    if (choices.Asker(group) >= 0 || devices[group] < 0 || prices.IsHeavy(group)) continue;
    if (choices.FirstAfter(group, devices[group]) >= 0) movable.emplace_back(group, devices[group]);
  }
  return movable;
}

std::vector<std::int32_t> ChainFrom(const Problem& problem, std::int32_t device) {
  std::vector<std::int32_t> chain;
  for (; device >= 0; device = problem.devices[static_cast<std::size_t>(device)].next) chain.push_back(device);
  return chain;
}

// The devices of the chain that something could be cheaper on. What would be moved to one that nothing is on costs no
// more on another of the same target, where there is less to send; unless the target refused it there.
std::vector<std::int32_t> FindWorthwhile(const Problem& problem, std::span<const std::int32_t> devices) {
  const auto target_of = [&](std::int32_t device) { return problem.devices[static_cast<std::size_t>(device)].target; };
  std::vector<bool> is_taken(problem.devices.size());
  for (const std::int32_t device : devices) {
    if (device >= 0) is_taken[static_cast<std::size_t>(device)] = true;
  }
  std::vector<bool> refuses(problem.target_count);
  for (const Problem::Veto& veto : problem.vetoes) refuses[target_of(veto.device)] = true;
  std::vector<bool> has_one(problem.target_count);
  std::vector<std::int32_t> chain = ChainFrom(problem, problem.preferred);
  std::erase_if(chain, [&](std::int32_t device) {
    const std::size_t target = target_of(device);
    const bool is_first = !has_one[target];
    has_one[target] = true;
    return !is_first && !is_taken[static_cast<std::size_t>(device)] && !refuses[target];
  });
  return chain;
}

}  // namespace

LeastCut CutLeast(const Problem& problem, const Groups& groups, const Choices& choices, std::int64_t steps) {
  LeastCut cut = {std::vector<std::int32_t>(groups.count()), false};
  for (std::size_t group = 0; group < groups.count(); ++group) cut.devices[group] = choices.First(group);
  const Prices prices(problem, groups);
  const auto movable = FindMovable(groups, choices, prices, cut.devices);
  if (movable.empty()) return cut;
  const std::vector<std::int32_t> chain = FindWorthwhile(problem, cut.devices);
  // Of two devices, what does not go to the second stays on the first.
  const std::size_t most_cuts = chain.size() * (chain.size() == 2 ? 1 : kMostRounds);
  std::int64_t saved = 0;
  // In a row. What was just done, or is the case at first, need not be done again.
  std::size_t in_vain = 0;
  for (std::size_t i = 1; i < most_cuts && in_vain + 1 < chain.size() && !cut.is_cut_short; ++i) {
    const std::int32_t to = chain[i % chain.size()];
    Move move(problem, groups, prices, cut.devices, to);
    for (const auto& [group, first] : movable) {
      if (cut.devices[group] != to && choices.Obstacle(group, to) < 0) move.Ask(group, first);
    }
    auto [moved, is_least] = move.Solve(steps);
    cut.is_cut_short = !is_least;
    const std::int64_t saving = -prices.Change(choices, cut.devices, moved);
    in_vain = saving > saved / kPenny ? 0 : in_vain + 1;
    if (saving <= 0) continue;
    cut.devices = std::move(moved);
    saved += saving;
  }
  return cut;
}

}  // namespace permafrost::devices
