#include "devices/placement/least_cut.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <tuple>
#include <utility>

#include "devices/placement/memory.h"
#include "devices/placement/min_cut.h"
#include "devices/placement/prices.h"

namespace permafrost::devices {

namespace {

constexpr MinCut::Vertex kNoVertex = -1;

// Every round makes the placement cheaper, and the first nearly all of it; this only ends what would go on for pennies.
constexpr int kMostRounds = 8;

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

  auto Key() const { return std::tuple(place, when, vertex); }
};

std::vector<Claim> ClaimsOf(std::span<const End> consumers) {
  std::vector<Claim> claims;
  for (const End& end : consumers) {
    if (end.if_kept == end.if_moved) {
      claims.push_back({end.if_kept, When::kAlways, kNoVertex});
    } else {
      claims.push_back({end.if_kept, When::kIfKept, end.vertex});
      claims.push_back({end.if_moved, When::kIfMoved, end.vertex});
    }
  }
  std::ranges::sort(claims, {}, &Claim::Key);
  const auto rest = std::ranges::unique(claims, {}, &Claim::Key);
  claims.erase(rest.begin(), rest.end());
  return claims;
}

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
        vertices_(devices.size(), -1) {}

  // Asks the group. `first`: the first device that it can have.
  void Ask(std::size_t group, std::int32_t first) {
    const MinCut::Vertex vertex = cut_.AddVertex();
    vertices_[group] = vertex;
    if (devices_[group] == first) cut_.ChargeMoved(vertex, prices_.Leaving(group));
    if (to_ == first) cut_.ChargeKept(vertex, prices_.Leaving(group));
    is_asked_ = true;
  }

  // By group, where it is then.
  std::vector<std::int32_t> Solve() {
    std::vector<std::int32_t> devices(devices_.begin(), devices_.end());
    if (!is_asked_) return devices;
    for (std::size_t tensor = 0; tensor < prices_.tensor_count(); ++tensor) ChargeTensor(tensor);
    const std::vector<bool> moves = cut_.Solve();
    for (std::size_t group = 0; group < devices.size(); ++group) {
      if (vertices_[group] != kNoVertex && moves[static_cast<std::size_t>(vertices_[group])]) devices[group] = to_;
    }
    return devices;
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
    ChargeTransfers(source, consumers_, kCrossingPrice);
    const End source_memory = {SourceMemory(problem_, first, source.if_kept),
                               SourceMemory(problem_, first, source.if_moved), source.vertex};
    ChargeTransfers(source_memory, consumer_memories_, prices_.Moving(tensor));
  }

  // The price, for each place where consumers are and the source is not.
  void ChargeTransfers(const End& source, std::span<const End> consumers, std::int64_t price) {
    if (price == 0) return;
    const std::vector<Claim> claims = ClaimsOf(consumers);
    for (auto begin = claims.begin(); begin != claims.end();) {
      const auto end =
          std::find_if(begin, claims.end(), [&](const Claim& claim) { return claim.place != begin->place; });
      ChargePlace(source, {begin, end}, price);
      begin = end;
    }
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
  MinCut cut_;
  std::vector<MinCut::Vertex> vertices_;  // by group
  bool is_asked_ = false;
  std::vector<End> consumers_;
  std::vector<End> consumer_memories_;
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

// Whether the first cut is the last, as there is one device to go to.
bool AreTwo(const Problem& problem) {
  const auto next = [&problem](std::int32_t device) { return problem.devices[static_cast<std::size_t>(device)].next; };
  return next(problem.preferred) >= 0 && next(next(problem.preferred)) < 0;
}

}  // namespace

std::vector<std::int32_t> CutLeast(const Problem& problem, const Groups& groups, const Choices& choices) {
  std::vector<std::int32_t> devices(groups.count());
  for (std::size_t group = 0; group < groups.count(); ++group) devices[group] = choices.First(group);
  const Prices prices(problem, groups);
  const auto movable = FindMovable(groups, choices, prices, devices);
  if (movable.empty()) return devices;
  std::int64_t total = prices.Total(choices, devices);
  const int most_rounds = AreTwo(problem) ? 1 : kMostRounds;
  bool is_cheaper = true;
  for (int round = 0; round < most_rounds && is_cheaper; ++round) {
    is_cheaper = false;
    for (std::int32_t to = problem.preferred; to >= 0; to = problem.devices[static_cast<std::size_t>(to)].next) {
      Move move(problem, groups, prices, devices, to);
      for (const auto& [group, first] : movable) {
        if (devices[group] != to && choices.Obstacle(group, to) < 0) move.Ask(group, first);
      }
      std::vector<std::int32_t> moved = move.Solve();
      const std::int64_t price = prices.Total(choices, moved);
      if (price >= total) continue;
      devices = std::move(moved);
      total = price;
      is_cheaper = true;
    }
  }
  return devices;
}

}  // namespace permafrost::devices
