#include "text.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>

namespace permafrost {
namespace {

TEST(TextTest, HexHasEightDigits) {
  EXPECT_EQ(Hex32(0), "00000000");
  EXPECT_EQ(Hex32(0x1a2b3c4d), "1a2b3c4d");
  EXPECT_EQ(Hex32(0xffffffff), "ffffffff");
}

TEST(TextTest, QuotedEscapesControlCharactersAndKeepsUtf8) {
  EXPECT_EQ(Quoted("layer1/kernel"), "'layer1/kernel'");
  EXPECT_EQ(Quoted(std::string("a\0\x1b[31m\x7f", 8)), "'a\\x00\\x1b[31m\\x7f'");
  EXPECT_EQ(Quoted("d\xc3\xa9j\xc3\xa0"), "'d\xc3\xa9j\xc3\xa0'");
}

// U+0085 and U+009B are controls of C1, U+00A0 is none; what is no UTF-8 is shown byte by byte.
TEST(TextTest, QuotedEscapesC1AndWhatIsNoUtf8) {
  EXPECT_EQ(Quoted("a\xc2\x9b"
                   "31m\xc2\x85\xc2\xa0"),
            "'a\\x9b31m\\x85\xc2\xa0'");
  EXPECT_EQ(Quoted("bad\xfe\xc3"), "'bad\\xfe\\xc3'");
  EXPECT_EQ(Quoted("\xed\xa0\x80"), "'\\xed\\xa0\\x80'");
}

TEST(TextTest, QuotedCutsBetweenCharacters) {
  EXPECT_EQ(Quoted(std::string(255, 'a') + "\xc3\xa9z"), "'" + std::string(255, 'a') + "\xc3\xa9...'");
}

TEST(TextTest, QuotedCutsAbsurdNames) {
  EXPECT_EQ(Quoted(std::string(300, 'a')), "'" + std::string(256, 'a') + "...'");
}

TEST(TextTest, RangesAndErrors) {
  EXPECT_EQ(ByteRange(1024, 4096), "bytes 1024..5120");
  EXPECT_EQ(ErrnoText(EACCES), "Permission denied");
}

TEST(TextTest, Utf8) {
  // The first and the last of each length, and what lies around the surrogates.
  for (const char* text : {"", "a\x7f", "\xc2\x80\xdf\xbf", "\xe0\xa0\x80\xef\xbf\xbf",
                           "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", "\xed\x9f\xbf\xee\x80\x80"}) {
    EXPECT_TRUE(IsUtf8(text)) << text;
  }
  // A byte that continues nothing, cut off, followed by something else, too long, a surrogate, above the last, no bytes
  // of UTF-8.
  for (const char* text :
       {"\x80", "\xc3", "\xe2\x82", "\xc3(", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xed\xa0\x80",
        "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe", "\xff"}) {
    EXPECT_FALSE(IsUtf8(text)) << Hex32(static_cast<unsigned char>(text[0]));
  }
}

}  // namespace
}  // namespace permafrost
