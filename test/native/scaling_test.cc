#include "convert/scaling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <string>
#include <vector>

#include "wire.h"

namespace permafrost {
namespace {

using test::Bytes;
using test::Fixed;

// The elements of `bytes` from `first` on, scaled in pieces of several sizes.
std::string Scaled(Scaler& scaler, const std::string& bytes, std::size_t first, std::size_t size) {
  std::string all;
  std::size_t piece = 1;
  for (std::size_t at = first * size; at < bytes.size(); at += piece * size, piece = piece * 3 + 1) {
    const std::size_t taken = std::min(piece * size, bytes.size() - at);
    std::vector<std::byte> out(taken);
    scaler.Scale(Bytes(bytes).subspan(at, taken), out);
    all += test::Text(out);
  }
  return all;
}

TEST(ScalingTest, EveryElementIsMultipliedByTheFactorOfItsChannelWhereverThePiecesEnd) {
  constexpr std::size_t kCount = 30'000;
  const std::vector<Channels> all = {{10'000, 1},  {1, 1},       {3, 1},           {16, 1},    {1500, 1},
                                     {5, 600},     {50, 3},      {2, 1500},        {3, 1, 30}, {5, 2, 100},
                                     {1, 1, 3000}, {1, 25, 100}, {2000, 1, 10'000}};
  for (const Channels& channels : all) {
    SCOPED_TRACE(std::to_string(channels.count) + " channels in runs of " + std::to_string(channels.run) +
                 ", blocks of " + std::to_string(channels.block));
    ChannelFactors factors{{}, channels};
    // None of them is a float32.
    for (std::size_t i = 0; i < channels.CountIn(kCount); ++i)
      factors.factors.push_back(1.1 + static_cast<double>(i % 13) / 3);
    std::string floats;
    std::string doubles;
    std::string float_products;
    std::string double_products;
    for (std::size_t i = 0; i < kCount; ++i) {
      const std::size_t before = channels.block == 0 ? 0 : i / channels.block * channels.count;
      const double factor = factors.factors[before + i / channels.run % channels.count];
      const double value = static_cast<double>(i % 2001) / 7 - 100;
      const auto rounded = static_cast<float>(value);
      // The product of two float32 is exact in float64.
      const auto product =
          static_cast<float>(static_cast<double>(rounded) * static_cast<double>(static_cast<float>(factor)));
      floats += Fixed(std::bit_cast<std::uint32_t>(rounded), 4);
      float_products += Fixed(std::bit_cast<std::uint32_t>(product), 4);
      doubles += Fixed(std::bit_cast<std::uint64_t>(value), 8);
      double_products += Fixed(std::bit_cast<std::uint64_t>(value * factor), 8);
    }
    for (const std::size_t first : {std::size_t{0}, std::size_t{1}, std::size_t{4097}}) {
      Scaler of_floats(DataType::kFloat32, factors, first);
      EXPECT_TRUE(Scaled(of_floats, floats, first, 4) == float_products.substr(4 * first)) << "from " << first;
      Scaler of_doubles(DataType::kFloat64, factors, first);
      EXPECT_TRUE(Scaled(of_doubles, doubles, first, 8) == double_products.substr(8 * first)) << "from " << first;
      EXPECT_EQ(of_floats.overflows() + of_doubles.overflows(), 0u);
    }
  }
}

TEST(ScalingTest, HalvesAreMultipliedAsFloat32AndRoundedOnce) {
  // 1, -2, 60000, and the smallest number, each times 1.5; 90000 is too large for float16.
  Scaler halves(DataType::kFloat16, {{1.5}, {1, 1}}, 0);
  EXPECT_EQ(Scaled(halves, std::string("\0\x3c\0\xc0\x53\x7b\x01\0", 8), 0, 2),
            std::string("\0\x3e\0\xc2\0\x7c\x02\0", 8));
  EXPECT_EQ(halves.overflows(), 1u);
  // 1 and -2, by 1 + 2^-8: half a step of bfloat16, to the even one; by 3.
  Scaler uppers(DataType::kBfloat16, {{1 + 0x1p-8, 3}, {2, 1}}, 0);
  EXPECT_EQ(Scaled(uppers, std::string("\x80\x3f\0\xc0", 4), 0, 2), std::string("\x80\x3f\xc0\xc0", 4));
  EXPECT_EQ(uppers.overflows(), 0u);
}

TEST(ScalingTest, OnlyFloatingTypesCanBeScaled) {
  for (const auto dtype : {DataType::kFloat16, DataType::kBfloat16, DataType::kFloat32, DataType::kFloat64}) {
    EXPECT_TRUE(CanScale(dtype));
  }
  for (const auto dtype : {DataType::kInt32, DataType::kInt8, DataType::kString, DataType::kComplex64}) {
    EXPECT_FALSE(CanScale(dtype));
  }
}

}  // namespace
}  // namespace permafrost
