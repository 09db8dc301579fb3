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

TEST(TextTest, QuotedCutsAbsurdNames) {
  EXPECT_EQ(Quoted(std::string(300, 'a')), "'" + std::string(256, 'a') + "...'");
}

TEST(TextTest, RangesAndErrors) {
  EXPECT_EQ(ByteRange(1024, 4096), "bytes 1024..5120");
  EXPECT_EQ(ErrnoText(EACCES), "Permission denied");
}

}  // namespace
}  // namespace permafrost
