// Placements of graphs that were placed by hand.
#include "devices/placement/placement.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "devices/op_work.h"
#include "devices/placement/check_problem.h"
#include "devices/placement/crossings.h"
#include "devices/placement/groups.h"
#include "placement_graph.h"

namespace permafrost::devices {
namespace {

using test::Kernel;
using test::kKernel;
using test::kNoKernel;
using test::kUnknown;
using test::PlacementGraph;

using Numbers = std::vector<std::int32_t>;
using Causes = std::vector<Cause>;

// An accelerator, 0, and a host, 1.
class PlacementTest : public ::testing::Test {
 protected:
  PlacementGraph graph_ = PlacementGraph({false, true});
  std::int32_t both_ = graph_.AddKind("Both", {kKernel, kKernel});
  std::int32_t heavy_ = graph_.AddKind("Heavy", {kKernel, kKernel}, Work::kHeavy);
  std::int32_t host_ = graph_.AddKind("Host", {kNoKernel, kKernel});
  std::int32_t accelerator_ = graph_.AddKind("Accelerator", {kKernel, kNoKernel});
  std::int32_t unknown_ = graph_.AddKind("Unknown", {kUnknown, kUnknown});
  std::int32_t foreign_ = graph_.AddKind("Foreign", {kUnknown, kKernel});
};

TEST_F(PlacementTest, AnOpWithoutKernelGoesToTheNextDevice) {
  graph_.AddNode(both_);
  graph_.AddNode(host_);
  graph_.AddNode(foreign_);
  const Placement placement = graph_.Place();
  EXPECT_EQ(placement.devices, (Numbers{0, 1, 1}));
  EXPECT_EQ(placement.causes, (Causes{Cause::kAsAsked, Cause::kNoKernel, Cause::kNoKernel}));
  EXPECT_EQ(placement.reasons_of_nodes, (Numbers{-1, 0, 1}));
  EXPECT_EQ(placement.reasons, (std::vector<std::string>{"no Host on 0", "no Foreign on 0"}));
}

TEST_F(PlacementTest, BoundNodesGoTogetherAndNameWhoseDoingItIs) {
  graph_.AddNode(both_);
  graph_.AddNode(both_);
  graph_.AddNode(host_);
  graph_.Bind(2, 1);
  graph_.Bind(1, 0);
  const Placement placement = graph_.Place();
  EXPECT_EQ(placement.devices, (Numbers{1, 1, 1}));
  EXPECT_EQ(placement.causes, (Causes{Cause::kBond, Cause::kBond, Cause::kNoKernel}));
  EXPECT_EQ(placement.culprits, (Numbers{2, 2, -1}));
  EXPECT_EQ(placement.reasons_of_nodes, (Numbers{0, 0, 0}));
  EXPECT_EQ(placement.reasons, (std::vector<std::string>{"no Host on 0"}));
}

// Three devices, of which the first node lacks the second and the other the first: it left the first for the other's
// sake.
TEST_F(PlacementTest, ABoundNodeIsToldWhyItIsNotWhereItWasWanted) {
  PlacementGraph graph({false, false, true});
  graph.AddNode(graph.AddKind("NotOnTheSecond", {kKernel, kNoKernel, kKernel}));
  graph.AddNode(graph.AddKind("NotOnTheFirst", {kNoKernel, kKernel, kKernel}));
  graph.Bind(0, 1);
  const Placement placement = graph.Place();
  EXPECT_EQ(placement.devices, (Numbers{2, 2}));
  EXPECT_EQ(placement.causes, (Causes{Cause::kBond, Cause::kNoKernel}));
  EXPECT_EQ(placement.culprits, (Numbers{1, -1}));
  EXPECT_EQ(placement.reasons, (std::vector<std::string>{"no NotOnTheFirst on 0"}));
}

TEST_F(PlacementTest, OneThatIsAskedTakesTheOthersAlong) {
  graph_.AddNode(both_);
  graph_.AddNode(both_, 1);
  graph_.Bind(0, 1);
  const Placement placement = graph_.Place();
  EXPECT_EQ(placement.devices, (Numbers{1, 1}));
  EXPECT_EQ(placement.causes, (Causes{Cause::kBond, Cause::kAsAsked}));
  EXPECT_EQ(placement.culprits, (Numbers{1, -1}));
  EXPECT_EQ(placement.reasons, (std::vector<std::string>{"a rule asks for it"}));
}

TEST_F(PlacementTest, NoDeviceIsLeftForTwoThatWantDifferentOnes) {
  graph_.AddNode(accelerator_);
  graph_.AddNode(host_);
  graph_.AddNode(both_);
  graph_.Bind(0, 1);
  graph_.Bind(1, 2);
  const Placement placement = graph_.Place();
  EXPECT_EQ(placement.devices, (Numbers{-1, -1, -1}));
  EXPECT_EQ(placement.causes, (Causes{Cause::kNowhere, Cause::kNowhere, Cause::kBond}));
  EXPECT_EQ(placement.reasons, (std::vector<std::string>{"no Accelerator on 1", "no Host on 0"}));
  EXPECT_EQ(placement.culprits, (Numbers{-1, -1, 1}));
}

TEST_F(PlacementTest, AnUnknownOpIsLeftOpenUnlessARuleAsks) {
  graph_.AddNode(unknown_);
  graph_.AddNode(both_);
  graph_.AddNode(unknown_, 0);
  graph_.Bind(0, 1);
  const Placement placement = graph_.Place();
  EXPECT_EQ(placement.devices, (Numbers{-1, -1, 0}));
  EXPECT_EQ(placement.causes, (Causes{Cause::kNowhere, Cause::kBond, Cause::kAsAsked}));
  EXPECT_EQ(placement.reasons, (std::vector<std::string>{"op Unknown is unknown"}));
}

TEST_F(PlacementTest, ARefusedNodeGoesToTheNextDevice) {
  graph_.AddNode(heavy_);
  graph_.AddNode(heavy_);
  graph_.Veto(1, 0, "too large");
  const Placement placement = graph_.Place();
  EXPECT_EQ(placement.devices, (Numbers{0, 1}));
  EXPECT_EQ(placement.causes, (Causes{Cause::kAsAsked, Cause::kVeto}));
  EXPECT_EQ(placement.reasons, (std::vector<std::string>{"too large"}));
}

TEST_F(PlacementTest, WithoutPreferenceNodesAreLeftOpen) {
  graph_.AddNode(both_);
  graph_.AddNode(host_, 0);
  graph_.Prefer(-1);
  const Placement placement = graph_.Place();
  EXPECT_EQ(placement.devices, (Numbers{-1, 1}));
  EXPECT_EQ(placement.causes, (Causes{Cause::kAsAsked, Cause::kNoKernel}));
}

TEST_F(PlacementTest, AContradictionSaysHowTheNodesAreBound) {
  for (int i = 0; i < 6; ++i) graph_.AddNode(both_, i == 0 ? 0 : i == 5 ? 1 : -1);
  for (const auto& [first, second] : std::vector<std::pair<int, int>>{{1, 0}, {1, 2}, {2, 3}, {3, 5}, {4, 1}, {5, 4}}) {
    graph_.Bind(first, second);
  }
  const auto outcome = Place(graph_.problem());
  const auto& contradiction = std::get<Contradiction>(outcome);
  EXPECT_EQ(contradiction.first, 0);
  EXPECT_EQ(contradiction.second, 5);
  EXPECT_EQ(contradiction.path, (Numbers{0, 1, 4, 5}));
}

// Two crossings of 64 KiB are saved for 4 KiB and a 16th of the bytes; never for a heavy op, nor where a rule asks.
TEST_F(PlacementTest, AnIslandJoinsItsNeighboursUnlessItIsHeavyOrAsked) {
  for (const std::int32_t node : {graph_.AddNode(both_), graph_.AddNode(heavy_), graph_.AddNode(both_, 0)}) {
    graph_.AddEdge(graph_.AddNode(host_), node, 1000);
    graph_.AddEdge(node, graph_.AddNode(host_), 1000);
  }
  const Placement placement = graph_.Place();
  EXPECT_EQ(placement.devices, (Numbers{1, 0, 0, 1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(placement.causes.front(), Cause::kJoined);
  EXPECT_EQ(FindCrossings(graph_.problem(), placement.devices), (std::vector<std::uint8_t>{0, 0, 3, 3, 3, 3}));
}

// Three devices: the node has no kernel on the first, and leaves the second to save crossings.
TEST_F(PlacementTest, OneThatJoinsSaysFirstWhatItHasNoKernelFor) {
  PlacementGraph graph({false, false, true});
  const std::int32_t host = graph.AddKind("Host", {kNoKernel, kNoKernel, kKernel});
  const std::int32_t free = graph.AddKind("Free", {kKernel, kKernel, kKernel}, Work::kFree);
  const std::int32_t later = graph.AddKind("Later", {kNoKernel, kKernel, kKernel}, Work::kFree);
  for (const std::int32_t node : {graph.AddNode(later), graph.AddNode(free)}) {
    graph.AddEdge(graph.AddNode(host), node, 1000);
    graph.AddEdge(node, graph.AddNode(host), 1000);
  }
  const Placement placement = graph.Place();
  EXPECT_EQ(placement.devices, (Numbers{2, 2, 2, 2, 2, 2}));
  EXPECT_EQ(placement.causes[0], Cause::kNoKernel);
  EXPECT_EQ(placement.causes[1], Cause::kJoined);
  EXPECT_EQ(placement.reasons.at(static_cast<std::size_t>(placement.reasons_of_nodes[0])), "no Later on 0");
}

TEST_F(PlacementTest, HostArgumentsCrossMemoriesOnOneDevice) {
  const std::int32_t host_input =
      graph_.AddKind("HostInput", {{KernelState::kExists, {true}, {}}, kKernel}, Work::kHeavy);
  graph_.AddEdge(graph_.AddNode(heavy_), graph_.AddNode(host_input), 8);
  EXPECT_EQ(FindCrossings(graph_.problem(), graph_.Place().devices), (std::vector<std::uint8_t>{kCrossesMemories}));
}

// A chain of free nodes between two hosts: 2 * 65536 are saved for 1 a node.
TEST_F(PlacementTest, AChainJoinsAsLongAsItCostsLess) {
  for (const std::int32_t length : {131071, 131072}) {
    PlacementGraph chain({false, true});
    const std::int32_t host = chain.AddKind("Host", {kNoKernel, kKernel});
    const std::int32_t free = chain.AddKind("Free", {kKernel, kKernel}, Work::kFree);
    std::int32_t last = chain.AddNode(host);
    for (std::int32_t i = 0; i <= length; ++i) {
      const std::int32_t node = chain.AddNode(i < length ? free : host);
      chain.AddEdge(last, node);
      last = node;
    }
    Numbers expected(static_cast<std::size_t>(length) + 2, length < 131072 ? 1 : 0);
    expected.front() = expected.back() = 1;
    EXPECT_EQ(chain.Place().devices, expected);
  }
}

// One tensor is sent to a device once, so 200,000 readers draw no more than one.
TEST_F(PlacementTest, AStarCostsOneCrossing) {
  const std::int32_t centre = graph_.AddNode(both_);
  for (int i = 0; i < 200000; ++i) graph_.AddEdge(centre, graph_.AddNode(host_));
  graph_.AddEdge(centre, graph_.AddNode(heavy_));
  graph_.AddEdge(graph_.AddNode(heavy_), centre);
  EXPECT_EQ(graph_.Place().devices.front(), 0);
}

TEST_F(PlacementTest, AGridOfIslandsJoins) {
  constexpr std::int32_t kWidth = 300;
  for (std::int32_t i = 0; i < kWidth * kWidth; ++i) {
    graph_.AddNode((i % kWidth + i / kWidth) % 2 == 0 ? host_ : both_);
    if (i % kWidth > 0) graph_.AddEdge(i - 1, i);
    if (i >= kWidth) graph_.AddEdge(i - kWidth, i, 0, 0, 1);
  }
  EXPECT_EQ(graph_.Place().devices, Numbers(kWidth * kWidth, 1));
}

TEST_F(PlacementTest, JunkSizesAreTakenForNoneOrTheMost) {
  for (const double bytes :
       {std::numeric_limits<double>::quiet_NaN(), -1e300, 1e300, std::numeric_limits<double>::infinity()}) {
    PlacementGraph graph({false, true});
    const std::int32_t host = graph.AddNode(graph.AddKind("Host", {kNoKernel, kKernel}));
    graph.AddEdge(host, graph.AddNode(graph.AddKind("Both", {kKernel, kKernel})), bytes);
    EXPECT_EQ(graph.Place().devices, (Numbers{1, 1}));
  }
}

// Groups against the closure of the bonds, computed naively.
TEST(GroupsTest, AreTheClosureOfTheBonds) {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    PlacementGraph graph({true});
    const std::int32_t kind = graph.AddKind("Op", {kKernel});
    const auto nodes = static_cast<std::int32_t>(random() % 12 + 1);
    for (std::int32_t i = 0; i < nodes; ++i) graph.AddNode(kind);
    Numbers labels(static_cast<std::size_t>(nodes));
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::int32_t>(i);
    for (auto bonds = random() % 10; bonds > 0; --bonds) {
      const std::size_t first = random() % labels.size(), second = random() % labels.size();
      graph.Bind(static_cast<std::int32_t>(first), static_cast<std::int32_t>(second));
      const std::int32_t from = labels[first], to = labels[second];
      for (std::int32_t& label : labels) label = label == from ? to : label;
    }
    const Groups groups(graph.problem());
    for (std::int32_t i = 0; i < nodes; ++i) {
      for (std::int32_t j = 0; j < nodes; ++j) {
        ASSERT_EQ(groups.Of(i) == groups.Of(j),
                  labels[static_cast<std::size_t>(i)] == labels[static_cast<std::size_t>(j)]);
      }
    }
  }
}

class CheckProblemTest : public ::testing::Test {
 protected:
  CheckProblemTest() {
    problem_.devices = {{0, false, 1}, {0, true, -1}};
    problem_.target_count = 1;
    problem_.kinds.resize(1);
    problem_.work.resize(1);
    problem_.kinds_of_nodes = zeros_;
    problem_.asked = zeros_;
    problem_.producers = problem_.outputs = problem_.consumers = problem_.inputs = zeros_;
    problem_.bytes = bytes_;
    problem_.bond_firsts = problem_.bond_seconds = zeros_;
  }

  Numbers zeros_ = {0, 0};
  std::vector<double> bytes_ = {0, 0};
  Problem problem_;
};

TEST_F(CheckProblemTest, NumbersOfNothingAreFound) {
  EXPECT_EQ(FindDefect(problem_), std::nullopt);
  for (const auto column : {&Problem::kinds_of_nodes, &Problem::asked, &Problem::producers, &Problem::outputs,
                            &Problem::consumers, &Problem::inputs, &Problem::bond_firsts, &Problem::bond_seconds}) {
    for (const Numbers& junk : {Numbers{0, std::numeric_limits<std::int32_t>::max()},
                                Numbers{std::numeric_limits<std::int32_t>::min(), 0}, Numbers{0, 0, 0}}) {
      Problem problem = problem_;
      problem.*column = junk;
      EXPECT_NE(FindDefect(problem), std::nullopt);
    }
  }
}

TEST_F(CheckProblemTest, ChainsOfDevicesMustEnd) {
  problem_.devices[1].next = 0;
  EXPECT_EQ(FindDefect(problem_), "a chain of devices that comes back");
  problem_.devices[1].next = 1;
  EXPECT_EQ(FindDefect(problem_), "a chain of devices that comes back");
  problem_.devices[1].next = 2;
  EXPECT_EQ(FindDefect(problem_), "a device before one that does not exist");
  problem_.devices[1] = {1, true, -1};
  EXPECT_EQ(FindDefect(problem_), "a device of no target");
  problem_.devices[1] = {0, true, -1};
  problem_.preferred = 2;
  EXPECT_EQ(FindDefect(problem_), "a preference for no device");
}

TEST(OpWorkTest, ConvolutionsAreHeavyAndConstantsFree) {
  EXPECT_EQ(WorkOf("Conv2D"), Work::kHeavy);
  EXPECT_EQ(WorkOf("Const"), Work::kFree);
  EXPECT_EQ(WorkOf("Relu"), Work::kLight);
  EXPECT_EQ(WorkOf("NobodysOp"), Work::kLight);
}

}  // namespace
}  // namespace permafrost::devices
