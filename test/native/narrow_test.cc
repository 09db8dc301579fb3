#include "convert/narrow.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "temporary_folder.h"
#include "wire.h"

namespace permafrost {
namespace {

using test::Bytes;
using test::Fixed;
using test::Floats;

// What NumPy and ml_dtypes made of numbers with all exponents.
struct Expected {
  std::string floats;
  std::string float16;
  std::string bfloat16;
};

Expected ReadExpected() {
  const std::string records = test::ReadFile(PERMAFROST_FIXTURES "/narrowed-floats.bin");
  EXPECT_GT(records.size(), 80'000u);
  Expected expected;
  for (std::size_t at = 0; at < records.size(); at += 8) {
    expected.floats += records.substr(at, 4);
    expected.float16 += records.substr(at + 4, 2);
    expected.bfloat16 += records.substr(at + 6, 2);
  }
  return expected;
}

using ToSixteenBits = std::uint64_t (*)(std::span<const std::byte>, std::span<std::byte>);

// `skip` bytes stand before the numbers, so that they are not aligned.
std::string Narrowed(ToSixteenBits convert, const std::string& floats, std::uint64_t& overflows, std::size_t skip) {
  const std::string padded = std::string(skip, 'x') + floats;
  std::vector<std::byte> out(floats.size() / 2 + skip);
  overflows = convert(Bytes(padded).subspan(skip), std::span(out).subspan(skip));
  return test::Text(std::span(out).subspan(skip));
}

void ExpectSame(const std::string& actual, const std::string& expected, const std::string& floats) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); i += 2) {
    ASSERT_EQ(actual.substr(i, 2), expected.substr(i, 2))
        << "number " << i / 2 << ": " << std::hex << (floats[2 * i + 3] & 0xff) << (floats[2 * i + 2] & 0xff);
  }
}

// Finite numbers whose new form is infinite: counted by what the fixture says of them.
std::uint64_t CountOverflows(const std::string& floats, const std::string& narrowed, unsigned infinity) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i * 4 < floats.size(); ++i) {
    const auto upper = static_cast<unsigned>((floats[4 * i + 3] & 0x7f) << 8 | (floats[4 * i + 2] & 0xff));
    const auto after = static_cast<unsigned>((narrowed[2 * i + 1] & 0x7f) << 8 | (narrowed[2 * i] & 0xff));
    if (after == infinity && upper < 0x7f80) ++count;
  }
  return count;
}

TEST(NarrowTest, EveryImplementationGivesTheBitsOfNumPyAndMlDtypes) {
  const Expected expected = ReadExpected();
  for (const NarrowImplementation& implementation : NarrowImplementations()) {
    SCOPED_TRACE(implementation.name);
    for (const std::size_t skip : {0u, 1u}) {
      std::uint64_t overflows = 0;
      ExpectSame(Narrowed(implementation.to_float16, expected.floats, overflows, skip), expected.float16,
                 expected.floats);
      EXPECT_EQ(overflows, CountOverflows(expected.floats, expected.float16, 0x7c00));
      EXPECT_GT(overflows, 1000u);
      ExpectSame(Narrowed(implementation.to_bfloat16, expected.floats, overflows, skip), expected.bfloat16,
                 expected.floats);
      EXPECT_EQ(overflows, CountOverflows(expected.floats, expected.bfloat16, 0x7f80));
      EXPECT_GT(overflows, 0u);
    }
  }
}

// Computed by hand: the ends of the ranges, halves, NaNs with and without a payload that is left.
TEST(NarrowTest, KnownNumbers) {
  const std::string floats = Floats({1, -2, 65504, 65519.996f, 65520, -65520, 0x1p-24f, 0x1p-25f, 0x1.000002p-25f,
                                     std::numeric_limits<float>::max(), std::numeric_limits<float>::infinity()}) +
                             Fixed(0x7f800001, 4) + Fixed(0xffc02000, 4);
  const std::vector<unsigned> float16 = {0x3c00, 0xc000, 0x7bff, 0x7bff, 0x7c00, 0xfc00, 0x0001,
                                         0x0000, 0x0001, 0x7c00, 0x7c00, 0x7c01, 0xfe01};
  const std::vector<unsigned> bfloat16 = {0x3f80, 0xc000, 0x4780, 0x4780, 0x4780, 0xc780, 0x3380,
                                          0x3300, 0x3300, 0x7f80, 0x7f80, 0x7fc0, 0xffc0};
  const auto bytes = [](const std::vector<unsigned>& numbers) {
    std::string text;
    for (const unsigned number : numbers) text += Fixed(number, 2);
    return text;
  };
  std::uint64_t overflows = 0;
  EXPECT_EQ(Narrowed(&Float32ToFloat16, floats, overflows, 0), bytes(float16));
  EXPECT_EQ(overflows, 3u);
  EXPECT_EQ(Narrowed(&Float32ToBfloat16, floats, overflows, 0), bytes(bfloat16));
  EXPECT_EQ(overflows, 1u);
}

TEST(NarrowTest, ImplementationsAgreeOnAnyLengthAndOnWhateverIsAmongTheNumbers) {
  std::mt19937 random(20240601);
  const auto implementations = NarrowImplementations();
  for (int round = 0; round < 400; ++round) {
    std::string floats;
    for (std::size_t i = random() % 100; i > 0; --i) {
      // Every third is any pattern of bits, NaNs among them; the others are of the usual size.
      const float usual = static_cast<float>(static_cast<int>(random() % 2001) - 1000) / 997;
      floats +=
          test::Fixed32(random() % 3 == 0 ? static_cast<std::uint32_t>(random()) : std::bit_cast<std::uint32_t>(usual));
    }
    std::uint64_t overflows = 0;
    std::uint64_t expected_overflows = 0;
    const NarrowImplementation& portable = implementations.back();
    for (const NarrowImplementation& implementation : implementations) {
      SCOPED_TRACE(implementation.name);
      const std::size_t skip = random() % 4;
      EXPECT_EQ(Narrowed(implementation.to_float16, floats, overflows, skip),
                Narrowed(portable.to_float16, floats, expected_overflows, 0));
      EXPECT_EQ(overflows, expected_overflows);
      EXPECT_EQ(Narrowed(implementation.to_bfloat16, floats, overflows, skip),
                Narrowed(portable.to_bfloat16, floats, expected_overflows, 0));
      EXPECT_EQ(overflows, expected_overflows);
    }
  }
}

// As NumPy has it: rint(x / scale), in float32.
std::string Quantized(const std::vector<float>& values, const std::vector<float>& scales) {
  std::string bytes;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float quotient = values[i] / scales[i];
    bytes += static_cast<char>(static_cast<signed char>(std::nearbyintf(quotient)));
  }
  return bytes;
}

TEST(NarrowTest, EveryImplementationDividesAndRounds) {
  std::mt19937 random(20240602);
  std::vector<float> values;
  std::vector<float> scales;
  for (int i = 0; i < 1000; ++i) {
    scales.push_back(std::ldexp(static_cast<float>(1 + random() % 1000), static_cast<int>(random() % 60) - 30));
    // Halves, and any other part of a scale.
    const float multiple = random() % 2 == 0
                               ? static_cast<float>(static_cast<int>(random() % 254) - 127) + 0.5f
                               : static_cast<float>(static_cast<int>(random() % 255'000) - 127'000) / 1000;
    values.push_back(std::max(-127.f, std::min(127.f, multiple)) * scales.back());
  }
  const std::string floats = Floats(values);
  for (const NarrowImplementation& implementation : NarrowImplementations()) {
    SCOPED_TRACE(implementation.name);
    for (std::size_t count = 0; count <= 100; ++count) {
      std::vector<std::byte> out(count);
      implementation.to_int8(Bytes(floats).first(4 * count), std::span(scales).first(count), out);
      EXPECT_EQ(test::Text(out), Quantized(values, scales).substr(0, count));
    }
    std::vector<std::byte> out(values.size());
    implementation.to_int8(Bytes(floats), scales, out);
    EXPECT_EQ(test::Text(out), Quantized(values, scales));
    const std::vector<float> small = {0.5f, 1.5f, -2.5f, 1, 0,  -0.f, 63.7f, 3,     4,     5,
                                      6,    7,    8,     9, 10, 11,   12,    -3.5f, 1e-30f};
    out.resize(small.size());
    implementation.to_int8_by(Bytes(Floats(small)), 0.5f, out);
    EXPECT_EQ(test::Text(out), Quantized(small, std::vector<float>(small.size(), 0.5f)));
  }
}

TEST(NarrowTest, EveryImplementationMultiplies) {
  std::mt19937 random(20240604);
  std::vector<float> values;
  std::vector<float> factors;
  for (int i = 0; i < 1000; ++i) {
    // Any bits but those of NaNs, whose payloads processors choose; small numbers, large ones, infinities.
    const auto bits = static_cast<std::uint32_t>(random());
    values.push_back(std::isnan(std::bit_cast<float>(bits)) ? 1 : std::bit_cast<float>(bits));
    factors.push_back(std::ldexp(static_cast<float>(1 + random() % 100'000), static_cast<int>(random() % 60) - 30));
  }
  // The product of two float32 is exact in float64.
  const auto products = [&](const auto& factor_of) {
    std::vector<float> all;
    for (std::size_t i = 0; i < values.size(); ++i) {
      all.push_back(static_cast<float>(static_cast<double>(values[i]) * static_cast<double>(factor_of(i))));
    }
    return Floats(all);
  };
  const std::string each = products([&](std::size_t i) { return factors[i]; });
  const std::string all = products([&](std::size_t) { return factors[0]; });
  const std::string floats = Floats(values);
  for (const NarrowImplementation& implementation : NarrowImplementations()) {
    SCOPED_TRACE(implementation.name);
    for (std::size_t count = 0; count <= 1000; count += count < 70 ? 1 : 93) {
      std::vector<std::byte> out(4 * count);
      implementation.multiply(Bytes(floats).first(4 * count), std::span(factors).first(count), out);
      EXPECT_TRUE(test::Text(out) == each.substr(0, 4 * count)) << count;
      implementation.multiply_by(Bytes(floats).first(4 * count), factors[0], out);
      EXPECT_TRUE(test::Text(out) == all.substr(0, 4 * count)) << count;
    }
  }
}

TEST(NarrowTest, WhatIsTooLargeForAScaleGoesToTheEndOfTheRange) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::vector<float> values;
  for (int i = 0; i < 5; ++i) values.insert(values.end(), {200, -200, infinity, -infinity, nan, 127.4f, 1});
  std::string expected;
  for (int i = 0; i < 5; ++i) expected += "\x7f\x81\x7f\x81\x81\x7f\x01";
  for (const NarrowImplementation& implementation : NarrowImplementations()) {
    std::vector<std::byte> out(values.size());
    implementation.to_int8_by(Bytes(Floats(values)), 1, out);
    EXPECT_EQ(test::Text(out), expected) << implementation.name;
    implementation.to_int8(Bytes(Floats(values)), std::vector<float>(values.size(), 1), out);
    EXPECT_EQ(test::Text(out), expected) << implementation.name;
  }
}

TEST(NarrowTest, EveryImplementationFindsTheLargestMagnitude) {
  const float infinity = std::numeric_limits<float>::infinity();
  for (const NarrowImplementation& implementation : NarrowImplementations()) {
    SCOPED_TRACE(implementation.name);
    for (std::size_t count = 1; count <= 70; ++count) {
      for (std::size_t place = 0; place < count; ++place) {
        std::vector<float> values(count, 0.25f);
        for (const float largest : {-3.f, infinity, -std::numeric_limits<float>::quiet_NaN()}) {
          values[place] = largest;
          const std::uint32_t bits = std::bit_cast<std::uint32_t>(largest) & 0x7fffffff;
          EXPECT_EQ(implementation.largest(Bytes(Floats(values)), 0), bits);
          EXPECT_EQ(implementation.largest(Bytes(Floats(values)), 0x7fffffff), 0x7fffffffu);
          std::vector<std::uint32_t> maxima(count, std::bit_cast<std::uint32_t>(0.5f));
          std::vector<std::uint32_t> expected = maxima;
          expected[place] = bits;
          implementation.raise(Bytes(Floats(values)), maxima);
          EXPECT_EQ(maxima, expected);
        }
      }
    }
  }
}

TEST(NarrowTest, ThePortableImplementationIsAlwaysThereAndLast) {
  EXPECT_EQ(NarrowImplementations().back().name, "portable");
}

}  // namespace
}  // namespace permafrost
