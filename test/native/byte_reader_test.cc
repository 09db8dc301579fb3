#include "byte_reader.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "wire.h"

namespace permafrost {
namespace {

using test::Bytes;

TEST(ByteReaderTest, ReadsVarints) {
  const std::string bytes("\x00\x7f\x80\x01\xac\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 16);
  ByteReader reader(Bytes(bytes));
  for (const std::uint64_t expected :
       {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, std::uint64_t{300}, ~std::uint64_t{0}}) {
    std::uint64_t value = 1;
    ASSERT_TRUE(reader.ReadVarint64(value));
    EXPECT_EQ(value, expected);
  }
  EXPECT_EQ(reader.remaining(), 0u);
}

TEST(ByteReaderTest, RefusesVarintsThatDoNotFit) {
  std::uint64_t value = 0;
  // 2^64 needs two bits of the tenth byte.
  EXPECT_FALSE(ByteReader(Bytes("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02")).ReadVarint64(value));
  // Eleven bytes.
  EXPECT_FALSE(ByteReader(Bytes("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01")).ReadVarint64(value));
  EXPECT_FALSE(ByteReader(Bytes("\x80\x80")).ReadVarint64(value));
  EXPECT_FALSE(ByteReader(Bytes("")).ReadVarint64(value));

  std::uint32_t narrow = 0;
  EXPECT_TRUE(ByteReader(Bytes("\xff\xff\xff\xff\x0f")).ReadVarint32(narrow));
  EXPECT_EQ(narrow, std::numeric_limits<std::uint32_t>::max());
  EXPECT_FALSE(ByteReader(Bytes("\x80\x80\x80\x80\x10")).ReadVarint32(narrow));
}

TEST(ByteReaderTest, ReadsFixedNumbersInLittleEndianOrder) {
  ByteReader reader(Bytes("\x04\x03\x02\x01\x08\x07\x06\x05\x04\x03\x02\x81"));
  std::uint32_t narrow = 0;
  std::uint64_t wide = 0;
  ASSERT_TRUE(reader.ReadFixed32(narrow));
  ASSERT_TRUE(reader.ReadFixed64(wide));
  EXPECT_EQ(narrow, 0x01020304u);
  EXPECT_EQ(wide, 0x8102030405060708u);
  EXPECT_FALSE(reader.ReadFixed32(narrow));
  EXPECT_FALSE(reader.ReadFixed64(wide));
}

TEST(ByteReaderTest, LendsBytesUpToTheEnd) {
  ByteReader reader(Bytes("abcdef"));
  std::span<const std::byte> bytes;
  ASSERT_TRUE(reader.ReadBytes(2, bytes));
  EXPECT_EQ(test::Text(bytes), "ab");
  EXPECT_FALSE(reader.ReadBytes(5, bytes));
  EXPECT_FALSE(reader.ReadBytes(std::numeric_limits<std::uint64_t>::max(), bytes));
  ASSERT_TRUE(reader.ReadBytes(4, bytes));
  EXPECT_EQ(test::Text(bytes), "cdef");
  EXPECT_TRUE(reader.ReadBytes(0, bytes));
}

}  // namespace
}  // namespace permafrost
