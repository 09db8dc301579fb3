#include "plan/work.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bundle_builder.h"
#include "temporary_folder.h"
#include "wire.h"

namespace permafrost {
namespace {

using test::BundleBuilder;
using test::TemporaryFolder;

// Each task as its stretches, "segment:begin-end@at".
std::vector<std::string> Tasks(const Work& work) {
  std::vector<std::string> tasks;
  for (std::size_t i = 0; i < work.count(); ++i) {
    std::string& text = tasks.emplace_back();
    for (const Stretch& stretch : work.task(i)) {
      if (!text.empty()) text += ' ';
      text += std::to_string(stretch.segment) + ':' + std::to_string(stretch.begin) + '-' +
              std::to_string(stretch.end) + '@' + std::to_string(stretch.at) + (stretch.is_whole ? "" : "!");
    }
  }
  return tasks;
}

class WorkTest : public ::testing::Test {
 protected:
  WorkTest() {
    builder_.Add("large", DataType::kInt8, {9437184}, std::string(9437184, 'x'));
    builder_.AddStrings("text", {1}, {std::string(5242880, 'y')});
    builder_.Write(folder_ / "m");
    checkpoint_ = Checkpoint::OpenBundle(folder_ / "m").value();
  }

  TemporaryFolder folder_;
  BundleBuilder builder_;
  std::shared_ptr<const Checkpoint> checkpoint_;
};

using Names = std::vector<std::string>;

TEST_F(WorkTest, SmallNeighboursAreOneTask) {
  const std::string literal = "abc";
  EXPECT_EQ(Tasks(Work(*checkpoint_, std::vector<Segment>{test::Bytes(literal), test::Bytes(literal)})),
            (Names{"0:0-3@0 1:0-3@3"}));
  EXPECT_EQ(Tasks(Work(*checkpoint_, {})), Names{});
  EXPECT_EQ(Tasks(Work(*checkpoint_, std::vector<Segment>{test::Bytes("")})), Names{});
}

TEST_F(WorkTest, LargeTensorsAreCut) {
  const std::string literal = "abc";
  const std::vector<Segment> plan = {test::Bytes(literal), TensorSegment{{0, {}}, PayloadEncoding::kRaw, 9437184},
                                     test::Bytes(literal)};
  const Work work(*checkpoint_, plan);
  EXPECT_EQ(Tasks(work), (Names{"0:0-3@0", "1:0-4194288@3!", "1:4194288-8388592@4194291!",
                                "1:8388592-9437184@8388595! 2:0-3@9437187"}));
  EXPECT_EQ(work.of_segment(1).size(), 3u);
  EXPECT_EQ(work.of_segment(2).front().at, 9437187u);
}

TEST_F(WorkTest, CutsAreWhereTheOutputIsAMultipleOfTheTaskSize) {
  const std::string literal(4194304 - 5, 'x');
  const TensorSegment large{{0, {}}, PayloadEncoding::kRaw, 9437184};
  const std::vector<Segment> plan = {test::Bytes(literal), large};
  // The first boundary is within the first element.
  EXPECT_EQ(Tasks(Work(*checkpoint_, plan)), (Names{"0:0-4194299@0", "1:0-4194304@4194299!",
                                                    "1:4194304-8388608@8388603!", "1:8388608-9437184@12582907!"}));
}

TEST_F(WorkTest, WhatIsMadeInOneGoIsNotCut) {
  const std::vector<Segment> plan = {TensorSegment{{1, {}}, PayloadEncoding::kStrings, 5242885}};
  EXPECT_EQ(Tasks(Work(*checkpoint_, plan)), (Names{"0:0-5242885@0"}));
}

TEST(ThreadsForTest, IsWhatIsWantedOrAsManyAsAreOfUse) {
  EXPECT_EQ(ThreadsFor(0, 7), 7u);
  EXPECT_EQ(ThreadsFor(kTaskSize - 1, 0), 1u);
  EXPECT_LE(ThreadsFor(kTaskSize, 0), 2u);
  EXPECT_LE(ThreadsFor(std::uint64_t{1} << 40, 0), 4u);
}

}  // namespace
}  // namespace permafrost
