#include "convert/to_32_bits.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "wire.h"

namespace permafrost {
namespace {

using test::Fixed;

struct Example {
  std::uint64_t from;
  std::uint64_t to;
};

using Convert = std::uint64_t (*)(std::span<const std::byte>, std::span<std::byte>);

// All examples in one go, at an odd address; returns how many overflowed.
std::uint64_t Check(Convert convert, int from_size, const std::vector<Example>& examples) {
  std::string in = "x";
  std::string expected;
  for (const auto& [from, to] : examples) {
    in += Fixed(from, from_size);
    expected += Fixed(to, 4);
  }
  std::vector<std::byte> out(expected.size());
  const std::uint64_t overflows = convert(test::Bytes(in).subspan(1), out);
  const std::string text = test::Text(out);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    EXPECT_EQ(text.substr(4 * i, 4), expected.substr(4 * i, 4)) << std::hex << examples[i].from;
  }
  return overflows;
}

// What NumPy 2.4 gives for the same bits, on an x86 processor.
TEST(To32BitsTest, Float64IsRoundedToTheNearestFloat32) {
  EXPECT_EQ(Check(&Float64ToFloat32, 8,
                  {
                      {0x3ff0000000000000, 0x3f800000},  // 1
                      {0x8000000000000000, 0x80000000},  // -0
                      {0x3ff0000010000000, 0x3f800000},  // half a step above 1: the even one
                      {0x3ff0000030000000, 0x3f800002},
                      {0x3ff0000010000001, 0x3f800001},
                      {0x36a0000000000000, 0x00000001},  // the smallest
                      {0x3690000000000000, 0x00000000},  // half of it
                      {0x3690000000000001, 0x00000001},
                      {0x47efffffe0000000, 0x7f7fffff},  // the largest
                      {0x47efffffefffffff, 0x7f7fffff},
                      {0x7ff0000000000000, 0x7f800000},  // infinite before
                      {0x7ff0000000000001, 0x7fc00000},  // NaNs
                      {0xfff8000020000000, 0xffc00001},
                  }),
            0u);
  EXPECT_EQ(Check(&Float64ToFloat32, 8, {{0x47effffff0000000, 0x7f800000}, {0xffefffffffffffff, 0xff800000}}), 2u);
}

TEST(To32BitsTest, Float16IsTheSameNumber) {
  EXPECT_EQ(Check(&Float16ToFloat32, 2,
                  {
                      {0x0000, 0x00000000},
                      {0x8000, 0x80000000},
                      {0x3c00, 0x3f800000},  // 1
                      {0xc000, 0xc0000000},  // -2
                      {0x7bff, 0x477fe000},  // 65504
                      {0x0400, 0x38800000},  // 2^-14
                      {0x0001, 0x33800000},  // 2^-24
                      {0x03ff, 0x387fc000},
                      {0x8200, 0xb8000000},
                      {0xfc00, 0xff800000},
                      {0x7c01, 0x7f802000},
                      {0xfe00, 0xffc00000},
                  }),
            0u);
}

TEST(To32BitsTest, Bfloat16IsTheUpperHalf) {
  EXPECT_EQ(Check(&Bfloat16ToFloat32, 2, {{0x3f80, 0x3f800000}, {0xff81, 0xff810000}, {0x0001, 0x00010000}}), 0u);
}

TEST(To32BitsTest, Int64KeepsItsLowerHalfAndCountsWhatIsLost) {
  EXPECT_EQ(Check(&Int64ToInt32, 8, {{5, 5}, {0xffffffffffffffff, 0xffffffff}, {0x7fffffff, 0x7fffffff}}), 0u);
  EXPECT_EQ(Check(&Int64ToInt32, 8, {{0xffffffff80000000, 0x80000000}}), 0u);
  EXPECT_EQ(Check(&Int64ToInt32, 8,
                  {{0x80000000, 0x80000000}, {0xffffffff7fffffff, 0x7fffffff}, {(1ull << 40) + 7, 7}, {7, 7}}),
            3u);
}

}  // namespace
}  // namespace permafrost
