// Tensors that change their type on the way: from every kind of storage, in stretches and in one go, into files.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "bundle_builder.h"
#include "convert/narrow.h"
#include "crc32c/crc32c.h"
#include "plan/encode_stretch.h"
#include "v1_builder.h"
#include "wire.h"
#include "written_payload.h"

namespace permafrost {
namespace {

using test::BundleBuilder;
using test::Bytes;
using test::Fixed;
using test::Floats;
using test::V1Builder;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

using ConvertedPayloadTest = test::WrittenPayloadTest;

// 1, -2, 65520 (which float16 has no place for), infinity.
const std::vector<float> kNumbers = {1, -2, 65520, kInfinity};
const std::string kAsFloat16("\0\x3c\0\xc0\0\x7c\0\x7c", 8);
const std::string kAsBfloat16("\x80\x3f\0\xc0\x80\x47\x80\x7f", 8);

TEST_F(ConvertedPayloadTest, WholeTensorsOfEitherByteOrder) {
  for (const bool big_endian : {false, true}) {
    BundleBuilder builder(1, big_endian);
    builder.Add("t", DataType::kFloat32, {4}, Floats(kNumbers, big_endian));
    Open(builder);
    EXPECT_EQ(Written(PayloadEncoding::kFloat16), kAsFloat16);
    EXPECT_EQ(overflows_, 1u);
    EXPECT_EQ(Written(PayloadEncoding::kBfloat16), kAsBfloat16);
    EXPECT_EQ(overflows_, 0u);
  }
}

TEST_F(ConvertedPayloadTest, ToTheTypesOf32Bits) {
  BundleBuilder whole;
  whole.Add("t", DataType::kInt64, {2}, Fixed(7, 8) + Fixed(std::uint64_t{1} << 32, 8));
  Open(whole);
  EXPECT_EQ(Written(PayloadEncoding::kInt32), Fixed(7, 4) + Fixed(0, 4));
  EXPECT_EQ(overflows_, 1u);
  BundleBuilder doubles(1, true);
  doubles.Add("t", DataType::kFloat64, {2}, Fixed(0x3ff0000000000000, 8, true) + Fixed(0xc000000000000000, 8, true));
  Open(doubles);
  EXPECT_EQ(Written(PayloadEncoding::kFloat32), Floats({1, -2}));
  BundleBuilder halves(1, true);
  halves.Add("t", DataType::kFloat16, {2}, std::string("\x3c\0\xc0\0", 4));
  Open(halves);
  EXPECT_EQ(Written(PayloadEncoding::kFloat32), Floats({1, -2}));
  BundleBuilder upper;
  upper.Add("t", DataType::kBfloat16, {2}, std::string("\x80\x3f\0\xc0", 4));
  Open(upper);
  EXPECT_EQ(Written(PayloadEncoding::kFloat32), Floats({1, -2}));
}

TEST_F(ConvertedPayloadTest, SlicesAndPartsOfThem) {
  BundleBuilder builder(1, true);
  builder.Add("t", DataType::kFloat32, {2, 2}, "");
  builder.AddSlice("t", {{0, 2}, {1, 1}}, Floats({-2, kInfinity}, true));
  builder.AddSlice("t", {{0, 2}, {0, 1}}, Floats({1, 65520}, true));
  Open(builder);
  EXPECT_EQ(Written(PayloadEncoding::kFloat16), kAsFloat16);
  EXPECT_EQ(overflows_, 1u);
  EXPECT_EQ(Written(PayloadEncoding::kBfloat16, {{1, 1}, {0, 2}}), kAsBfloat16.substr(4));
  EXPECT_EQ(Written(PayloadEncoding::kBfloat16, {{0, 2}, {1, 1}}), kAsBfloat16.substr(2, 2) + kAsBfloat16.substr(6));
}

TEST_F(ConvertedPayloadTest, CheckpointsOfVersion1) {
  V1Builder builder;
  // An odd number of bytes before the numbers.
  const std::string proto = test::VarintField(1, 1) + test::BytesField(5, Floats(kNumbers));
  builder.Add("t", 1, {4}).Slice({{0, 4}}, proto);
  test::WriteFile(folder_ / "v1", builder.File());
  const auto opened = Checkpoint::OpenV1(folder_ / "v1", {folder_ / "v1"});
  ASSERT_TRUE(opened.ok()) << opened.status().message();
  checkpoint_ = opened.value();
  EXPECT_EQ(Written(PayloadEncoding::kFloat16), kAsFloat16);
  EXPECT_EQ(overflows_, 1u);
}

TEST_F(ConvertedPayloadTest, EachElementHasTheScaleOfItsChannel) {
  const std::vector<float> values = {1, 2, 3, 4, 5, 6, 7, 8};
  BundleBuilder whole;
  whole.Add("t", DataType::kFloat32, {2, 4}, Floats(values));
  Open(whole);
  const PayloadForm columns(PayloadEncoding::kInt8, {{1, 2, 0.5f, 4}, {4, 1}});
  const PayloadForm rows(PayloadEncoding::kInt8, {{0.5f, 1}, {2, 4}});
  EXPECT_EQ(Written(columns), "\x01\x01\x06\x01\x05\x03\x0e\x02");
  EXPECT_EQ(Written(rows), "\x02\x04\x06\x08\x05\x06\x07\x08");
  // Of a part, channels are counted from its first element on.
  EXPECT_EQ(Written(PayloadForm(PayloadEncoding::kInt8, {{0.5f, 1}, {2, 1}}), {{0, 2}, {1, 2}}), "\x04\x03\x0c\x07");
  BundleBuilder sliced;
  sliced.Add("t", DataType::kFloat32, {2, 4}, "");
  sliced.AddSlice("t", {{0, 2}, {3, 1}}, Floats({4, 8}));
  sliced.AddSlice("t", {{0, 2}, {0, 3}}, Floats({1, 2, 3, 5, 6, 7}));
  Open(sliced);
  EXPECT_EQ(Written(columns), "\x01\x01\x06\x01\x05\x03\x0e\x02");
  EXPECT_EQ(Written(rows), "\x02\x04\x06\x08\x05\x06\x07\x08");
}

TEST_F(ConvertedPayloadTest, TypesAndChannelsMustFit) {
  BundleBuilder builder;
  builder.Add("t", DataType::kFloat32, {6}, Floats({1, 2, 3, 4, 5, 6}));
  Open(builder);
  EXPECT_EQ(Written(PayloadEncoding::kInt32), "no such payload (float32 as int32): tensor 't'");
  EXPECT_EQ(Written(PayloadEncoding::kFloat32), "no such payload (float32 as float32): tensor 't'");
  EXPECT_EQ(Written(PayloadEncoding::kInt8), "no such payload (6 elements in 0 channels): tensor 't'");
  EXPECT_EQ(Written(PayloadForm(PayloadEncoding::kInt8, {{1, 1}, {2, 2}})),
            "no such payload (6 elements in 2 channels): tensor 't'");
  builder.Add("t", DataType::kFloat64, {1}, "12345678");
  Open(builder);
  EXPECT_EQ(Written(PayloadEncoding::kFloat16), "no such payload (float64 as float16): tensor 't'");
  EXPECT_EQ(Written(PayloadForm(PayloadEncoding::kInt8, {{1}, {1, 1}})),
            "no such payload (float64 as int8): tensor 't'");
}

// More than one task of every thread, cut where the output, which begins at an odd place, ends its blocks.
TEST_F(ConvertedPayloadTest, LargeTensorsAreConvertedInStretches) {
  constexpr std::size_t kCount = 5'000'001;
  std::vector<float> values(kCount);
  for (std::size_t i = 0; i < kCount; ++i) values[i] = static_cast<float>(i % 70'001) - 30'000;
  const std::string floats = Floats(values);
  BundleBuilder builder;
  builder.Add("t", DataType::kFloat32, {kCount}, floats);
  Open(builder);
  std::vector<std::byte> expected(2 * kCount);
  const std::uint64_t overflows = Float32ToBfloat16(Bytes(floats), expected);
  const PayloadForm quantized(PayloadEncoding::kInt8, {{300, 500, 1000}, {3, 1}});
  std::string expected_int8;
  for (std::size_t i = 0; i < kCount; ++i) {
    const float quotient = values[i] / quantized.scales.scales[i % 3];
    expected_int8 += static_cast<char>(static_cast<signed char>(std::min(std::nearbyintf(quotient), 127.f)));
  }
  for (const unsigned threads : {1u, 4u}) {
    threads_ = threads;
    EXPECT_TRUE(Written(PayloadEncoding::kBfloat16) == test::Text(expected));
    EXPECT_EQ(overflows_, overflows);
    EXPECT_TRUE(Written(quantized) == expected_int8);
  }
}

TEST_F(ConvertedPayloadTest, TheOverflowsOfAllStretchesAreCounted) {
  constexpr std::size_t kCount = 2'500'000;
  std::vector<float> values(kCount, 1);
  for (std::size_t i = 0; i < kCount; i += 1000) values[i] = 1e6f;
  BundleBuilder builder;
  builder.Add("t", DataType::kFloat32, {kCount}, Floats(values));
  Open(builder);
  Written(PayloadEncoding::kFloat16);
  EXPECT_EQ(overflows_, 2500u);
}

TEST_F(ConvertedPayloadTest, TheChecksumIsThatOfWhatIsStored) {
  BundleBuilder builder;
  builder.Add("t", DataType::kFloat32, {2'500'000}, std::string(10'000'000, '\0'));
  for (const std::size_t at : {std::size_t{3}, std::size_t{9'999'999}}) {
    BundleBuilder damaged = builder;
    damaged.shard_bytes(0)[at] = '\x40';
    Open(damaged);
    for (const auto encoding : {PayloadEncoding::kFloat16, PayloadEncoding::kBfloat16}) {
      EXPECT_EQ(Written(encoding).substr(0, 17), "checksum mismatch");
    }
    EXPECT_EQ(Written(PayloadForm(PayloadEncoding::kInt8, {{1}, {1, 1}})).substr(0, 17), "checksum mismatch");
  }
  BundleBuilder small;
  small.Add("t", DataType::kFloat32, {1}, "1234");
  small.shard_bytes(0)[0] = 'X';
  Open(small);
  EXPECT_EQ(Written(PayloadEncoding::kFloat16).substr(0, 17), "checksum mismatch");
}

TEST_F(ConvertedPayloadTest, AStretchIsMadeOfItsOwnBytes) {
  BundleBuilder builder;
  builder.Add("t", DataType::kFloat32, {4}, Floats(kNumbers));
  const Checkpoint& checkpoint = Open(builder);
  const std::vector<FolderFile> files = {{"", 4}};
  auto out = OutputFiles::Create(folder_ / "stretch", files);
  ASSERT_TRUE(out.ok()) << out.status().message();
  Output output(out.value(), 0, progress_);
  const auto sum = EncodeStretch(checkpoint, {0, {}}, PayloadEncoding::kFloat16, 2, 6, output);
  ASSERT_TRUE(sum.ok()) << sum.status().message();
  ASSERT_TRUE(output.Flush().ok());
  ASSERT_TRUE(out.value().Commit(false).ok());
  EXPECT_EQ(test::ReadFile(folder_ / "stretch"), kAsFloat16.substr(2, 4));
  EXPECT_EQ(sum.value().stored, 8u);
  EXPECT_EQ(sum.value().overflows, 1u);
  EXPECT_EQ(sum.value().crc, crc32c::Value(Bytes(Floats(kNumbers)).subspan(4, 8)));
  EXPECT_TRUE(IsDivisible(checkpoint, {0, {}}, PayloadEncoding::kFloat16));
  EXPECT_FALSE(IsDivisible(checkpoint, {0, {{0, 2}}}, PayloadEncoding::kFloat16));
}

}  // namespace
}  // namespace permafrost
