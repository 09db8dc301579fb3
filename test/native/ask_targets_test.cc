// What targets are asked about a graph, with the example of a plugin, which refuses nodes.
#include "devices/ask_targets.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "devices/plugin.h"
#include "devices/registry.h"

namespace permafrost::devices {
namespace {

class AskTargetsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(LoadPlugin(PERMAFROST_EXAMPLE_PLUGIN).ok());
    targets_ = {FindTarget("tpu_like").value(), FindTarget("cpu").value()};
    problem_.kinds = {{"Relu", {}, {}, {}}, {"AsString", {}, {}, {}}, {"Mine", {}, {}, {}}};
    problem_.devices = {{0, false, 1}, {0, false, 2}, {1, true, -1}};
    problem_.target_count = 2;
    problem_.kinds_of_nodes = kinds_of_nodes_;
    ASSERT_TRUE(AskAboutKinds(targets_, problem_).ok());
  }

  std::vector<const Target*> targets_;
  std::array<std::int32_t, 4> kinds_of_nodes_ = {0, 0, 1, 2};
  Problem problem_;
};

TEST_F(AskTargetsTest, EachTargetAnswersForEachKind) {
  std::vector<KernelState> states;
  for (const KernelAnswer& answer : problem_.answers) states.push_back(answer.state);
  using enum KernelState;
  EXPECT_EQ(states, (std::vector{kExists, kExists, kUnknownOp, kExists, kUnknownOp, kUnknownOp}));
}

TEST_F(AskTargetsTest, WhereATargetSaysNothingTheReasonNamesOpAndTarget) {
  EXPECT_EQ(problem_.answers[2].reason, "no kernel for AsString on tpu_like");
}

TEST_F(AskTargetsTest, ATargetThatRefusesIsAskedAboutEachNodeOnEachOfItsDevices) {
  const std::array<std::string_view, 4> names = {"debug/relu", "relu", "debug/text", "mine"};
  const std::array<std::uint32_t, 3> indexes = {0, 7, 0};
  ASSERT_TRUE(AskAboutNodes(targets_, indexes, [&](std::size_t node) { return names[node]; }, problem_).ok());
  std::vector<std::pair<std::int32_t, std::int32_t>> refused;
  for (const auto& [node, device, reason] : problem_.vetoes) {
    refused.emplace_back(node, device);
    EXPECT_EQ(reason, "nodes for debugging stay off the board");
  }
  EXPECT_EQ(refused, (std::vector<std::pair<std::int32_t, std::int32_t>>{{0, 0}, {2, 0}, {0, 1}, {2, 1}}));
}

TEST(AskAboutKinds, WhatHasStringsIsForTheHost) {
  constexpr std::int32_t kString = 7;
  const std::array<const Target*, 2> targets = {FindTarget("gpu").value(), FindTarget("cpu").value()};
  Problem problem;
  // TensorFlow registers it on GPUs too, with strings in host memory.
  problem.kinds = {{"Identity", {{"T", {kString}}}, {{"input", kString}}, {{"output", kString}}}};
  ASSERT_TRUE(AskAboutKinds(targets, problem).ok());
  EXPECT_EQ(problem.answers[0].state, KernelState::kNone);
  EXPECT_EQ(problem.answers[0].reason, "strings are in the memory of the host");
  EXPECT_EQ(problem.answers[1].state, KernelState::kExists);
}

}  // namespace
}  // namespace permafrost::devices
