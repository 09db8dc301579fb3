#include "snappy.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

#include "largest_allocation.h"
#include "table_builder.h"
#include "wire.h"

namespace permafrost {
namespace {

using test::Bytes;
using test::Varint;

// The decompressed text, or "refused".
std::string Decoded(std::string_view input) {
  const auto output = snappy::Decompress(Bytes(input));
  return output ? test::Text(*output) : "refused";
}

TEST(SnappyTest, DecodesEachKindOfElement) {
  EXPECT_EQ(Decoded(std::string("\0", 1)), "");
  // A literal of three bytes: tag (3 - 1) << 2.
  EXPECT_EQ(Decoded("\x03\x08"
                    "abc"),
            "abc");
  // A copy with one byte of offset: length 4 is (4 - 4) << 2 | 1, offset 3; it reaches into its own output.
  EXPECT_EQ(Decoded("\x07\x08"
                    "abc"
                    "\x01\x03"),
            "abcabca");
  // A copy with two bytes of offset: length 6 is (6 - 1) << 2 | 2.
  EXPECT_EQ(Decoded(std::string("\x09\x08"
                                "abc"
                                "\x16\x03\x00",
                                8)),
            "abcabcabc");
  // With four bytes of offset: length 2 is (2 - 1) << 2 | 3.
  EXPECT_EQ(Decoded(std::string("\x05\x08"
                                "abc"
                                "\x07\x02\x00\x00\x00",
                                10)),
            "abcbc");
  // A literal whose length stands in one byte (tag 60 << 2) and in two (tag 61 << 2).
  EXPECT_EQ(Decoded(Varint(100) + "\xf0\x63" + std::string(100, 'x')), std::string(100, 'x'));
  EXPECT_EQ(Decoded(Varint(300) + "\xf4\x2b\x01" + std::string(300, 'y')), std::string(300, 'y'));
}

TEST(SnappyTest, TheOneByteOffsetHasThreeMoreBitsInTheTag) {
  const std::string literal(300, 'z');
  // Offset 300 is 1 << 8 | 0x2c: the high bits sit in the tag's top three.
  EXPECT_EQ(Decoded(Varint(304) + "\xf4\x2b\x01" + literal + "\x21\x2c"), std::string(304, 'z'));
}

TEST(SnappyTest, RefusesMalformedInput) {
  EXPECT_EQ(Decoded(""), "refused");
  EXPECT_EQ(Decoded("\x03\x08"
                    "ab"),
            "refused");  // literal past the end
  EXPECT_EQ(Decoded("\x04\x08"
                    "abc"),
            "refused");  // less than declared
  EXPECT_EQ(Decoded("\x02\x08"
                    "abc"),
            "refused");  // more than declared
  EXPECT_EQ(Decoded("\x07\x08"
                    "abc"
                    "\x01\x04"),
            "refused");  // offset before the beginning
  EXPECT_EQ(Decoded(std::string("\x07\x08"
                                "abc"
                                "\x01\x00",
                                7)),
            "refused");  // offset 0
  EXPECT_EQ(Decoded("\x06\x08"
                    "abc"
                    "\x01\x03"),
            "refused");  // copy past what was declared
  EXPECT_EQ(Decoded("\x07\x08"
                    "abc"
                    "\x01"),
            "refused");  // copy without its offset
  EXPECT_EQ(Decoded("\x05\xfc\xff\xff\xff\xff"
                    "abc"),
            "refused");  // literal of 4 GiB
}

TEST(SnappyTest, RefusesMoreThan32Bits) {
  EXPECT_EQ(Decoded("\xff\xff\xff\xff\x1f\x08"
                    "abc"),
            "refused");
}

TEST(SnappyTest, ABombIsRefusedBeforeItGetsItsMemory) {
  // Declares 256 MiB; its one copy could give 64 bytes.
  const std::string bomb = Varint(std::uint64_t{1} << 28) + std::string("\0a\xfe\x01\x00", 5);
  bool is_refused = false;
  const auto largest = test::LargestAllocationIn([&] { is_refused = !snappy::Decompress(Bytes(bomb)); });
  EXPECT_TRUE(is_refused);
  if (!largest) GTEST_SKIP() << "what is allocated is known with AddressSanitizer only";
  EXPECT_LT(*largest, 1024u);
  // That it would be seen.
  EXPECT_GE(test::LargestAllocationIn([] { Decoded(Varint(2048) + test::SnappyElements(std::string(2048, 'x'))); }),
            2048u);
}

TEST(SnappyTest, TheDensestInputIsNotTakenForABomb) {
  std::string input = Varint(1 + 64 * 1000) + std::string("\0a", 2);
  for (int i = 0; i < 1000; ++i) input += std::string("\xfe\x01\x00", 3);
  EXPECT_EQ(Decoded(input), std::string(1 + 64 * 1000, 'a'));
}

TEST(SnappyTest, EveryTruncationIsRefused) {
  const std::string input = Varint(130) + "\xf0\x63" + std::string(100, 'x') + std::string("\x76\x05\x00", 3);
  ASSERT_EQ(Decoded(input), std::string(130, 'x'));
  for (std::size_t size = 0; size < input.size(); ++size) EXPECT_EQ(Decoded(input.substr(0, size)), "refused") << size;
}

}  // namespace
}  // namespace permafrost
