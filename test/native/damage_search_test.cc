#include "plan/damage_search.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "bundle_builder.h"
#include "temporary_folder.h"

namespace permafrost {
namespace {

using test::BundleBuilder;

class DamageSearchTest : public ::testing::Test {
 protected:
  void Open(const BundleBuilder& builder) {
    builder.Write(folder_ / "m");
    auto opened = Checkpoint::OpenBundle(folder_ / "m");
    ASSERT_TRUE(opened.ok()) << opened.status().message();
    checkpoint_ = opened.value();
  }

  // The damaged tensors, each with the start of what is wrong; the same with any number of threads.
  std::vector<std::string> Found() {
    std::vector<std::string> first;
    for (const unsigned threads : {1u, 0u, 7u}) {
      DamageSearch search(checkpoint_, {});
      for (bool is_more = true; is_more;) {
        const auto step = search.Step(threads);
        if (!step.ok()) return {step.status().message()};
        is_more = step.value();
      }
      std::vector<std::string> texts;
      for (const auto& [entry, status] : search.TakeDamage()) {
        const std::string& message = status.message();
        texts.push_back(checkpoint_->entries()[entry].key + ": " + message.substr(0, message.find(" (")));
      }
      if (threads == 1) first = texts;
      EXPECT_EQ(texts, first) << threads;
      bytes_read_ = search.bytes_read();
    }
    return first;
  }

  test::TemporaryFolder folder_;
  std::shared_ptr<const Checkpoint> checkpoint_;
  std::uint64_t bytes_read_ = 0;
};

// Tensors of several tasks, slices, strings, none and one element.
BundleBuilder Whole() {
  BundleBuilder builder(2);
  builder.Add("a", DataType::kFloat32, {2500000}, std::string(10000000, 'a'));
  builder.Add("b", DataType::kUint8, {2, 2}, "");
  builder.AddSlice("b", {{0, 2}, {0, 1}}, "bb");
  builder.AddSlice("b", {{0, 2}, {1, 1}}, "cc", 1);
  builder.Add("empty", DataType::kInt64, {0}, "");
  builder.Add("one", DataType::kUint8, {}, "1", 1);
  builder.AddStrings("s", {2}, {"text", "more"});
  return builder;
}

TEST_F(DamageSearchTest, FindsNoneInAWholeCheckpoint) {
  Open(Whole());
  EXPECT_EQ(Found(), std::vector<std::string>{});
  std::uint64_t size = 0;
  for (const TensorEntry& entry : checkpoint_->entries()) size += entry.size;
  EXPECT_EQ(bytes_read_, size);
}

TEST_F(DamageSearchTest, FindsEveryDamagedTensorOnce) {
  BundleBuilder builder = Whole();
  // The first and the last stretch of "a", both slices of "b", the last string.
  builder.shard_bytes(0)[5] = 'X';
  builder.shard_bytes(0)[9999999] = 'X';
  builder.shard_bytes(0)[10000000] = 'X';
  builder.shard_bytes(0).back() = 'X';
  builder.shard_bytes(1)[0] = 'X';
  Open(builder);
  EXPECT_EQ(Found(),
            (std::vector<std::string>{"a: checksum mismatch", "b: checksum mismatch", "s: checksum mismatch"}));
}

TEST_F(DamageSearchTest, FindsTensorsWhoseBytesAreNotThere) {
  BundleBuilder builder = Whole();
  builder.shard_bytes(0).resize(10000001);
  Open(builder);
  std::filesystem::remove(folder_ / "m.data-00001-of-00002");
  EXPECT_EQ(Found(), (std::vector<std::string>{"b: shard too short", "one: shard missing", "s: shard too short"}));
}

TEST_F(DamageSearchTest, FindsSlicesThatAreNotAllOfATensor) {
  BundleBuilder builder;
  builder.Add("t", DataType::kUint8, {2, 2}, "");
  builder.AddSlice("t", {{0, 2}, {0, 1}}, "bb");
  Open(builder);
  EXPECT_EQ(Found(), std::vector<std::string>{"t: bad slices"});
}

TEST_F(DamageSearchTest, LeavesOutWhatNobodyCanRead) {
  BundleBuilder builder;
  builder.Add("v", DataType::kVariant, {}, "anything");
  Open(builder);
  EXPECT_EQ(Found(), std::vector<std::string>{});
  EXPECT_EQ(bytes_read_, 0u);
  EXPECT_TRUE(IsOpaque(DataType::kVariant));
  EXPECT_TRUE(IsOpaque(DataType::kResource));
  EXPECT_FALSE(IsOpaque(DataType::kString));
}

TEST_F(DamageSearchTest, EndsEarlyWhenAsked) {
  Open(Whole());
  const Stop stop;
  DamageSearch search(checkpoint_, stop);
  ASSERT_TRUE(search.Step(0).ok());
  stop.Ask();
  EXPECT_EQ(search.Step(0).status().code(), StatusCode::kAborted);
}

}  // namespace
}  // namespace permafrost
