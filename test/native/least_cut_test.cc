// The least cut against every assignment there is, priced by a formula of the test's own.
#include "devices/placement/least_cut.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "placement_graph.h"

namespace permafrost::devices {
namespace {

using test::Kernel;
using test::kKernel;
using test::kNoKernel;
using test::PlacementGraph;

using Assignment = std::vector<std::int32_t>;

// What docs/devices.md says that a placement costs.
class Brute {
 public:
  explicit Brute(const Problem& problem) : problem_(problem), leaders_(problem.kinds_of_nodes.size()) {
    std::iota(leaders_.begin(), leaders_.end(), 0);
    for (std::size_t bond = 0; bond < problem.bond_firsts.size(); ++bond) {
      const std::size_t from = leaders_[Index(problem.bond_firsts[bond])];
      const std::size_t to = leaders_[Index(problem.bond_seconds[bond])];
      std::ranges::replace(leaders_, from, to);
    }
    // Those of its whole group, by node.
    for (std::size_t node = 0; node < leaders_.size(); ++node) {
      std::vector<int> choices = ChoicesOf(node);
      first_.push_back(choices.empty() ? -1 : choices.front());
      if (MustStay(node) && !choices.empty()) choices.resize(1);
      if (choices.empty()) choices = {-1};
      choices_.push_back(choices);
    }
  }

  std::int64_t Price(const Assignment& devices) const {
    std::int64_t price = 0;
    std::map<std::pair<int, int>, std::vector<std::size_t>> tensors;
    for (std::size_t edge = 0; edge < problem_.producers.size(); ++edge) {
      tensors[{problem_.producers[edge], problem_.outputs[edge]}].push_back(edge);
    }
    for (std::size_t node = 0; node < devices.size(); ++node) {
      if (devices[node] == first_[node]) continue;
      price += WorkOf(node) == Work::kFree ? 1 : 4096;
      for (const auto& [output, edges] : tensors) {
        if (static_cast<std::size_t>(output.first) != node || WorkOf(node) == Work::kFree) continue;
        price += static_cast<std::int64_t>(problem_.bytes[edges.front()]) / 16;
      }
    }
    for (const auto& [output, edges] : tensors) {
      const auto producer = static_cast<std::size_t>(output.first);
      if (devices[producer] < 0) continue;
      std::set<int> sent, moved;
      for (const std::size_t edge : edges) {
        const auto consumer = static_cast<std::size_t>(problem_.consumers[edge]);
        if (devices[consumer] < 0) continue;
        sent.insert(devices[consumer]);
        moved.insert(Memory(consumer, devices[consumer], true, static_cast<std::size_t>(problem_.inputs[edge])));
      }
      sent.erase(devices[producer]);
      moved.erase(Memory(producer, devices[producer], false, static_cast<std::size_t>(output.second)));
      price += 65536 * static_cast<std::int64_t>(sent.size()) +
               static_cast<std::int64_t>(problem_.bytes[edges.front()]) * static_cast<std::int64_t>(moved.size());
    }
    return price;
  }

  std::int64_t FallbackPrice() const { return Price(first_); }

  // Whether nodes of one group are asked to be on two devices.
  bool IsContradictory() const {
    for (std::size_t node = 0; node < leaders_.size(); ++node) {
      for (const std::size_t other : GroupOf(node)) {
        if (problem_.asked[node] >= 0 && problem_.asked[other] >= 0 && problem_.asked[node] != problem_.asked[other]) {
          return true;
        }
      }
    }
    return false;
  }

  // The least price, and the most nodes that are on their first devices for it.
  std::pair<std::int64_t, int> Best() const {
    std::pair best(std::numeric_limits<std::int64_t>::max(), 0);
    Assignment devices(choices_.size());
    std::vector<std::size_t> odometer(choices_.size());
    for (;;) {
      for (std::size_t i = 0; i < devices.size(); ++i) devices[i] = choices_[i][odometer[leaders_[i]]];
      const std::pair now(Price(devices), -CountFirst(devices));
      if (now < best) best = now;
      std::size_t digit = 0;
      // Others than leaders have one place, as if they had no choice.
      while (digit < odometer.size() && ++odometer[digit] == (IsLeader(digit) ? choices_[digit].size() : 1)) {
        odometer[digit++] = 0;
      }
      if (digit == odometer.size()) return {best.first, -best.second};
    }
  }

  int CountFirst(const Assignment& devices) const {
    int count = 0;
    for (std::size_t i = 0; i < devices.size(); ++i) count += devices[i] == first_[i] ? 1 : 0;
    return count;
  }

 private:
  Work WorkOf(std::size_t node) const { return problem_.work[Kind(node)]; }
  static std::size_t Index(std::int32_t node) { return static_cast<std::size_t>(node); }
  bool IsLeader(std::size_t node) const { return leaders_[node] == node; }
  std::size_t Kind(std::size_t node) const { return static_cast<std::size_t>(problem_.kinds_of_nodes[node]); }

  // -1: the host's.
  int Memory(std::size_t node, int device, bool is_input, std::size_t port) const {
    const Device& at = problem_.devices[static_cast<std::size_t>(device)];
    const KernelAnswer& answer = problem_.answers[Kind(node) * problem_.target_count + at.target];
    const auto& in_host = is_input ? answer.host_inputs : answer.host_outputs;
    return at.is_host || (port < in_host.size() && in_host[port]) ? -1 : device;
  }

  std::vector<std::size_t> GroupOf(std::size_t node) const {
    std::vector<std::size_t> group;
    for (std::size_t other = 0; other < leaders_.size(); ++other) {
      if (leaders_[other] == leaders_[node]) group.push_back(other);
    }
    return group;
  }

  bool MustStay(std::size_t node) const {
    const auto group = GroupOf(node);
    return std::ranges::any_of(
        group, [this](std::size_t each) { return problem_.asked[each] >= 0 || WorkOf(each) == Work::kHeavy; });
  }

  std::vector<int> ChoicesOf(std::size_t node) const {
    const auto group = GroupOf(node);
    int start = problem_.preferred;
    for (const std::size_t each : group) start = problem_.asked[each] >= 0 ? problem_.asked[each] : start;
    std::vector<int> choices;
    for (int device = start; device >= 0; device = problem_.devices[static_cast<std::size_t>(device)].next) {
      const std::size_t target = problem_.devices[static_cast<std::size_t>(device)].target;
      const auto has_kernel = [&](std::size_t each) {
        return problem_.answers[Kind(each) * problem_.target_count + target].state == KernelState::kExists;
      };
      if (std::ranges::all_of(group, has_kernel)) choices.push_back(device);
    }
    return choices;
  }

  const Problem& problem_;
  // By node: a node that all of its group have in common.
  std::vector<std::size_t> leaders_;
  std::vector<std::vector<int>> choices_;
  Assignment first_;
};

class RandomGraphs {
 public:
  explicit RandomGraphs(std::uint32_t seed) : random_(seed) {}

  PlacementGraph Make(const std::vector<bool>& are_hosts, int most_nodes, int most_bonds = 0) {
    PlacementGraph graph(are_hosts);
    const int kinds = Below(5) + 2;
    for (int i = 0; i < kinds; ++i) {
      std::vector<Kernel> kernels;
      for (std::size_t device = 0; device < are_hosts.size(); ++device) kernels.push_back(RandomKernel());
      graph.AddKind("Op" + std::to_string(i), kernels, static_cast<Work>(std::max(0, Below(7) - 4)));
    }
    const int nodes = Below(most_nodes) + 1;
    for (int i = 0; i < nodes; ++i) {
      graph.AddNode(Below(kinds), Below(5) == 0 ? Below(static_cast<int>(are_hosts.size())) : -1);
    }
    for (int i = most_bonds > 0 ? Below(most_bonds + 1) : 0; i > 0; --i) graph.Bind(Below(nodes), Below(nodes));
    // One tensor, one size.
    std::map<std::pair<int, int>, double> bytes;
    for (int i = Below(2 * nodes + 1); i > 0; --i) {
      const int producer = Below(nodes), output = Below(2);
      const double size = static_cast<double>(Below(3) == 0 ? Below(9) * 40000 : Below(3) * 700);
      graph.AddEdge(producer, Below(nodes), bytes.try_emplace({producer, output}, size).first->second, output,
                    Below(3));
    }
    return graph;
  }

 private:
  int Below(int end) { return static_cast<int>(random_() % static_cast<std::uint32_t>(end)); }

  Kernel RandomKernel() {
    if (Below(4) == 0) return kNoKernel;
    Kernel kernel = kKernel;
    kernel.host_inputs = {Below(3) == 0, Below(3) == 0, false};
    kernel.host_outputs = {Below(3) == 0, false};
    return kernel;
  }

  std::mt19937 random_;
};

void ExpectLeast(const std::vector<bool>& are_hosts, std::uint32_t seed, int graphs, int most_bonds = 0) {
  RandomGraphs random(seed);
  int joined = 0, contradictory = 0;
  for (int i = 0; i < graphs; ++i) {
    PlacementGraph graph = random.Make(are_hosts, 9, most_bonds);
    const Brute brute(graph.problem());
    const auto outcome = Place(graph.problem());
    ASSERT_EQ(std::holds_alternative<Contradiction>(outcome), brute.IsContradictory()) << "graph " << i;
    contradictory += brute.IsContradictory() ? 1 : 0;
    if (brute.IsContradictory()) continue;
    const auto& placement = std::get<Placement>(outcome);
    const auto [price, kept] = brute.Best();
    ASSERT_EQ(brute.Price(placement.devices), price) << "graph " << i;
    ASSERT_EQ(brute.CountFirst(placement.devices), kept) << "graph " << i;
    ASSERT_FALSE(placement.is_cut_short);
    joined += price < brute.FallbackPrice() ? 1 : 0;
  }
  // The graphs were worth asking about.
  EXPECT_GT(joined, graphs / 20);
  EXPECT_EQ(contradictory > graphs / 100, most_bonds > 0);
}

TEST(LeastCutTest, NothingIsCheaperForAnAcceleratorAndAHost) { ExpectLeast({false, true}, 1, 4000); }
TEST(LeastCutTest, NothingIsCheaperForAHostAndAnAccelerator) { ExpectLeast({true, false}, 2, 4000); }
TEST(LeastCutTest, NothingIsCheaperForTwoHosts) { ExpectLeast({true, true}, 3, 2000); }
TEST(LeastCutTest, NothingIsCheaperForBoundNodes) { ExpectLeast({false, true}, 5, 6000, 5); }
TEST(LeastCutTest, NothingIsCheaperForBoundNodesOnTwoHosts) { ExpectLeast({true, true}, 6, 3000, 5); }

// No more is promised of more devices than that nothing becomes dearer; how close it comes is held here all the same.
TEST(LeastCutTest, IsHardlyEverDearerThanTheLeastForThreeDevices) {
  RandomGraphs random(4);
  constexpr int kGraphs = 2000;
  int least = 0;
  for (int i = 0; i < kGraphs; ++i) {
    PlacementGraph graph = random.Make({false, false, true}, 7);
    const Brute brute(graph.problem());
    const std::int64_t price = brute.Price(graph.Place().devices);
    const std::int64_t best = brute.Best().first;
    ASSERT_GE(price, best) << "graph " << i;
    ASSERT_LE(price, brute.FallbackPrice()) << "graph " << i;
    least += price == best ? 1 : 0;
  }
  RecordProperty("least", least);
  EXPECT_GE(least, kGraphs * 97 / 100);
}

// More devices of the first one's target, which nothing is on, change nothing; nor do they take steps.
TEST(LeastCutTest, EmptyDevicesOfOneTargetAreNotTried) {
  RandomGraphs random(8);
  for (int i = 0; i < 500; ++i) {
    PlacementGraph graph = random.Make({false, true}, 9);
    const Problem& one = graph.problem();
    Problem many = one;
    for (std::int32_t next = 1; many.devices.size() < 100; next = many.devices.front().next) {
      many.devices.push_back({many.devices.front().target, false, next});
      many.devices.front().next = static_cast<std::int32_t>(many.devices.size() - 1);
    }
    const auto cut = [](const Problem& problem, std::int64_t steps) {
      const Groups groups(problem);
      const auto askers = std::get<std::vector<std::int32_t>>(FindAsked(problem, groups));
      return CutLeast(problem, groups, Choices(problem, groups, askers), steps);
    };
    std::int64_t steps = 0;
    while (cut(one, steps).is_cut_short) ++steps;
    const LeastCut of_many = cut(many, steps);
    ASSERT_FALSE(of_many.is_cut_short) << "graph " << i;
    ASSERT_EQ(of_many.devices, cut(one, steps).devices) << "graph " << i;
  }
}

// However soon the search ends, what it found is no dearer than nothing, and some of what the whole search moves.
TEST(LeastCutTest, EndsAnywhereWithPartOfTheLeast) {
  RandomGraphs random(7);
  int parts = 0;
  for (int i = 0; i < 300; ++i) {
    PlacementGraph graph = random.Make({false, true}, 60);
    const Problem& problem = graph.problem();
    const Brute brute(problem);
    const Groups groups(problem);
    const std::vector<std::int32_t> askers = std::get<0>(FindAsked(problem, groups));
    const Choices choices(problem, groups, askers);
    const LeastCut whole = CutLeast(problem, groups, choices);
    ASSERT_FALSE(whole.is_cut_short);
    bool is_short = true;
    for (std::int64_t steps = 0; is_short; steps += 1 + steps / 16) {
      const LeastCut cut = CutLeast(problem, groups, choices, steps);
      is_short = cut.is_cut_short;
      ASSERT_LE(brute.Price(cut.devices), brute.FallbackPrice()) << "graph " << i << ", steps " << steps;
      for (std::size_t node = 0; node < cut.devices.size(); ++node) {
        const std::int32_t first = choices.First(node);
        ASSERT_TRUE(cut.devices[node] == first || cut.devices[node] == whole.devices[node]);
      }
      parts += is_short && brute.CountFirst(cut.devices) < static_cast<int>(cut.devices.size()) ? 1 : 0;
      ASSERT_TRUE(is_short || cut.devices == whole.devices);
    }
  }
  EXPECT_GT(parts, 100);
}

// Free nodes everywhere, and few that must be somewhere: flow has far to go, and much of it comes back.
TEST(LeastCutTest, AHardGridEnds) {
  constexpr std::int32_t kWidth = 1000;
  std::mt19937 random(5);
  PlacementGraph graph({false, true});
  const std::int32_t host = graph.AddKind("Host", {kNoKernel, kKernel});
  const std::int32_t heavy = graph.AddKind("Heavy", {kKernel, kKernel}, Work::kHeavy);
  const std::int32_t free = graph.AddKind("Free", {kKernel, kKernel}, Work::kFree);
  for (std::int32_t i = 0; i < kWidth * kWidth; ++i) {
    const auto draw = random() % 100;
    graph.AddNode(draw == 0 ? host : draw == 1 ? heavy : free);
    if (i % kWidth > 0) graph.AddEdge(i - 1, i);
    if (i >= kWidth) graph.AddEdge(i - kWidth, i, 0, 0, 1);
  }
  EXPECT_TRUE(graph.Place().is_cut_short);
}

// Every node of one side feeds many of the other.
TEST(LeastCutTest, ADenseGraphOfTwoSidesEnds) {
  constexpr std::int32_t kSide = 20000;
  std::mt19937 random(6);
  PlacementGraph graph({false, true});
  const std::int32_t host = graph.AddKind("Host", {kNoKernel, kKernel});
  const std::int32_t heavy = graph.AddKind("Heavy", {kKernel, kKernel}, Work::kHeavy);
  const std::int32_t free = graph.AddKind("Free", {kKernel, kKernel}, Work::kFree);
  for (std::int32_t i = 0; i < 2 * kSide; ++i) {
    const auto draw = random() % 100;
    graph.AddNode(draw == 0 ? host : draw == 1 ? heavy : free);
    for (std::int32_t k = 0; i >= kSide && k < 20; ++k) {
      graph.AddEdge(static_cast<std::int32_t>(random() % kSide), i, 0, 0, k);
    }
  }
  EXPECT_EQ(graph.Place().devices.size(), 2u * kSide);
}

// Centres in a row, each with leaves around it.
TEST(LeastCutTest, AChainOfStarsEnds) {
  std::mt19937 random(8);
  PlacementGraph graph({false, true});
  const std::int32_t host = graph.AddKind("Host", {kNoKernel, kKernel});
  const std::int32_t heavy = graph.AddKind("Heavy", {kKernel, kKernel}, Work::kHeavy);
  const std::int32_t free = graph.AddKind("Free", {kKernel, kKernel}, Work::kFree);
  std::int32_t last = graph.AddNode(host);
  for (std::int32_t i = 0; i < 20000; ++i) {
    const std::int32_t centre = graph.AddNode(free);
    graph.AddEdge(last, centre, 1000);
    for (auto leaf = static_cast<std::int32_t>(random() % 20); leaf > 0; --leaf) {
      const auto draw = random() % 50;
      const std::int32_t node = graph.AddNode(draw == 0 ? host : draw == 1 ? heavy : free);
      if (random() % 2 == 0) {
        graph.AddEdge(centre, node, 5000);
      } else {
        graph.AddEdge(node, centre, 3000, 0, leaf);
      }
    }
    last = centre;
  }
  EXPECT_FALSE(graph.Place().is_cut_short);
}

}  // namespace
}  // namespace permafrost::devices
