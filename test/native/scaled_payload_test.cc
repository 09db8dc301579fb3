// Tensors whose channels are multiplied on the way: from every kind of storage, and on into other types.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include "plan/channel_maxima.h"
#include "v1_builder.h"
#include "written_payload.h"

namespace permafrost {
namespace {

using test::BundleBuilder;
using test::Fixed;
using test::Floats;

using ScaledPayloadTest = test::WrittenPayloadTest;

PayloadForm Scaled(PayloadEncoding encoding, ChannelFactors factors, ChannelScales scales = {}) {
  PayloadForm form(encoding, std::move(scales));
  form.factors = std::move(factors);
  return form;
}

const std::vector<float> kNumbers = {1, -2, 3, 4};
// Of two channels that take turns.
const ChannelFactors kTurns = {{0.5, 100}, {2, 1}};
const std::vector<float> kProducts = {0.5, -200, 1.5, 400};

TEST_F(ScaledPayloadTest, WholeTensorsOfEitherByteOrder) {
  for (const bool big_endian : {false, true}) {
    BundleBuilder builder(1, big_endian);
    builder.Add("t", DataType::kFloat32, {2, 2}, Floats(kNumbers, big_endian));
    Open(builder);
    EXPECT_EQ(Written(Scaled(PayloadEncoding::kRaw, kTurns)), Floats(kProducts));
    EXPECT_EQ(Written(Scaled(PayloadEncoding::kRaw, {{0.5, 100}, {2, 2}})), Floats({0.5, -1, 300, 400}));
    builder.Add("t", DataType::kFloat64, {1}, Fixed(0x3ff0000000000000, 8, big_endian));
    Open(builder);
    EXPECT_EQ(Written(Scaled(PayloadEncoding::kRaw, {{0.1}, {1, 1}})), Fixed(std::bit_cast<std::uint64_t>(0.1), 8));
    EXPECT_EQ(Written(Scaled(PayloadEncoding::kFloat32, {{0.1}, {1, 1}})), Floats({0.1f}));
  }
}

TEST_F(ScaledPayloadTest, SlicesAndPartsOfThem) {
  BundleBuilder builder;
  builder.Add("t", DataType::kFloat32, {2, 2}, "");
  builder.AddSlice("t", {{0, 2}, {1, 1}}, Floats({-2, 4}));
  builder.AddSlice("t", {{0, 2}, {0, 1}}, Floats({1, 3}));
  Open(builder);
  EXPECT_EQ(Written(Scaled(PayloadEncoding::kRaw, kTurns)), Floats(kProducts));
  // Of a part, channels are counted from its first element on.
  EXPECT_EQ(Written(Scaled(PayloadEncoding::kRaw, kTurns), {{1, 1}, {0, 2}}), Floats({1.5, 400}));
}

TEST_F(ScaledPayloadTest, CheckpointsOfVersion1) {
  test::V1Builder builder;
  builder.Add("t", 1, {4}).Slice({{0, 4}}, test::VarintField(1, 1) + test::BytesField(5, Floats(kNumbers)));
  test::WriteFile(folder_ / "v1", builder.File());
  const auto opened = Checkpoint::OpenV1(folder_ / "v1", {folder_ / "v1"});
  ASSERT_TRUE(opened.ok()) << opened.status().message();
  checkpoint_ = opened.value();
  EXPECT_EQ(Written(Scaled(PayloadEncoding::kRaw, kTurns)), Floats(kProducts));
}

TEST_F(ScaledPayloadTest, AreScaledBeforeTheyChangeTheirType) {
  BundleBuilder builder;
  builder.Add("t", DataType::kFloat32, {4}, Floats(kNumbers));
  Open(builder);
  EXPECT_EQ(Written(Scaled(PayloadEncoding::kFloat16, kTurns)), std::string("\0\x38\x40\xda\0\x3e\x40\x5e", 8));
  EXPECT_EQ(Written(Scaled(PayloadEncoding::kFloat16, {{1e6}, {1, 1}})), std::string("\0\x7c\0\xfc\0\x7c\0\x7c", 8));
  EXPECT_EQ(overflows_, 4u);
  EXPECT_EQ(Written(Scaled(PayloadEncoding::kInt8, kTurns, {{0.5, 4}, {2, 1}})), "\x01\xce\x03\x64");
  const std::vector<ChannelledTensor> tensors = {{{0, {}}, {2, 1}, Scaled(PayloadEncoding::kRaw, kTurns)}};
  const auto maxima = FindChannelMaxima(*checkpoint_, tensors, 0);
  ASSERT_TRUE(maxima.ok()) << maxima.status().message();
  EXPECT_EQ(maxima.value().front(), (std::vector<float>{1.5, 400}));
}

// More than one task of every thread, each in the middle of the channels.
TEST_F(ScaledPayloadTest, LargeTensorsAreScaledInStretches) {
  constexpr std::size_t kCount = 3'000'003;
  std::vector<float> values(kCount);
  std::vector<float> products(kCount);
  std::vector<std::uint32_t> largest(3);
  const std::vector<double> factors = {0.3, -1.7, 1e-3};
  for (std::size_t i = 0; i < kCount; ++i) {
    values[i] = static_cast<float>(i % 70'001) - 30'000;
    products[i] =
        static_cast<float>(static_cast<double>(values[i]) * static_cast<double>(static_cast<float>(factors[i % 3])));
    largest[i % 3] = std::max(largest[i % 3], std::bit_cast<std::uint32_t>(std::fabs(products[i])));
  }
  BundleBuilder builder;
  builder.Add("t", DataType::kFloat32, {kCount}, Floats(values));
  Open(builder);
  const PayloadForm form = Scaled(PayloadEncoding::kRaw, {factors, {3, 1}});
  for (const unsigned threads : {1u, 4u}) {
    threads_ = threads;
    EXPECT_TRUE(Written(form) == Floats(products));
    const std::vector<ChannelledTensor> tensors = {{{0, {}}, {3, 1}, form}};
    const auto maxima = FindChannelMaxima(*checkpoint_, tensors, threads);
    ASSERT_TRUE(maxima.ok()) << maxima.status().message();
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(std::bit_cast<std::uint32_t>(maxima.value().front()[i]), largest[i]);
    }
  }
}

TEST_F(ScaledPayloadTest, TheChecksumIsThatOfWhatIsStored) {
  BundleBuilder builder;
  builder.Add("t", DataType::kFloat32, {2'500'000}, std::string(10'000'000, '\0'));
  builder.shard_bytes(0)[9'999'999] = '\x40';
  Open(builder);
  EXPECT_EQ(Written(Scaled(PayloadEncoding::kRaw, {{2}, {1, 1}})).substr(0, 17), "checksum mismatch");
}

TEST_F(ScaledPayloadTest, TypesAndChannelsMustFit) {
  BundleBuilder builder;
  builder.Add("t", DataType::kFloat32, {4}, Floats(kNumbers));
  Open(builder);
  EXPECT_EQ(Written(Scaled(PayloadEncoding::kRaw, {{1, 1, 1}, {3, 1}})),
            "no such payload (4 elements in 3 channels): tensor 't'");
  EXPECT_EQ(Written(Scaled(PayloadEncoding::kRaw, {{1, 1}, {4, 1}})),
            "no such payload (4 elements in 2 channels): tensor 't'");
  builder.Add("t", DataType::kInt32, {1}, "1234");
  Open(builder);
  EXPECT_EQ(Written(Scaled(PayloadEncoding::kRaw, {{2}, {1, 1}})),
            "no such payload (int32 times a number): tensor 't'");
}

}  // namespace
}  // namespace permafrost
