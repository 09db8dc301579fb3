#include "convert/quantization.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "wire.h"

namespace permafrost {
namespace {

using test::Floats;

std::vector<float> SomeValues(std::size_t count) {
  std::mt19937 random(20240603);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(static_cast<int>(random() % 2001) - 1000) / 8;
  return values;
}

// Few channels and many, in turns and in runs, and some of each that fill no vector.
const std::vector<Channels> kChannels = {{10'000, 1}, {15'000, 2}, {1, 1},   {3, 1},   {16, 1}, {1000, 1}, {1024, 1},
                                         {1500, 1},   {1, 60},     {5, 600}, {7, 100}, {50, 3}, {2, 1500}};

// The same in blocks: short ones, and some that are longer than what is read at once.
const std::vector<Channels> kBlocks = {{3, 1, 3},    {3, 1, 30},      {5, 2, 100},       {250, 1, 1000}, {1, 1, 3000},
                                       {1, 25, 100}, {10, 100, 6000}, {2000, 1, 10'000}, {15, 1, 15'000}};

std::vector<Channels> WithAndWithoutBlocks() {
  std::vector<Channels> all = kChannels;
  all.insert(all.end(), kBlocks.begin(), kBlocks.end());
  return all;
}

TEST(QuantizationTest, EveryElementIsDividedByTheScaleOfItsChannelWhereverTheBlocksEnd) {
  const std::vector<float> values = SomeValues(30'000);
  const std::string bytes = Floats(values);
  for (const Channels& channels : WithAndWithoutBlocks()) {
    SCOPED_TRACE(std::to_string(channels.count) + " channels in runs of " + std::to_string(channels.run) +
                 ", blocks of " + std::to_string(channels.block));
    ChannelScales scales{{}, channels};
    for (std::size_t i = 0; i < channels.CountIn(values.size()); ++i)
      scales.scales.push_back(1 + static_cast<float>(i % 13));
    std::string expected;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t before = channels.block == 0 ? 0 : i / channels.block * channels.count;
      const float scale = scales.scales[before + i / channels.run % channels.count];
      expected += static_cast<char>(static_cast<signed char>(std::nearbyintf(values[i] / scale)));
    }
    for (const std::size_t first : {std::size_t{0}, std::size_t{1}, std::size_t{4097}}) {
      Quantizer quantizer(scales, first);
      std::string quantized;
      std::size_t block = 1;
      for (std::size_t at = first; at < values.size(); at += block, block = block * 3 + 1) {
        const std::size_t taken = std::min(block, values.size() - at);
        std::vector<std::byte> out(taken);
        quantizer.Convert(test::Bytes(bytes).subspan(4 * at, 4 * taken), out);
        quantized += test::Text(out);
      }
      EXPECT_TRUE(quantized == expected.substr(first)) << "from " << first;
    }
  }
}

TEST(QuantizationTest, TheMaximaAreThoseOfAllStretchesTogether) {
  const std::vector<float> values = SomeValues(30'000);
  const std::string bytes = Floats(values);
  for (const Channels& channels : kChannels) {
    SCOPED_TRACE(std::to_string(channels.count) + " channels in runs of " + std::to_string(channels.run));
    std::vector<std::uint32_t> expected(channels.count);
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::uint32_t& maximum = expected[i / channels.run % channels.count];
      maximum = std::max(maximum, std::bit_cast<std::uint32_t>(std::fabs(values[i])));
    }
    std::vector<std::uint32_t> maxima(channels.count);
    for (std::size_t at = 0; at < values.size(); at += 7001) {
      ChannelMaxima found(channels, at);
      const std::size_t taken = std::min<std::size_t>(7001, values.size() - at);
      found.Take(test::Bytes(bytes).subspan(4 * at, 4 * (taken / 3)));
      found.Take(test::Bytes(bytes).subspan(4 * (at + taken / 3), 4 * (taken - taken / 3)));
      found.RaiseInto(maxima);
    }
    EXPECT_TRUE(maxima == expected);
  }
}

TEST(QuantizationTest, ChannelsDivideATensorOrTheyDoNot) {
  EXPECT_TRUE((Channels{3, 2}.Divide(12)));
  EXPECT_TRUE((Channels{3, 2}.Divide(0)));
  EXPECT_FALSE((Channels{3, 2}.Divide(9)));
  EXPECT_FALSE((Channels{0, 1}.Divide(0)));
  EXPECT_FALSE((Channels{1, 0}.Divide(0)));
  EXPECT_FALSE((Channels{std::uint64_t{1} << 63, 4}.Divide(8)));
  EXPECT_TRUE((Channels{3, 2, 6}.Divide(12)));
  EXPECT_FALSE((Channels{3, 2, 6}.Divide(9)));
  EXPECT_FALSE((Channels{3, 2, 4}.Divide(12)));
  EXPECT_EQ((Channels{3, 2, 6}.CountIn(12)), 6u);
}

}  // namespace
}  // namespace permafrost
