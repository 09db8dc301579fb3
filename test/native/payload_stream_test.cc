#include "plan/payload_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bundle_builder.h"
#include "largest_allocation.h"
#include "small_model.h"
#include "temporary_folder.h"
#include "wire.h"
#include "written_payload.h"

namespace permafrost {
namespace {

using test::BundleBuilder;
using test::Fixed;
using test::Varint;

class PayloadStreamTest : public ::testing::Test {
 protected:
  void Open(const BundleBuilder& builder) {
    builder.Write(folder_ / "m");
    auto opened = Checkpoint::OpenBundle(folder_ / "m");
    ASSERT_TRUE(opened.ok()) << opened.status().message();
    checkpoint_ = opened.value();
  }

  // What the stream gives in stretches of that size; the message of a failure comes behind what was given until then.
  std::string Streamed(const PayloadForm& form, std::size_t stretch, std::optional<ElementWindow> window = {},
                       const Region& region = {}) {
    auto stream = PayloadStream::Open(checkpoint_, {0, region}, form, window, stop_);
    if (!stream.ok()) return stream.status().message();
    std::string all;
    std::string bytes(stretch, '?');
    for (;;) {
      const auto count = stream.value()->Fill(std::as_writable_bytes(std::span(bytes)));
      if (!count.ok()) return all + "!" + count.status().message();
      all += bytes.substr(0, count.value());
      if (count.value() < stretch) return all;
    }
  }

  test::TemporaryFolder folder_;
  std::shared_ptr<const Checkpoint> checkpoint_;
  Stop stop_;
};

constexpr std::array<std::size_t, 6> kStretches = {1, 3, 7, 64, 4096, 2000000};

TEST_F(PayloadStreamTest, GivesTheSameInStretchesOfAnySize) {
  BundleBuilder builder(1, true);
  std::string stored;
  std::string expected;
  std::string varints;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    stored += Fixed(i, 4, true);
    expected += Fixed(i, 4);
    varints += Varint(i);
  }
  builder.Add("t", DataType::kInt32, {1000}, stored);
  Open(builder);
  for (const std::size_t stretch : kStretches) {
    EXPECT_EQ(Streamed(PayloadEncoding::kRaw, stretch), expected) << stretch;
    EXPECT_EQ(Streamed(PayloadEncoding::kVarint, stretch), varints) << stretch;
  }
}

TEST_F(PayloadStreamTest, GivesMoreThanABlock) {
  std::string stored;
  for (std::uint64_t i = 0; i < 300000; ++i) stored += Fixed(i, 4);
  BundleBuilder builder;
  builder.Add("t", DataType::kInt32, {300000}, stored);
  Open(builder);
  EXPECT_TRUE(Streamed(PayloadEncoding::kRaw, 1000001) == stored);
  EXPECT_TRUE(Streamed(PayloadEncoding::kRaw, 5000, ElementWindow{1, 299998}) == stored.substr(4, 1199992));
}

TEST_F(PayloadStreamTest, GivesStringsAsFields) {
  const std::vector<std::string> elements = {"", "abc", std::string(300000, 'x'), "end"};
  BundleBuilder builder;
  builder.AddStrings("t", {4}, elements);
  Open(builder);
  std::string expected;
  for (const std::string& element : elements) expected += "\x42" + Varint(element.size()) + element;
  for (const std::size_t stretch : kStretches) {
    EXPECT_TRUE(Streamed(PayloadEncoding::kStrings, stretch) == expected) << stretch;
  }
  EXPECT_EQ(Streamed(PayloadEncoding::kStrings, 2, ElementWindow{0, 2}), std::string("\x42\0\x42\3abc", 7));
  EXPECT_EQ(Streamed(PayloadEncoding::kStrings, 2, ElementWindow{3, 1}), "\x42\3end");
}

TEST_F(PayloadStreamTest, HoldsOneStringAtATime) {
  BundleBuilder builder;
  builder.AddStrings("t", {16}, std::vector<std::string>(16, std::string(1 << 20, 'x')));
  Open(builder);
  auto stream = PayloadStream::Open(checkpoint_, {0, {}}, PayloadEncoding::kStrings, {}, stop_);
  ASSERT_TRUE(stream.ok()) << stream.status().message();
  std::array<std::byte, 200> bytes{};
  const auto largest = test::LargestAllocationIn([&] { EXPECT_EQ(stream.value()->Fill(bytes).value(), bytes.size()); });
  if (!largest) GTEST_SKIP() << "what is allocated is known with AddressSanitizer only";
  EXPECT_LT(*largest, 4u << 20);
}

TEST_F(PayloadStreamTest, BringsSlicesTogether) {
  BundleBuilder builder;
  builder.Add("t", DataType::kUint8, {4, 4}, "");
  builder.AddSlice("t", {{0, 2}, {0, 3}}, "abcefg");
  builder.AddSlice("t", {{0, 3}, {3, 1}}, "dhl");
  builder.AddSlice("t", {{3, 1}, {1, 3}}, "nop");
  builder.AddSlice("t", {{2, 2}, {0, 1}}, "im");
  builder.AddSlice("t", {{2, 1}, {1, 2}}, "jk");
  Open(builder);
  const std::string letters = "abcdefghijklmnop";
  for (const std::size_t stretch : kStretches) {
    EXPECT_EQ(Streamed(PayloadEncoding::kRaw, stretch), letters) << stretch;
    for (std::uint64_t first = 0; first <= 16; ++first) {
      for (std::uint64_t count = 0; first + count <= 16; ++count) {
        EXPECT_EQ(Streamed(PayloadEncoding::kRaw, stretch, ElementWindow{first, count}), letters.substr(first, count));
      }
    }
  }
  EXPECT_EQ(Streamed(PayloadEncoding::kRaw, 3, {}, {{1, 2}, {1, 3}}), "fghjkl");
  EXPECT_EQ(Streamed(PayloadEncoding::kRaw, 3, ElementWindow{2, 3}, {{1, 2}, {1, 3}}), "hjk");
}

TEST_F(PayloadStreamTest, AWindowOfAScaledTensorHasItsOwnFactors) {
  BundleBuilder builder;
  builder.Add("t", DataType::kFloat32, {2, 3}, test::Floats({1, 2, 3, 4, 5, 6}));
  Open(builder);
  PayloadForm form = PayloadEncoding::kRaw;
  form.factors = {{10, 100, 1000}, {3, 1, 0}};
  EXPECT_EQ(Streamed(form, 5), test::Floats({10, 200, 3000, 40, 500, 6000}));
  EXPECT_EQ(Streamed(form, 5, ElementWindow{2, 3}), test::Floats({3000, 40, 500}));
}

TEST_F(PayloadStreamTest, TheLastBytesComeOnlyWhereTheChecksumHolds) {
  BundleBuilder builder;
  builder.Add("t", DataType::kUint8, {8}, "abcdefgh");
  builder.shard_bytes(0)[1] = 'X';
  Open(builder);
  for (const std::size_t stretch : {std::size_t{3}, std::size_t{4}, std::size_t{8}, std::size_t{9}}) {
    const std::string given = std::string("aXcdefgh").substr(0, (8 - 1) / stretch * stretch) + "!checksum mismatch";
    EXPECT_EQ(Streamed(PayloadEncoding::kRaw, stretch).substr(0, given.size()), given) << stretch;
  }
  // Of a window nobody knows the checksum.
  EXPECT_EQ(Streamed(PayloadEncoding::kRaw, 3, ElementWindow{0, 7}), "aXcdefg");
  EXPECT_EQ(Streamed(PayloadEncoding::kRaw, 9, ElementWindow{0, 8}).substr(0, 18), "!checksum mismatch");
}

TEST_F(PayloadStreamTest, ReadsNothingOfWhatAWindowLeavesOut) {
  BundleBuilder builder;
  builder.Add("t", DataType::kUint8, {2000000}, std::string(1000000, 'a') + std::string(1000000, 'b'));
  builder.AddStrings("u", {2}, {"x", "y"}).crc32c ^= 1;
  Open(builder);
  auto stream = PayloadStream::Open(checkpoint_, {0, {}}, PayloadEncoding::kRaw, ElementWindow{10, 20}, {});
  ASSERT_TRUE(stream.ok());
  std::filesystem::resize_file(folder_ / "m.data-00000-of-00001", 500000);
  std::string bytes(21, '?');
  const auto count = stream.value()->Fill(std::as_writable_bytes(std::span(bytes)));
  ASSERT_TRUE(count.ok()) << count.status().message();
  EXPECT_EQ(bytes.substr(0, count.value()), std::string(20, 'a'));
}

TEST_F(PayloadStreamTest, AnEmptyTensorGivesNothing) {
  BundleBuilder builder;
  builder.Add("t", DataType::kFloat32, {0, 7}, "");
  Open(builder);
  EXPECT_EQ(Streamed(PayloadEncoding::kRaw, 4), "");
  EXPECT_EQ(Streamed(PayloadEncoding::kRaw, 4, ElementWindow{0, 0}), "");
}

TEST_F(PayloadStreamTest, AWindowMustBeWithinThePart) {
  BundleBuilder builder;
  builder.Add("t", DataType::kUint8, {4}, "abcd");
  Open(builder);
  EXPECT_EQ(Streamed(PayloadEncoding::kRaw, 4, ElementWindow{4, 0}), "");
  EXPECT_EQ(Streamed(PayloadEncoding::kRaw, 4, ElementWindow{3, 2}),
            "no such part (elements 3 and 2 more, of 4): tensor 't'");
  EXPECT_EQ(Streamed(PayloadEncoding::kRaw, 4, ElementWindow{UINT64_MAX, 1}).substr(0, 12), "no such part");
  EXPECT_EQ(Streamed(PayloadEncoding::kRaw, 4, ElementWindow{1, UINT64_MAX}).substr(0, 12), "no such part");
}

TEST_F(PayloadStreamTest, EndsEarlyWhenAsked) {
  BundleBuilder builder;
  builder.Add("t", DataType::kUint8, {4}, "abcd");
  Open(builder);
  auto stream = PayloadStream::Open(checkpoint_, {0, {}}, PayloadEncoding::kRaw, {}, stop_);
  ASSERT_TRUE(stream.ok()) << stream.status().message();
  std::array<std::byte, 2> bytes{};
  EXPECT_EQ(stream.value()->Fill(bytes).value(), bytes.size());
  stop_.Ask();
  EXPECT_EQ(stream.value()->Fill(bytes).status().code(), StatusCode::kAborted);
  // Before a window there may be a run for each element, all of which have to be passed.
  EXPECT_EQ(Streamed(PayloadEncoding::kRaw, 4, ElementWindow{2, 1}), "aborted");
  stop_ = Stop();
  checkpoint_->stop().Ask();
  EXPECT_EQ(Streamed(PayloadEncoding::kRaw, 4, ElementWindow{2, 1}), "aborted");
}

TEST_F(PayloadStreamTest, StopsWhileSlicesAreChecked) {
  BundleBuilder builder;
  builder.Add("t", DataType::kUint8, {4}, "");
  builder.AddSlice("t", {{0, 2}}, "ab");
  builder.AddSlice("t", {{2, 2}}, "cd");
  Open(builder);
  EXPECT_EQ(Streamed(PayloadEncoding::kRaw, 4), "abcd");
  stop_.Ask();
  // Before it has given anything.
  EXPECT_EQ(Streamed(PayloadEncoding::kRaw, 4), "aborted");
}

TEST_F(PayloadStreamTest, StopsWhileItGoesThroughLengths) {
  BundleBuilder builder;
  builder.AddStrings("t", {2}, {"x", "y"});
  Open(builder);
  stop_.Ask();
  // Before it has given anything.
  EXPECT_EQ(Streamed(PayloadEncoding::kStrings, 4), "aborted");
}

TEST_F(PayloadStreamTest, OfAV1FileThatHasChangedSinceItWasOpenedFails) {
  test::WriteSmallModel(folder_ / "", test::SmallKind::kV1);
  auto opened = test::OpenSmallModel(folder_ / "", test::SmallKind::kV1);
  ASSERT_TRUE(opened.ok()) << opened.status().message();
  checkpoint_ = opened.value();
  // Of the bools, which come first.
  EXPECT_EQ(Streamed(PayloadEncoding::kBool, 64), std::string("\1\0\1", 3));
  const std::string file = checkpoint_->ShardPath(0);
  std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) - std::chrono::hours(1));
  EXPECT_NE(Streamed(PayloadEncoding::kBool, 64).find("changed since it was opened"), std::string::npos);
}

}  // namespace
}  // namespace permafrost
