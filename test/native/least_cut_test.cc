// The least cut against every assignment there is, priced by a formula of the test's own.
#include "devices/placement/least_cut.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "placement_graph.h"

namespace permafrost::devices {
namespace {

using test::Kernel;
using test::kKernel;
using test::kNoKernel;
using test::PlacementGraph;

using Assignment = std::vector<std::int32_t>;

// What docs/devices.md says that a placement costs, of graphs whose nodes are groups of their own.
class Brute {
 public:
  explicit Brute(const Problem& problem) : problem_(problem) {
    for (std::size_t node = 0; node < problem.kinds_of_nodes.size(); ++node) {
      choices_.push_back(ChoicesOf(node));
      first_.push_back(choices_.back().empty() ? -1 : choices_.back().front());
      if (problem.asked[node] >= 0 || WorkOf(node) == Work::kHeavy) choices_.back().resize(first_.back() < 0 ? 0 : 1);
      if (choices_.back().empty()) choices_.back() = {-1};
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

  // The least price, and the most nodes that are on their first devices for it.
  std::pair<std::int64_t, int> Best() const {
    std::pair best(std::numeric_limits<std::int64_t>::max(), 0);
    Assignment devices(choices_.size());
    std::vector<std::size_t> odometer(choices_.size());
    for (;;) {
      for (std::size_t i = 0; i < devices.size(); ++i) devices[i] = choices_[i][odometer[i]];
      const std::pair now(Price(devices), -CountFirst(devices));
      if (now < best) best = now;
      std::size_t digit = 0;
      while (digit < odometer.size() && ++odometer[digit] == choices_[digit].size()) odometer[digit++] = 0;
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
  std::size_t Kind(std::size_t node) const { return static_cast<std::size_t>(problem_.kinds_of_nodes[node]); }

  // -1: the host's.
  int Memory(std::size_t node, int device, bool is_input, std::size_t port) const {
    const Device& at = problem_.devices[static_cast<std::size_t>(device)];
    const KernelAnswer& answer = problem_.answers[Kind(node) * problem_.target_count + at.target];
    const auto& in_host = is_input ? answer.host_inputs : answer.host_outputs;
    return at.is_host || (port < in_host.size() && in_host[port]) ? -1 : device;
  }

  std::vector<int> ChoicesOf(std::size_t node) const {
    std::vector<int> choices;
    const int start = problem_.asked[node] >= 0 ? problem_.asked[node] : problem_.preferred;
    for (int device = start; device >= 0; device = problem_.devices[static_cast<std::size_t>(device)].next) {
      const std::size_t target = problem_.devices[static_cast<std::size_t>(device)].target;
      const KernelAnswer& answer = problem_.answers[Kind(node) * problem_.target_count + target];
      if (answer.state == KernelState::kExists) choices.push_back(device);
    }
    return choices;
  }

  const Problem& problem_;
  std::vector<std::vector<int>> choices_;
  Assignment first_;
};

class RandomGraphs {
 public:
  explicit RandomGraphs(std::uint32_t seed) : random_(seed) {}

  PlacementGraph Make(const std::vector<bool>& are_hosts, int most_nodes) {
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

void ExpectLeast(const std::vector<bool>& are_hosts, std::uint32_t seed, int graphs) {
  RandomGraphs random(seed);
  int joined = 0;
  for (int i = 0; i < graphs; ++i) {
    PlacementGraph graph = random.Make(are_hosts, 9);
    const Brute brute(graph.problem());
    const Placement placement = graph.Place();
    const auto [price, kept] = brute.Best();
    ASSERT_EQ(brute.Price(placement.devices), price) << "graph " << i;
    ASSERT_EQ(brute.CountFirst(placement.devices), kept) << "graph " << i;
    joined += price < brute.FallbackPrice() ? 1 : 0;
  }
  // The graphs were worth asking about.
  EXPECT_GT(joined, graphs / 20);
}

TEST(LeastCutTest, NothingIsCheaperForAnAcceleratorAndAHost) { ExpectLeast({false, true}, 1, 4000); }
TEST(LeastCutTest, NothingIsCheaperForAHostAndAnAccelerator) { ExpectLeast({true, false}, 2, 4000); }
TEST(LeastCutTest, NothingIsCheaperForTwoHosts) { ExpectLeast({true, true}, 3, 2000); }

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

}  // namespace
}  // namespace permafrost::devices
